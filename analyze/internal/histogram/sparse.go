package histogram

import (
	"cmp"
	"slices"
)

// Sparse is a histogram for depths in bytes of chunks of unlike sizes, which may lie anywhere. It keeps the spans, and
// joins equal ones each time that their number has doubled.
type Sparse struct {
	spans  []Span
	sorted int // how many of them are in order, each once
	all    int64
}

// minSpans is how many spans are not worth joining.
const minSpans = 1 << 14

// Add adds a span.
func (h *Sparse) Add(s Span) {
	if len(h.spans) >= max(2*h.sorted, minSpans) {
		h.join()
	}
	h.all += s.N * s.Weight
	h.spans = append(h.spans, s)
}

// join puts the spans in order, and the weights of those with the same depths together.
func (h *Sparse) join() {
	old, fresh := h.spans[:h.sorted], h.spans[h.sorted:]
	slices.SortFunc(fresh, Span.compare)
	out := make([]Span, 0, len(h.spans))
	for len(old) > 0 || len(fresh) > 0 {
		from := &old
		if len(old) == 0 || len(fresh) > 0 && fresh[0].compare(old[0]) < 0 {
			from = &fresh
		}
		s := (*from)[0]
		*from = (*from)[1:]
		if n := len(out); n > 0 && out[n-1].compare(s) == 0 {
			out[n-1].Weight += s.Weight
		} else {
			out = append(out, s)
		}
	}
	h.spans, h.sorted = out, len(out)
}

// compare orders spans by their depths.
func (s Span) compare(t Span) int {
	switch {
	case s.Lo != t.Lo:
		return cmp.Compare(s.Lo, t.Lo)
	case s.N != t.N:
		return cmp.Compare(s.N, t.N)
	}
	return cmp.Compare(s.Step, t.Step)
}

// Total returns the sum of all weights.
func (h *Sparse) Total() int64 { return h.all }

// Sums is as in [Histogram].
func (h *Sparse) Sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	whole := make([]int64, len(capacities)+1) // weights of the spans that lie below a capacity as a whole, from it on
	for _, s := range h.spans {
		i, _ := slices.BinarySearch(capacities, s.Lo)
		for ; i < len(capacities) && capacities[i] < s.Last(); i++ {
			out[i] += s.UpTo(capacities[i]) * s.Weight
		}
		whole[i] += s.N * s.Weight
	}
	var sum int64
	for i := range out {
		sum += whole[i]
		out[i] += sum
	}
	return out
}

// Reach is as in [Histogram].
func (h *Sparse) Reach(want int64) (capacity int64, ok bool) {
	if want > h.all {
		return 0, false
	}
	low, high := int64(0), int64(1) // the sum is less than want at low, unless want is 0, and may be at high
	for _, s := range h.spans {
		high = max(high, s.Last())
	}
	for low+1 < high {
		if middle := low + (high-low)/2; h.Sums([]int64{middle})[0] >= want {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}

// Merge adds the weights of another histogram, which stays as it is.
func (h *Sparse) Merge(from *Sparse) {
	for _, s := range from.spans {
		h.Add(s)
	}
}

// Len returns how many spans the histogram holds.
func (h *Sparse) Len() int { return len(h.spans) }
