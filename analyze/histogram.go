package analyze

// span is a row of depths, each a step above the last, that all have one weight: what a run of chunks adds to a
// histogram.
type span struct {
	lo, step int64
	n        int64 // depths, ≥ 1
	weight   int64 // of each
}

// last returns the deepest of the depths.
func (s span) last() int64 { return s.lo + (s.n-1)*s.step }

// upTo returns how many of the depths are at most c.
func (s span) upTo(c int64) int64 {
	switch {
	case c < s.lo:
		return 0
	case c >= s.last():
		return s.n
	}
	return (c-s.lo)/s.step + 1
}

// histogram sums weights by depth. Its running sum over the depths is a function of the capacity.
type histogram interface {
	add(span)
	// total returns the sum of all weights.
	total() int64
	// sums returns, for each of some rising capacities, the sum of the weights at depths up to it.
	sums(capacities []int64) []int64
	// reach returns the smallest capacity > 0 whose sum is at least want; ok is false where there is none.
	reach(want int64) (capacity int64, ok bool)
}
