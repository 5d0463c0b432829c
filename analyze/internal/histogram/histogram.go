// Package histogram sums weights by depth, exactly and in little memory, if the depths come in evenly spaced rows.
//
// A caller adds a [Span] for each row of depths: to a [Dense] if depths are close together (chunks), or to a [Sparse] if
// they can be anywhere (bytes). A Dense is read through its columns. The running sums then give, for any capacity, the total weight of the depths up to it.
package histogram

// Span is a row of evenly spaced depths of equal weight: what a run of chunks adds to a histogram.
type Span struct {
	Lo, Step int64
	N        int64 // number of depths, ≥ 1
	Weight   int64 // of each depth
}

// Last returns the largest depth.
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

// Histogram sums weights by depth. Its sum at a capacity is the total weight of the depths up to that capacity.
type Histogram interface {
	// Total returns the sum of all weights.
	Total() int64
	// Sums returns the sum at each capacity. The capacities must be in rising order.
	Sums(capacities []int64) []int64
	// Reach returns the smallest capacity > 0 whose sum is at least want; ok is false if there is none.
	Reach(want int64) (capacity int64, ok bool)
	// LastOctave returns the largest depth d > 0 such that the depths from d to 2d − 1 together weigh at least want; ok is
	// false if there is none. want must be above 0.
	LastOctave(want int64) (d int64, ok bool)
}
