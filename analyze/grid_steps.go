package analyze

import (
	"math"
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// The default capacities of a table are fixed steps of the logarithm, whatever the log, so that the tables of two logs can be
// merged: step k is 2^(k/8) bytes or, if sizes are unknown, chunks. It is rounded to three significant digits in its binary
// unit, as [units.ParseCapacity] reads it: 64 GiB, 69.8 GiB, 76.1 GiB, 83 GiB, 90.5 GiB. It is not rounded to whole chunks.
const (
	stepsPerOctave = 8
	stepDigits     = 3
)

// hasSteps reports whether the capacities are fixed steps.
func (g *GridOptions) hasSteps() bool {
	return g.From == units.Capacity{} && g.To == units.Capacity{} && !g.Linear
}

// step returns capacity k of the default grid, k ≥ 0.
func step(k int) int64 { return rounded(math.Exp2(float64(k)/stepsPerOctave), stepDigits) }

// steps returns the default grid, as fine as its limit of capacities allows: with eight, four, two steps or one per octave. If
// even those are too many, the grid is an even spacing between the same ends.
func (v *Curve) steps(most int, w *sim.Watermark) (list []int64) {
	for apart := 1; apart <= stepsPerOctave; apart *= 2 {
		first, last := v.stepRange(apart, w)
		if list = v.atMost(stepsBetween(first, last, apart)); len(list) <= most {
			return list
		}
	}
	return spaced(list[0], list[len(list)-1], most-1, stepDigits)
}

// atMost returns a rising list up to the largest capacity, which is then the last element.
func (v *Curve) atMost(list []int64) []int64 {
	if !v.bounded() {
		return list
	}
	n, _ := slices.BinarySearch(list, v.largest)
	return append(list[:n], v.largest)
}

// stepsBetween returns the steps from one to another, both included, so many apart, without duplicates.
func stepsBetween(first, last, apart int) (list []int64) {
	for k := first; k <= last; k += apart {
		list = append(list, step(k))
	}
	return slices.Compact(list)
}

// stepRange returns the first and the last step of the default grid, if only each step that is a multiple of apart counts: from
// the last one with at most a hundredth of the ceiling's hits to the first one that reaches the ceiling. They are at least an
// octave apart.
func (v *Curve) stepRange(apart int, w *sim.Watermark) (first, last int) {
	full := v.full(w)
	rises := full // the first capacity with more than a hundredth
	if ceiling := v.ceilingTokens(); ceiling > 0 {
		rises, _ = v.Reach(ceiling/100 + 1)
	}
	last = stepFrom(full, apart)
	first = max(0, min(stepFrom(rises, apart)-apart, last-stepsPerOctave))
	return first, max(last, first+stepsPerOctave)
}

// stepFrom returns the first step, of those that are a multiple of apart, from a capacity on.
func stepFrom(capacity int64, apart int) (k int) {
	for step(k) < min(capacity, largest) {
		k += apart
	}
	return k
}

// spaced returns capacities from one to another, both included: the ends of n even steps of the logarithm, rounded to
// significant digits and without duplicates.
func spaced(from, to int64, n, digits int) []int64 {
	list := []int64{from}
	for i := 1; i < n; i++ {
		list = append(list, rounded(float64(between(from, to, i, n, false)), digits))
	}
	return slices.Compact(append(list, to))
}

// largest is the largest finite capacity.
const largest = math.MaxInt64 - 1

// rounded returns a number rounded to significant digits in its binary unit, or to a whole one. Fractions of a byte are dropped.
func rounded(x float64, digits int) int64 {
	unit := int64(1)
	for x >= 1<<10 && unit < 1<<60 {
		x /= 1 << 10
		unit <<= 10
	}
	ten := int64(1)
	for y := x; unit > 1 && y < math.Pow10(digits-1); y *= 10 {
		ten *= 10
	}
	parts := math.Round(x * float64(ten))
	if parts/float64(ten) >= largest/float64(unit) {
		return largest
	}
	return unit/ten*int64(parts) + unit%ten*int64(parts)/ten
}
