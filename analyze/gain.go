package analyze

import (
	"math"
	"math/bits"

	"hashlog/analyze/units"
)

// Gain is the token hit rate, as a fraction, that a cache gains when it grows. Either figure is nil if it is unknown.
type Gain struct {
	PerDoubling *float64 // to twice the capacity
	PerStep     *float64 // by a step: see [Table.Step]
}

// mostStep is the largest step in bytes: 64 GiB, in units of which servers are fitted with memory.
const mostStep = 64 << 30

// Step returns the step of [Gain.PerStep], in the table's unit. In bytes it is 64 GiB or, if less than eight of these fit below
// the last capacity, the largest power of two of which eight do. In chunks it is the largest such number that is 1, 2 or 5 times
// a power of ten.
func (t *Table) Step() int64 { return gainStep(t.Capacities[len(t.Capacities)-1], t.Unit) }

func gainStep(last int64, unit units.Unit) int64 {
	most := max(last/8, 1)
	if unit == units.Bytes {
		return min(int64(1)<<(bits.Len64(uint64(most))-1), mostStep)
	}
	step := int64(1)
	for step <= most/10 {
		step *= 10
	}
	switch {
	case step <= most/5:
		return 5 * step
	case step <= most/2:
		return 2 * step
	}
	return step
}

// Gains returns what a cache gains at each capacity of the table.
//
// If the table is exact, the figures are too, and unknown only beyond the largest capacity, if there is one. Otherwise only the capacities of the table are known, and a gain is the average up
// to the first of them that is a doubling (or a step) away, or almost: the difference of both rates, divided by the number of
// doublings from one capacity to the other. It is unknown where the table ends before, and below 0 where the hit rate falls.
func (t *Table) Gains() []Gain {
	step := t.Step()
	double := func(c int64) int64 { return saturated(c, c) }
	more := func(c int64) int64 { return saturated(c, step) }
	perDoubling := t.gains(double, func(from, to int64) float64 { return math.Log2(float64(to) / float64(from)) })
	perStep := t.gains(more, func(from, to int64) float64 { return float64(to-from) / float64(step) })
	out := make([]Gain, len(t.Capacities))
	for i := range out {
		out[i] = Gain{perDoubling[i], perStep[i]}
	}
	return out
}

// almost is how much of a doubling or a step will do, since capacities are rounded.
const almost = 0.99

// gains returns what each capacity gains by growing as larger says. distance tells how many times that is, from one capacity to
// another.
func (t *Table) gains(larger func(c int64) int64, distance func(from, to int64) float64) []*float64 {
	out := make([]*float64, len(t.Capacities))
	if t.Exact {
		grown := make([]int64, len(t.Capacities))
		for i, c := range t.Capacities {
			grown[i] = larger(c)
		}
		for i, f := range t.curve.Table(grown) {
			if !t.curve.bounded() || grown[i] <= t.curve.largest {
				gain := Rate(f.HitTokens-t.Figures[i].HitTokens, f.TotalTokens)
				out[i] = &gain
			}
		}
		return out
	}
	to := 0
	for i, c := range t.Capacities {
		for to < len(t.Capacities) && distance(c, t.Capacities[to]) < almost {
			to++
		}
		if to < len(t.Capacities) {
			f := &t.Figures[to]
			gain := Rate(f.HitTokens-t.Figures[i].HitTokens, f.TotalTokens) / distance(c, t.Capacities[to])
			out[i] = &gain
		}
	}
	return out
}
