package histogram

import "math"

// LastOctave implements [Histogram]. It halves the range of depths, the upper half first, and keeps only the spans that decide
// which octaves weigh enough.
func (h *Sparse) LastOctave(want int64) (d int64, ok bool) {
	var all part
	last := int64(0)
	for i := range h.pages {
		for _, s := range h.page(i) {
			all.spans = append(all.spans, s)
			last = max(last, s.Last())
		}
	}
	if h.all < want {
		return 0, false
	}
	return lastOctave(all, all, 1, last, want)
}

// lastOctave returns the largest depth in [from, to] whose octave weighs at least want, if the depths from the first to twice
// the last do. before knows the sums below these depths, within those below twice these depths.
func lastOctave(before, within part, from, to, want int64) (d int64, ok bool) {
	if from == to {
		return from, true
	}
	middle := from + (to-from)/2
	if within.upTo(twice(to)-1)-before.upTo(middle) >= want {
		if d, ok := lastOctave(before.between(middle, to-1), within.between(twice(middle+1)-1, twice(to)-1), middle+1, to, want); ok {
			return d, true
		}
	}
	if within.upTo(twice(middle)-1)-before.upTo(from-1) < want {
		return 0, false
	}
	return lastOctave(before.between(from-1, middle-1), within.between(twice(from)-1, twice(middle)-1), from, middle, want)
}

// part knows the sums of a histogram in a range of depths.
type part struct {
	below int64 // weight of the depths below the range
	spans []Span
}

// upTo returns the sum at a depth of the range.
func (p part) upTo(depth int64) int64 {
	sum := p.below
	for _, s := range p.spans {
		sum += s.UpTo(depth) * s.Weight
	}
	return sum
}

// between returns what is needed for the depths from one to another, both included.
func (p part) between(from, to int64) part {
	out := part{below: p.below}
	for _, s := range p.spans {
		switch {
		case s.Last() <= from:
			out.below += s.N * s.Weight
		case s.Lo <= to:
			out.spans = append(out.spans, s)
		}
	}
	return out
}

// twice returns 2 × depth, or the largest depth if that overflows.
func twice(depth int64) int64 {
	if depth > math.MaxInt64/2 {
		return math.MaxInt64
	}
	return 2 * depth
}
