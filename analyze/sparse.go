package analyze

import (
	"cmp"
	"slices"
)

// sparse is a histogram for depths in bytes of chunks of unlike sizes, which may lie anywhere. It keeps the spans, and
// joins equal ones each time that their number has doubled.
type sparse struct {
	spans  []span
	sorted int // how many of them are in order, each once
	all    int64
}

// minSpans is how many spans are not worth joining.
const minSpans = 1 << 14

func (h *sparse) add(s span) {
	if len(h.spans) >= max(2*h.sorted, minSpans) {
		h.join()
	}
	h.all += s.n * s.weight
	h.spans = append(h.spans, s)
}

// join puts the spans in order, and the weights of those with the same depths together.
func (h *sparse) join() {
	old, fresh := h.spans[:h.sorted], h.spans[h.sorted:]
	slices.SortFunc(fresh, span.compare)
	out := make([]span, 0, len(h.spans))
	for len(old) > 0 || len(fresh) > 0 {
		from := &old
		if len(old) == 0 || len(fresh) > 0 && fresh[0].compare(old[0]) < 0 {
			from = &fresh
		}
		s := (*from)[0]
		*from = (*from)[1:]
		if n := len(out); n > 0 && out[n-1].compare(s) == 0 {
			out[n-1].weight += s.weight
		} else {
			out = append(out, s)
		}
	}
	h.spans, h.sorted = out, len(out)
}

// compare orders spans by their depths.
func (s span) compare(t span) int {
	switch {
	case s.lo != t.lo:
		return cmp.Compare(s.lo, t.lo)
	case s.n != t.n:
		return cmp.Compare(s.n, t.n)
	}
	return cmp.Compare(s.step, t.step)
}

func (h *sparse) total() int64 { return h.all }

func (h *sparse) sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	whole := make([]int64, len(capacities)+1) // weights of the spans that lie below a capacity as a whole, from it on
	for _, s := range h.spans {
		i, _ := slices.BinarySearch(capacities, s.lo)
		for ; i < len(capacities) && capacities[i] < s.last(); i++ {
			out[i] += s.upTo(capacities[i]) * s.weight
		}
		whole[i] += s.n * s.weight
	}
	var sum int64
	for i := range out {
		sum += whole[i]
		out[i] += sum
	}
	return out
}

func (h *sparse) reach(want int64) (capacity int64, ok bool) {
	if want > h.all {
		return 0, false
	}
	low, high := int64(0), int64(1) // the sum is less than want at low, unless want is 0, and may be at high
	for _, s := range h.spans {
		high = max(high, s.last())
	}
	for low+1 < high {
		if middle := low + (high-low)/2; h.sums([]int64{middle})[0] >= want {
			high = middle
		} else {
			low = middle
		}
	}
	return high, true
}
