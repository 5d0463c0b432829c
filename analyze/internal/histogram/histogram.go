// Package histogram sums weights by depth, exactly and in little memory, where the depths come in evenly spaced rows.
//
// A caller adds a [Span] for each row of depths, to a [Dense] histogram if depths lie close together (chunks) or to a
// [Sparse] one if they may lie anywhere (bytes). The running sums of a histogram then answer for every capacity at once
// what weight lies no deeper.
package histogram

// Span is a row of depths, each a step above the last, that all have one weight: what a run of chunks adds to a histogram.
type Span struct {
	Lo, Step int64
	N        int64 // depths, ≥ 1
	Weight   int64 // of each
}

// Last returns the deepest of the depths.
func (s Span) Last() int64 { return s.Lo + (s.N-1)*s.Step }

// UpTo returns how many of the depths are at most c.
func (s Span) UpTo(c int64) int64 {
	switch {
	case c < s.Lo:
		return 0
	case c >= s.Last():
		return s.N
	}
	return (c-s.Lo)/s.Step + 1
}

// Histogram sums weights by depth. Its running sum over the depths is a function of the capacity.
type Histogram interface {
	Add(Span)
	// Total returns the sum of all weights.
	Total() int64
	// Sums returns, for each of some rising capacities, the sum of the weights at depths up to it.
	Sums(capacities []int64) []int64
	// Reach returns the smallest capacity > 0 whose sum is at least want; ok is false if there is none.
	Reach(want int64) (capacity int64, ok bool)
}
