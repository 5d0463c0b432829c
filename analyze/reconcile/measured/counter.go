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
// One that begins again has grown from 0 to its new value since the reading before, so it hardly comes near the old one, unless the old
// one was small too: a fall to more than half, and to more than twice the fastest growth of counters of its name would bring, is none. A
// gauge may fall as far. But it falls about as often as it rises.
func checkFalls(counters []*counter) error {
	rate := fastest(counters)
	for _, c := range counters {
		rises, found := 0, FallError{Name: c.String()}
		impossible := false
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
			}
		}
		if impossible || found.Falls > 1 && 2*found.Falls > rises {
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
