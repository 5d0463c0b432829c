package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze/units"
)

// ttlAxis is a logarithmic axis of durations, in seconds, from a second on.
type ttlAxis struct{ to float64 }

// newTTLAxis returns an axis up to the length of a log, or up to a round duration that is little longer, and at least up to
// ten seconds.
func newTTLAxis(span float64) ttlAxis {
	const shortest, longest = 10, math.MaxInt64 / 1e9
	if !(span > shortest) {
		return ttlAxis{shortest}
	}
	for _, round := range fineTTLs {
		if span <= round && round <= 1.1*span {
			return ttlAxis{round}
		}
	}
	return ttlAxis{min(span, longest)}
}

func (a ttlAxis) contains(seconds float64) bool { return 1 <= seconds && seconds <= a.to }

// position returns the place of a duration along the axis, in [0, 1].
func (a ttlAxis) position(seconds float64) float64 {
	return fraction(math.Log(seconds) / math.Log(a.to))
}

// Durations to label, in seconds: all of them, those that are enough for a long log, and a year's multiples for the longest.
var (
	fineTTLs = []float64{1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 2 * 3600, 6 * 3600, 12 * 3600, 86400, 2 * 86400, 7 * 86400, 14 * 86400,
		30 * 86400, 90 * 86400, 365 * 86400}
	coarseTTLs   = []float64{1, 10, 60, 600, 3600, 6 * 3600, 86400, 7 * 86400, 30 * 86400, 365 * 86400, 3650 * 86400, 36500 * 86400}
	coarsestTTLs = []float64{1, 60, 3600, 86400, 30 * 86400, 365 * 86400, 3650 * 86400, 36500 * 86400}
)

// ticks returns the ticks of an axis of that width: the finest whose labels don't collide.
func (a ttlAxis) ticks(width vg.Length) (ticks []tick) {
	for _, labelled := range [][]float64{fineTTLs, coarseTTLs, coarsestTTLs} {
		all := append(slices.Clone(fineTTLs), labelled...)
		slices.Sort(all)
		ticks = nil
		for _, s := range slices.Compact(all) {
			if !a.contains(s) {
				continue
			}
			t := tick{at: a.position(s)}
			if slices.Contains(labelled, s) {
				t.label = ttlLabel(s)
			}
			ticks = append(ticks, t)
		}
		if fit(ticks, width) {
			break
		}
	}
	return ticks
}

// ttlLabel prints a duration of whole seconds.
func ttlLabel(seconds float64) string {
	const year = 365 * 86400
	switch {
	case seconds == year:
		return "1 year"
	case seconds > year && math.Mod(seconds, year) == 0:
		return units.Comma(int64(seconds/year)) + " years"
	}
	return secondsText(seconds)
}
