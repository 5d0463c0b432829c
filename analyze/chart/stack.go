package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// stack is what the tiers served in the windows of one pixel column. Stacks are ordered from left to right.
type stack struct {
	from, to vg.Length
	total    int64
	tokens   []int64 // by tier
}

// stack sums the windows by the pixel column in which they begin. Drawing the extremes of windows too narrow to be seen
// would hide what matters about areas, their size.
func (ch *tiersChart) stack() {
	column := math.Inf(-1)
	for _, w := range ch.served {
		from, to := ch.x(ch.axis.position(w.Start)), ch.x(ch.axis.position(w.End))
		if at := math.Floor(float64(from / dot)); at != column {
			column = at
			ch.stacks = append(ch.stacks, stack{from: from, tokens: make([]int64, len(ch.tiers))})
		}
		s := &ch.stacks[len(ch.stacks)-1]
		s.to = to
		s.total += w.TotalTokens
		for i := range min(len(w.Tokens), len(s.tokens)) {
			s.tokens[i] += w.Tokens[i]
		}
	}
}

// rates returns, for each tier, the hit rate of this tier and all before it together.
func (s *stack) rates() []float64 {
	out := make([]float64, len(s.tokens))
	sum := int64(0)
	for i, n := range s.tokens {
		sum += n
		out[i] = ratio(sum, s.total)
	}
	return out
}

// highest returns the highest hit rate of all tiers together.
func (ch *tiersChart) highest() float64 {
	most := 0.0
	for i := range ch.stacks {
		most = max(most, slices.Max(ch.stacks[i].rates()))
	}
	return most
}
