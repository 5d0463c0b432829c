package analyze

import (
	"cmp"
	"slices"
)

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

const pageSize = 512

// dense is a histogram for depths in chunks, which are small and lie close together. It holds differences between
// neighbours, so that a span of step 1 costs two additions however long it is. Pages that nothing fell into are nil, and
// nearly all others have room enough in narrow numbers.
type dense struct {
	pages []page // weight at a depth − weight at the depth before
	all   int64
}

// page holds differences in either form; both nil are zeros.
type page struct {
	narrow *[pageSize]int32
	wide   *[pageSize]int64
}

func (h *dense) add(s span) {
	h.all += s.n * s.weight
	h.change(s.lo, s.weight)
	h.change(s.lo+s.n, -s.weight)
}

func (h *dense) change(depth, by int64) {
	for int(depth/pageSize) >= len(h.pages) {
		h.pages = append(h.pages, page{})
	}
	p, i := &h.pages[depth/pageSize], depth%pageSize
	if p.narrow != nil {
		if sum := int64(p.narrow[i]) + by; sum == int64(int32(sum)) {
			p.narrow[i] = int32(sum)
			return
		}
	}
	p.change(i, by)
}

// change makes room for a difference first.
func (p *page) change(i, by int64) {
	switch {
	case p.wide != nil:
	case p.narrow == nil && by == int64(int32(by)):
		p.narrow = new([pageSize]int32)
		p.narrow[i] = int32(by)
		return
	default:
		p.widen()
	}
	p.wide[i] += by
}

func (p *page) widen() {
	p.wide = new([pageSize]int64)
	if p.narrow != nil {
		for i, v := range p.narrow {
			p.wide[i] = int64(v)
		}
		p.narrow = nil
	}
}

func (p *page) empty() bool { return p.narrow == nil && p.wide == nil }

// at returns difference i of a page that isn't empty.
func (p *page) at(i int) int64 {
	if p.narrow != nil {
		return int64(p.narrow[i])
	}
	return p.wide[i]
}

func (h *dense) total() int64 { return h.all }

// each calls f for stretches of depths of one weight, which may be 0, in rising order, until it returns false.
func (h *dense) each(f func(span) (more bool)) {
	at := span{step: 1}
	for i := range h.pages {
		page := &h.pages[i]
		if page.empty() {
			at.n += pageSize
			continue
		}
		for j := range pageSize {
			change := page.at(j)
			if change != 0 && at.n > 0 {
				if !f(at) {
					return
				}
				at.lo, at.n = int64(i*pageSize+j), 0
			}
			at.weight += change
			at.n++
		}
	}
	if at.n > 0 {
		f(at)
	}
}

func (h *dense) sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	i, sum := 0, int64(0)
	h.each(func(s span) bool {
		for i < len(capacities) && capacities[i] <= s.last() {
			out[i] = sum + s.upTo(capacities[i])*s.weight
			i++
		}
		sum += s.n * s.weight
		return i < len(capacities)
	})
	for ; i < len(capacities); i++ {
		out[i] = sum
	}
	return out
}

func (h *dense) reach(want int64) (capacity int64, ok bool) {
	if want <= 0 {
		return 1, true
	}
	var sum int64
	h.each(func(s span) bool {
		if ok = sum+s.n*s.weight >= want; ok {
			capacity = s.lo + (want-sum-1)/s.weight
		}
		sum += s.n * s.weight
		return !ok
	})
	return capacity, ok
}

// scaled returns the histogram of the same weights at depths multiplied by a factor.
func (h *dense) scaled(by int64) *sparse {
	out := &sparse{}
	h.each(func(s span) bool {
		if s.weight != 0 {
			out.add(span{lo: s.lo * by, step: by, n: s.n, weight: s.weight})
		}
		return true
	})
	return out
}

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
