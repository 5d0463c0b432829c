package histogram

import (
	"runtime"
	"sort"
	"sync"
)

// Column is one histogram of a [Dense], ready to be read. It is valid until the Dense changes.
type Column struct {
	of     *Dense
	i      int
	starts []state // at the beginning of each page, and after the last
}

// state is the state of the sums before some depth.
type state struct {
	sum    int64 // weight of the depths before
	weight int64 // of the depth right before
}

// Columns returns all histograms of h.
func (h *Dense) Columns() []*Column {
	h.settleAll()
	columns := make([]*Column, h.n)
	for i := range columns {
		columns[i] = &Column{of: h, i: i, starts: make([]state, len(h.pages)+1)}
	}
	workers := runtime.GOMAXPROCS(0)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			from, to := w*len(h.pages)/workers, (w+1)*len(h.pages)/workers
			for _, c := range columns {
				for p := from; p < to; p++ {
					c.starts[p+1] = c.alone(p)
				}
			}
		})
	}
	group.Wait()
	for _, c := range columns {
		for p := range h.pages {
			before, alone := c.starts[p], &c.starts[p+1]
			alone.sum += before.sum + pageSize*before.weight
			alone.weight += before.weight
		}
	}
	return columns
}

// alone returns the state after a page as if nothing were before it.
func (c *Column) alone(page int) (s state) {
	p := &c.of.pages[page]
	for at := c.i; at < len(p.narrow); at += c.of.n {
		s.weight += int64(p.narrow[at])
		s.sum += s.weight
	}
	for at := c.i; at < len(p.wide); at += c.of.n {
		s.weight += p.wide[at]
		s.sum += s.weight
	}
	return s
}

// Total implements [Histogram].
func (c *Column) Total() int64 { return c.of.totals[c.i] }

// Sums implements [Histogram].
func (c *Column) Sums(capacities []int64) []int64 {
	out := make([]int64, len(capacities))
	var at state
	next := int64(0) // the first depth that is not in at
	for i, capacity := range capacities {
		page := capacity / pageSize
		if page >= int64(len(c.of.pages)) {
			out[i] = c.Total()
			continue
		}
		if first := page * pageSize; next < first {
			at, next = c.starts[page], first
		}
		for ; next <= capacity; next++ {
			c.step(&at, next)
		}
		out[i] = at.sum
	}
	return out
}

// step adds one depth.
func (c *Column) step(s *state, depth int64) {
	if p := &c.of.pages[depth/pageSize]; !p.empty() {
		s.weight += p.at(int(depth%pageSize)*c.of.n + c.i)
	}
	s.sum += s.weight
}

// Reach implements [Histogram].
func (c *Column) Reach(want int64) (capacity int64, ok bool) {
	switch {
	case want <= 0:
		return 1, true
	case want > c.Total():
		return 0, false
	}
	page := sort.Search(len(c.of.pages)-1, func(p int) bool { return c.starts[p+1].sum >= want })
	at, depth := c.starts[page], int64(page)*pageSize
	for c.step(&at, depth); at.sum < want; c.step(&at, depth) {
		depth++
	}
	return max(depth, 1), true
}

// LastOctave implements [Histogram]. The depths of page p begin octaves that end within pages 2p and 2p + 1, so whole pages are
// ruled out by the sums at their borders.
func (c *Column) LastOctave(want int64) (d int64, ok bool) {
	last := len(c.starts) - 1
	for p := last - 1; p >= 0; p-- {
		if c.starts[min(2*p+2, last)].sum-c.starts[p].sum < want {
			continue
		}
		if d, ok := c.lastOctaveIn(p, want); ok {
			return d, true
		}
	}
	return 0, false
}

// lastOctaveIn is LastOctave among the depths of a page.
func (c *Column) lastOctaveIn(page int, want int64) (d int64, ok bool) {
	first, end := int64(page)*pageSize, int64(len(c.of.pages))*pageSize
	before, within := c.starts[page], c.starts[min(2*page, len(c.starts)-1)] // the sums before depth i, and before depth 2i
	for i := first; i < first+pageSize; i++ {
		if i > 0 && within.sum-before.sum >= want {
			d, ok = i, true
		}
		c.step(&before, i)
		if 2*i < end { // pages end at even depths
			c.step(&within, 2*i)
			c.step(&within, 2*i+1)
		}
	}
	return d, ok
}
