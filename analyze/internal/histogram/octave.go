package histogram

import "math"

// LastOctave implements [Histogram]. It divides the range of depths, the upper part first, and keeps only the spans that decide
// which octaves weigh enough.
func (h *Sparse) LastOctave(want int64) (d int64, ok bool) {
	if h.all < want {
		return 0, false
	}
	before, within := part{h: h, spans: make([]uint32, h.n)}, part{h: h, spans: make([]uint32, h.n)}
	last := int64(0)
	for i := range h.n {
		before.spans[i], within.spans[i] = uint32(i), uint32(i)
		last = max(last, h.at(i).Last())
	}
	return lastOctave(before, within, 1, last, want)
}

// lastOctave returns the largest depth in [from, to] whose octave weighs at least want, if the depths from the first to twice
// the last do. before knows the sums below these depths, within those below twice these depths; both are used up.
func lastOctave(before, within part, from, to, want int64) (d int64, ok bool) {
	if from == to {
		return from, true
	}
	// The middle of the logarithm: as a rule, about half of the spans lie below.
	middle := min(max(int64(math.Sqrt(float64(from))*math.Sqrt(float64(to))), from), to-1)
	if within.upTo(twice(to)-1)-before.upTo(middle) >= want {
		b, w := before.between(middle, to-1, nil), within.between(twice(middle+1)-1, twice(to)-1, nil)
		if d, ok := lastOctave(b, w, middle+1, to, want); ok {
			return d, true
		}
	}
	if within.upTo(twice(middle)-1)-before.upTo(from-1) < want {
		return 0, false
	}
	before = before.between(from-1, middle-1, before.spans)
	within = within.between(twice(from)-1, twice(middle)-1, within.spans)
	return lastOctave(before, within, from, middle, want)
}

// part knows the sums of a histogram in a range of depths.
type part struct {
	h     *Sparse
	below int64    // weight of the spans that end below the range
	spans []uint32 // the others, as indices
}

// upTo returns the sum at a depth of the range.
func (p part) upTo(depth int64) int64 {
	sum := p.below
	for _, i := range p.spans {
		s := p.h.at(int(i))
		sum += s.UpTo(depth) * s.Weight
	}
	return sum
}

// between returns what is needed for the depths from one to another, both included. Its spans take the place of others, which
// may be those of p.
func (p part) between(from, to int64, place []uint32) part {
	out := part{h: p.h, below: p.below, spans: place[:0]}
	for _, i := range p.spans {
		switch s := p.h.at(int(i)); {
		case s.Last() <= from:
			out.below += s.N * s.Weight
		case s.Lo <= to:
			out.spans = append(out.spans, i)
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
