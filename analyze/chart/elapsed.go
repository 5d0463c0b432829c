package chart

import (
	"hashlog/analyze/units"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// elapsedSteps are the distances between ticks of elapsed time, in seconds, finest first. In each, a label needs two units
// at most.
var elapsedSteps = func() (steps []float64) {
	for _, unit := range []struct {
		seconds float64
		counts  []float64
	}{
		{0.001, []float64{1, 2, 5, 10, 20, 50, 100, 200, 500}},
		{1, []float64{1, 2, 5, 10, 15, 30}},
		{60, []float64{1, 2, 5, 10, 15, 30}},
		{3600, []float64{1, 2, 3, 6, 12}},
	} {
		for _, n := range unit.counts {
			steps = append(steps, n*unit.seconds)
		}
	}
	const day, longest = 86400, 1e12 // seconds; see units.Period
	for power := 1.0; power*day <= longest; power *= 10 {
		steps = append(steps, power*day, 2*power*day, 5*power*day)
	}
	return steps
}()

// elapsedTicks returns the ticks of an axis of elapsed time, from its origin on: the finest round times whose labels don't
// collide and that are not too many for the eye.
func elapsedTicks(a timeAxis, width vg.Length) []tick {
	const comfortable = 12
	for _, step := range elapsedSteps {
		if (a.to-a.from)/step > 2*comfortable {
			continue
		}
		var ticks []tick
		for k := math.Max(0, math.Ceil((a.from-a.origin)/step)); a.origin+k*step <= a.to; k++ {
			ticks = append(ticks, tick{at: a.position(a.origin + k*step), label: elapsedLabel(k * step)})
		}
		if len(ticks) >= 2 && len(ticks) <= comfortable && distinct(ticks) && fit(ticks, width) {
			return ticks
		}
	}
	return endTicks(a, width, func(t float64) string { return elapsedLabel(t - a.origin) })
}

// elapsedLabel prints seconds since the origin. Unlike [units.FormatSpan], it gives parts of a second in seconds, since an axis
// has one unit.
func elapsedLabel(s float64) string {
	switch {
	case s < 0:
		return "−" + elapsedLabel(-s)
	case s < 60:
		return strconv.FormatFloat(s, 'f', -1, 64) + " s"
	}
	return units.FormatSpan(s)
}
