package histogram

import (
	"cmp"
	"slices"
)

// Sparse is a histogram for depths in bytes of chunks of different sizes, which can be anywhere. It keeps the spans, and
// merges equal ones whenever their number has doubled.
type Sparse struct {
	spans  []Span
	sorted int // how many of them are sorted, without duplicates
	all    int64
}

// minSpans is the number of spans below which merging is not worth its time.
const minSpans = 1 << 14

// Add adds a span.
func (h *Sparse) Add(s Span) {
	if len(h.spans) >= max(2*h.sorted, minSpans) {
		h.join()
	}
	h.all += s.N * s.Weight
	h.spans = append(h.spans, s)
}

// join sorts the spans and adds up the weights of those with the same depths.
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

// Sums implements [Histogram].
func (h *Sparse) Sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	whole := make([]int64, len(capacities)+1) // weights of whole spans, by the first capacity that covers them
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

// Reach implements [Histogram].
func (h *Sparse) Reach(want int64) (capacity int64, ok bool) {
	if want > h.all {
		return 0, false
	}
	low, high := int64(0), int64(1) // invariant: the sum is below want at low (or want ≤ 0), and reaches it at high
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

// Merge adds the weights of another histogram, which is not modified.
func (h *Sparse) Merge(from *Sparse) {
	for _, s := range from.spans {
		h.Add(s)
	}
}

// Len returns the number of spans that the histogram holds.
func (h *Sparse) Len() int { return len(h.spans) }
