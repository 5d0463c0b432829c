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

// Durations to label, in seconds.
const (
	hourSeconds = 3600
	daySeconds  = 24 * hourSeconds
	yearSeconds = 365 * daySeconds
)

// fineTTLs all have a tick. labelledTTLs are the choices of those with a label, finest first.
var (
	fineTTLs = []float64{1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, hourSeconds, 2 * hourSeconds, 6 * hourSeconds, 12 * hourSeconds,
		daySeconds, 2 * daySeconds, 7 * daySeconds, 14 * daySeconds, 30 * daySeconds, 90 * daySeconds, yearSeconds, 10 * yearSeconds, 100 * yearSeconds}
	labelledTTLs = [][]float64{
		fineTTLs,
		{1, 10, 60, 600, hourSeconds, 6 * hourSeconds, daySeconds, 7 * daySeconds, 30 * daySeconds, yearSeconds, 10 * yearSeconds, 100 * yearSeconds},
		{1, 60, hourSeconds, daySeconds, 30 * daySeconds, yearSeconds, 10 * yearSeconds, 100 * yearSeconds},
		{1, 60, hourSeconds, daySeconds, yearSeconds, 100 * yearSeconds},
	}
)

// ticks returns the ticks of an axis of that width: the finest whose labels don't collide, and those of listed durations.
func (a ttlAxis) ticks(width vg.Length, listed ...float64) (ticks []tick) {
	for _, labelled := range labelledTTLs {
		ticks = nil
		for _, s := range fineTTLs {
			if !a.contains(s) {
				continue
			}
			t := tick{at: a.position(s)}
			if slices.Contains(labelled, s) {
				t.label = units.FormatSeconds(s)
			}
			ticks = append(ticks, t)
		}
		if fit(ticks, width) {
			break
		}
	}
	var answers []tick
	for _, s := range listed {
		answers = append(answers, tick{at: a.position(s), label: units.FormatSeconds(s)})
	}
	return withAnswers(ticks, answers, beside(width))
}
