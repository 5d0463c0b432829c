package histogram

import (
	"cmp"
	"math/bits"
	"slices"
)

// Sparse is a histogram for depths in bytes of chunks of different sizes, which can be anywhere. It keeps the spans, and
// joins equal ones whenever their number has doubled, or quadrupled if few were equal the last time.
type Sparse struct {
	pages [][]Span // each has room for spansInPage spans, except the first while it is alone
	n     int      // number of spans; the rest of the pages is spare
	next  int      // the number of spans at which equal ones are joined again
	all   int64
}

const (
	spansInPage = 512

	// firstSpans is the initial size of the first page. It doubles until it is whole, since there may be very many small
	// histograms. Then pages grow in number, so that no other is ever copied.
	firstSpans = 2

	// minSpans is the number of spans below which joining is not worth its time.
	minSpans = 1 << 14
)

// Add adds a span.
func (h *Sparse) Add(s Span) {
	if h.n >= max(h.next, minSpans) {
		h.join()
	}
	if page := h.n / spansInPage; page == len(h.pages) || h.n%spansInPage == len(h.pages[page]) {
		h.grow()
	}
	h.all += s.N * s.Weight
	*h.at(h.n) = s
	h.n++
}

// grow makes room for one more span.
func (h *Sparse) grow() {
	switch {
	case h.n == 0:
		h.pages = [][]Span{make([]Span, firstSpans)}
	case h.n < spansInPage:
		h.pages[0] = append(make([]Span, 0, 2*h.n), h.pages[0]...)[:2*h.n]
	default:
		h.pages = append(h.pages, make([]Span, spansInPage))
	}
}

func (h *Sparse) at(i int) *Span { return &h.pages[i/spansInPage][i%spansInPage] }

// page returns the spans of a page.
func (h *Sparse) page(i int) []Span {
	return h.pages[i][:max(0, min(h.n-i*spansInPage, spansInPage))]
}

// join adds up the weights of spans with the same depths.
func (h *Sparse) join() {
	slots := make([]uint32, 1<<bits.Len(uint(h.n+h.n/2))) // hash table of the spans kept: index + 1, 0 if a slot is empty
	kept := 0
	for i := range h.pages {
		for _, s := range h.page(i) {
			at := s.hash() >> (64 - bits.TrailingZeros(uint(len(slots))))
			for slots[at] != 0 && !h.at(int(slots[at]-1)).sameDepths(s) {
				at = (at + 1) % uint64(len(slots))
			}
			if slots[at] != 0 {
				h.at(int(slots[at] - 1)).Weight += s.Weight
				continue
			}
			*h.at(kept) = s
			kept++
			slots[at] = uint32(kept)
		}
	}
	h.next = 2 * kept
	if 2*kept > h.n { // hardly any were equal: look again later
		h.next = 4 * kept
	}
	h.n = kept
}

func (s Span) sameDepths(t Span) bool { return s.Lo == t.Lo && s.N == t.N && s.Step == t.Step }

// hash returns a hash of the depths, evenly spread in its upper bits.
func (s Span) hash() uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return ((uint64(s.Lo)*odd^uint64(s.N))*odd ^ uint64(s.Step)) * odd
}

// Total returns the sum of all weights.
func (h *Sparse) Total() int64 { return h.all }

// Sums implements [Histogram].
func (h *Sparse) Sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	whole := make([]int64, len(capacities)+1) // weights of whole spans, by the first capacity that covers them
	first := firstByBits(capacities)
	for page := range h.pages {
		for _, s := range h.page(page) {
			n := bits.Len64(uint64(s.Lo))
			i := first[n]
			for end := first[n+1]; i < end; {
				if middle := (i + end) / 2; capacities[middle] < s.Lo {
					i = middle + 1
				} else {
					end = middle
				}
			}
			for ; i < len(capacities) && capacities[i] < s.Last(); i++ {
				out[i] += s.UpTo(capacities[i]) * s.Weight
			}
			whole[i] += s.N * s.Weight
		}
	}
	var sum int64
	for i := range out {
		sum += whole[i]
		out[i] += sum
	}
	return out
}

// firstByBits returns, by n ≤ 64, the index of the first capacity that has at least n bits.
func firstByBits(capacities []int64) (first [65]int) {
	for n := 1; n < 64; n++ {
		first[n], _ = slices.BinarySearch(capacities, 1<<(n-1))
	}
	first[64] = len(capacities)
	return first
}

// Reach implements [Histogram].
func (h *Sparse) Reach(want int64) (capacity int64, ok bool) {
	if want > h.all {
		return 0, false
	}
	low, high := int64(0), int64(1) // invariant: the sum is below want at low (or want ≤ 0), and reaches it at high
	open := make([]Span, 0, h.n)    // spans with depths between these two
	for i := range h.pages {
		for _, s := range h.page(i) {
			high = max(high, s.Last())
			open = append(open, s)
		}
	}
	var below int64 // weight of the spans that end at low or below, which are no longer open
	for low+1 < high {
		middle := low + (high-low)/2
		sum := below
		for _, s := range open {
			sum += s.UpTo(middle) * s.Weight
		}
		if sum >= want {
			high = middle
		} else {
			low = middle
		}
		all := open
		open = open[:0]
		for _, s := range all {
			switch {
			case s.Last() <= low:
				below += s.N * s.Weight
			case s.Lo <= high:
				open = append(open, s)
			}
		}
	}
	return high, true
}

// Scaled returns the histogram with all depths multiplied by a factor.
func (h *Sparse) Scaled(by int64) *Sparse {
	out := &Sparse{}
	for i := range h.pages {
		for _, s := range h.page(i) {
			s.Lo *= by
			s.Step *= by
			out.Add(s)
		}
	}
	return out
}

// Times returns the histogram with all weights multiplied by a factor.
func (h *Sparse) Times(by int64) *Sparse {
	out := &Sparse{}
	for i := range h.pages {
		for _, s := range h.page(i) {
			s.Weight *= by
			out.Add(s)
		}
	}
	return out
}

// Merge adds the weights of another histogram, which is not modified.
func (h *Sparse) Merge(from *Sparse) {
	for i := range from.pages {
		for _, s := range from.page(i) {
			h.Add(s)
		}
	}
}

// Spans returns spans that stand for the histogram, by rising depth. No two have the same depths.
func (h *Sparse) Spans() []Span {
	all := make([]Span, 0, h.n)
	for i := range h.pages {
		all = append(all, h.page(i)...)
	}
	slices.SortFunc(all, func(a, b Span) int {
		return cmp.Or(cmp.Compare(a.Lo, b.Lo), cmp.Compare(a.Step, b.Step), cmp.Compare(a.N, b.N))
	})
	kept := all[:0]
	for _, s := range all {
		if last := len(kept) - 1; last >= 0 && kept[last].sameDepths(s) {
			kept[last].Weight += s.Weight
		} else {
			kept = append(kept, s)
		}
	}
	return kept
}

// Len returns the number of spans that the histogram holds.
func (h *Sparse) Len() int { return h.n }
