package analyze

import (
	"fmt"
	"strconv"
	"time"

	"hashlog/analyze/units"
)

// Warmup is the first part of a log, replayed without being counted: a fraction of its requests, a stretch of time, or all before a time. At
// most one of them is set.
type Warmup struct {
	Fraction float64       // of the requests, in [0, 1)
	Duration time.Duration // from the first replayed timestamp on
	Until    *float64      // seconds since the Unix epoch, exclusive
}

// ParseWarmup parses a fraction in [0, 1) ("0.5") or a duration ("30m", "7d").
func ParseWarmup(s string) (Warmup, error) {
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		if !(f >= 0 && f < 1) {
			return Warmup{}, fmt.Errorf("warm-up %q: a fraction of the requests must be in [0, 1); a duration needs a unit: 30m, 7d", s)
		}
		return Warmup{Fraction: f}, nil
	}
	if d, err := time.ParseDuration(s); err == nil && d == 0 {
		return Warmup{}, nil
	}
	d, err := units.ParseDuration(s)
	if err != nil {
		return Warmup{}, fmt.Errorf("warm-up %q: must be a fraction in [0, 1), or a duration such as 30m or 7d", s)
	}
	return Warmup{Duration: d}, nil
}

// String returns a warm-up in the form that ParseWarmup parses.
func (w Warmup) String() string {
	if w.Duration > 0 {
		return units.DurationArgument(w.Duration)
	}
	return fmt.Sprint(w.Fraction)
}

// words returns a warm-up as people read it: "1 h 30 min", "12.5 % of the requests".
func (w Warmup) words() string {
	if w.Duration > 0 {
		return units.FormatDuration(w.Duration)
	}
	return strconv.FormatFloat(100*w.Fraction, 'g', 6, 64) + " % of the requests"
}

// check reports values out of range.
func (w Warmup) check() error {
	switch {
	case !(w.Fraction >= 0 && w.Fraction < 1):
		return fmt.Errorf("warm-up of %g of the requests: must be in [0, 1)", w.Fraction)
	case w.Duration < 0:
		return fmt.Errorf("warm-up of %s: must not be negative", w.Duration)
	case w.Fraction > 0 && w.Duration > 0:
		return fmt.Errorf("warm-up of %g of the requests and of %s: give one of them", w.Fraction, w.Duration)
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
		text += ", after a warm-up of " + w.words()
	}
	return text
}
