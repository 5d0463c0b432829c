package measured

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// A counter is what one server counted, as it was read from time to time.
type counter struct {
	name    string            // of the metric or column
	labels  map[string]string // those that tell it from others of its name
	samples []sample          // in order of time, no two at the same
}

// A sample is one reading of a counter.
type sample struct{ time, value float64 }

// A growth is what a counter counted from one time, exclusive, to another, inclusive.
type growth struct{ from, to, tokens float64 }

// String returns the counter as Prometheus writes it: name{label="value"}.
func (c *counter) String() string {
	var labels []string
	for _, name := range slices.Sorted(maps.Keys(c.labels)) {
		labels = append(labels, fmt.Sprintf("%s=%q", name, c.labels[name]))
	}
	if len(labels) == 0 {
		return c.name
	}
	return c.name + "{" + strings.Join(labels, ",") + "}"
}

// growths returns what a counter counted between its readings, and how often it began again.
func (c *counter) growths() (all []growth, resets int) {
	for i := 1; i < len(c.samples); i++ {
		before, now := c.samples[i-1], c.samples[i]
		tokens := now.value - before.value
		if tokens < 0 {
			tokens = now.value
			resets++
		}
		all = append(all, growth{before.time, now.time, tokens})
	}
	return all, resets
}

// grows reports whether a counter has grown and never fallen.
func (c *counter) grows() bool {
	_, resets := c.growths()
	return resets == 0 && c.samples[len(c.samples)-1].value > c.samples[0].value
}

// lookback is for how long Prometheus answers with the last reading if there is no later one: its default in seconds
// (docs/querying/basics.md of prometheus/prometheus 3.14.0, 2026-11-28).
const lookback = 5 * 60

// withoutRepeats returns the counter without readings before a gap that may be no readings, but repeats of the last one. A gap is longer
// than the usual step. Where the value stood still in truth, nothing is lost but the times of windows without tokens.
func (c *counter) withoutRepeats(step float64) *counter {
	kept := *c
	kept.samples = nil
	for i, s := range c.samples {
		if i > 0 && s.time-c.samples[i-1].time > gapFrom*step {
			kept.dropRepeats(c.samples[i-1].time - lookback)
		}
		kept.samples = append(kept.samples, s)
	}
	return &kept
}

// dropRepeats takes away the last samples after some time that have the value of the one before.
func (c *counter) dropRepeats(after float64) {
	for n := len(c.samples) - 1; n > 0; n-- {
		if last := c.samples[n]; last.value != c.samples[n-1].value || last.time <= after {
			return
		}
		c.samples = c.samples[:n]
	}
}

// fastest returns the largest growth per second of counters between readings that don't fall.
func fastest(counters []*counter) (rate float64) {
	for _, c := range counters {
		for i := 1; i < len(c.samples); i++ {
			before, now := c.samples[i-1], c.samples[i]
			rate = max(rate, (now.value-before.value)/(now.time-before.time))
		}
	}
	return rate
}

// checkFalls returns a [*FallError] if a counter falls as none does that begins again at 0.
//
// One that begins again has grown from 0 to its new value since the reading before, so it hardly comes near the old one, unless
// the old one was small too. A fall to more than half, and to more than twice what the fastest growth of counters of its name
// brings in that time, is none. A gauge may fall as far. But it falls about as often as it rises, and not always to 0.
func checkFalls(counters []*counter) error {
	rate := fastest(counters)
	for _, c := range counters {
		rises, above0, impossible := 0, 0, false
		found := FallError{Name: c.String()}
		for i := 1; i < len(c.samples); i++ {
			before, now := c.samples[i-1], c.samples[i]
			switch {
			case now.value > before.value:
				rises++
			case now.value < before.value:
				wrong := now.value > before.value/2 && now.value > 2*rate*(now.time-before.time)
				if found.Falls == 0 || wrong && !impossible {
					found.Time, found.From, found.To = now.time, before.value, now.value
				}
				impossible = impossible || wrong
				found.Falls++
				if now.value > 0 {
					above0++
				}
			}
		}
		if impossible || above0 > 1 && 2*above0 > rises {
			return &found
		}
	}
	return nil
}

// checkUnit returns a [*UnitError] if counters hold ratios.
func checkUnit(counters []*counter) error {
	low, high, parts := math.Inf(1), math.Inf(-1), false
	for _, c := range counters {
		for _, s := range c.samples {
			low, high = min(low, s.value), max(high, s.value)
			parts = parts || s.value > 0 && s.value < 1
		}
	}
	if parts && high <= 1 {
		return &UnitError{counters[0].name, fmt.Sprintf("values from %g to %g are a ratio, not tokens", low, high)}
	}
	return nil
}

// maxTime and maxValue bound what can be a time in seconds and a number of tokens.
const maxTime, maxValue = 1e11, 1e18

// checkSample returns an error if a reading can't be one of a counter of tokens.
func checkSample(s sample) error {
	switch {
	case !(math.Abs(s.time) < maxTime):
		return fmt.Errorf("time %s: must be in seconds since the Unix epoch", strings.TrimSuffix(fmt.Sprintf("%f", s.time), ".000000"))
	case !(s.value < maxValue):
		return fmt.Errorf("value %g: too many for tokens", s.value)
	case s.value < 0:
		return fmt.Errorf("value %g: a counter is never below 0", s.value)
	}
	return nil
}
