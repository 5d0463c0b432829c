package analyze

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"hashlog/analyze/units"
)

// Warmup is the first part of a log, replayed without being counted: a fraction of its requests, a stretch of time, or all before a time. At
// most one of them is set. Besides, there may be all that a state has already.
type Warmup struct {
	Fraction float64       // of the requests, in [0, 1)
	Duration time.Duration // from the first replayed timestamp on
	Until    *float64      // seconds since the Unix epoch, exclusive
	// State is for [Summary.Continue] and its report alone: what was replayed before. The state itself counts it all the same.
	State bool
}

// ParseWarmup parses a fraction in [0, 1) ("0.5"), a duration ("30m", "7d") or a time ("2024-03-31T20:00:00Z", and the other forms of
// [units.ParseTime] but plain seconds), or "state".
func ParseWarmup(s string) (Warmup, error) {
	if s == stateWarmup {
		return Warmup{State: true}, nil
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if !(f >= 0 && f < 1) {
			return Warmup{}, fmt.Errorf("warm-up %q: a fraction of the requests must be in [0, 1); a duration needs a unit: 30m, 7d", s)
		}
		return Warmup{Fraction: f}, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d == 0 {
		return Warmup{}, nil
	}
	if d, err := units.ParseDuration(s); err == nil {
		return Warmup{Duration: d}, nil
	}
	if t, err := units.ParseTime(s); err == nil {
		return Warmup{Until: &t}, nil
	}
	return Warmup{}, fmt.Errorf("warm-up %q: must be a fraction in [0, 1), a duration such as 30m or 7d, or a time such as 2024-03-31T20:00:00Z", s)
}

// stateWarmup is the form of Warmup.State.
const stateWarmup = "state"

// String returns a warm-up in the form that ParseWarmup parses: exactly, if it was parsed, since a time has nanoseconds then.
func (w Warmup) String() string {
	switch {
	case w.State:
		return stateWarmup
	case w.Until != nil:
		return rfc3339(*w.Until)
	case w.Duration > 0:
		return units.DurationArgument(w.Duration)
	}
	return fmt.Sprint(w.Fraction)
}

// rfc3339 returns a timestamp as RFC 3339 in UTC, to the nanosecond.
func rfc3339(timestamp float64) string {
	s := math.Floor(timestamp)
	return time.Unix(int64(s), int64(math.Round((timestamp-s)*1e9))).UTC().Format(time.RFC3339Nano)
}

// words returns a warm-up as people read it, behind the word warm-up: "of 1 h 30 min", "of 12.5 % of the requests", "until
// 2024-03-31T20:00:00Z".
func (w Warmup) words() string {
	switch {
	case w.State:
		return "of all that the state had"
	case w.Until != nil:
		return "until " + units.FormatTime(*w.Until)
	case w.Duration > 0:
		return "of " + units.FormatDuration(w.Duration)
	}
	return "of " + strconv.FormatFloat(100*w.Fraction, 'g', 6, 64) + " % of the requests"
}

// check reports values out of range, and more than one of them.
func (w Warmup) check() error {
	switch {
	case !(w.Fraction >= 0 && w.Fraction < 1):
		return fmt.Errorf("warm-up of %g of the requests: must be in [0, 1)", w.Fraction)
	case w.Duration < 0:
		return fmt.Errorf("warm-up of %s: must not be negative", w.Duration)
	case w.Fraction > 0 && w.Duration > 0:
		return fmt.Errorf("warm-up of %g of the requests and of %s: give one of them", w.Fraction, w.Duration)
	case w.Until == nil:
		return nil
	case w.Fraction > 0 || w.Duration > 0:
		return fmt.Errorf("warm-up %s and %s: give one of them", Warmup{Fraction: w.Fraction, Duration: w.Duration}.words(), w.words())
	}
	if _, ok := units.UTC(*w.Until); !ok {
		return fmt.Errorf("warm-up until %g seconds: must be in the years 1 to 9999", *w.Until)
	}
	return nil
}

// Counting says how many requests the figures are about: "3,000 of 3,842 requests counted, after a warm-up of 1 h". It is
// empty if all are.
func (r *Report) Counting() string {
	if r.Settings.Warmup == nil {
		return ""
	}
	text := fmt.Sprintf("%s of %s counted", units.Comma(r.Counted), units.Count(r.Input.Requests, "request"))
	if w, err := ParseWarmup(*r.Settings.Warmup); err == nil {
		text += ", after a warm-up " + w.words()
	}
	return text
}
