package analyze

import (
	"maps"
	"slices"
	"sort"
)

const pageSize = 512

// histogram sums weights by depth. Depths in chunks are dense and small, so they index pages; depths in bytes are
// neither, so they go into a map.
type histogram struct {
	pages  []*[pageSize]int64
	sparse map[int64]int64 // in use instead of pages, unless nil
}

// add adds a weight at a depth ≥ 0.
func (h *histogram) add(depth, weight int64) {
	if h.sparse != nil {
		h.sparse[depth] += weight
		return
	}
	page := int(depth / pageSize)
	for page >= len(h.pages) {
		h.pages = append(h.pages, nil)
	}
	if h.pages[page] == nil {
		h.pages[page] = new([pageSize]int64)
	}
	h.pages[page][depth%pageSize] += weight
}

// scaled returns a sparse copy with every depth multiplied.
func (h *histogram) scaled(by int64) histogram {
	c := histogram{sparse: make(map[int64]int64)}
	h.each(func(depth, weight int64) { c.sparse[depth*by] = weight })
	return c
}

// each calls f for every depth with a weight other than 0, in rising order.
func (h *histogram) each(f func(depth, weight int64)) {
	for _, depth := range slices.Sorted(maps.Keys(h.sparse)) {
		if weight := h.sparse[depth]; weight != 0 {
			f(depth, weight)
		}
	}
	for i, page := range h.pages {
		if page == nil {
			continue
		}
		for j, weight := range page {
			if weight != 0 {
				f(int64(i)*pageSize+int64(j), weight)
			}
		}
	}
}

// steps returns the running sums.
func (h *histogram) steps() steps {
	var s steps
	var sum int64
	h.each(func(depth, weight int64) {
		sum += weight
		s.depth = append(s.depth, depth)
		s.sum = append(s.sum, sum)
	})
	return s
}

// steps is a function of the capacity that only rises: sum[i] from depth[i] on, 0 below depth[0].
type steps struct {
	depth []int64 // rising
	sum   []int64 // rising
}

// at returns the sum at a capacity.
func (s steps) at(capacity int64) int64 {
	i := sort.Search(len(s.depth), func(i int) bool { return s.depth[i] > capacity })
	if i == 0 {
		return 0
	}
	return s.sum[i-1]
}

// last returns the sum at an unlimited capacity.
func (s steps) last() int64 {
	if len(s.sum) == 0 {
		return 0
	}
	return s.sum[len(s.sum)-1]
}

// reach returns the smallest capacity at which the sum is at least want, and whether there is one. A want of 0 needs none.
func (s steps) reach(want int64) (capacity int64, ok bool) {
	if want <= 0 {
		return 0, true
	}
	i, _ := slices.BinarySearch(s.sum, want)
	if i == len(s.sum) {
		return 0, false
	}
	return s.depth[i], true
}
