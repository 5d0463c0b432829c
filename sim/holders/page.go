package holders

import (
	"iter"
	"slices"

	"hashlog/sim"
)

// pageChunks is the number of chunks in a page: one for each bit of a set.
const pageChunks = 64

// page is the nodes that hold some of its chunks, by rising number.
type page []holding

// holding is what one node holds of a page.
type holding struct {
	chunks    set    // never empty, except while they are being touched
	node      uint32 // its number
	stretches uint32 // the latest of them; the others follow by stretch.before
}

// seek returns where a node is, or belongs, in the page.
func (p page) seek(node uint32) (at int, ok bool) {
	low, high := 0, len(p)
	for low < high {
		if middle := int(uint(low+high) / 2); p[middle].node < node {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < len(p) && p[low].node == node
}

// holding returns what a node holds of a page. The result is valid until another node begins or ceases to hold some of it.
func (h *Holders) holding(number, node uint32) *holding {
	if missing := int(number) + 1 - len(h.pages); missing > 0 {
		h.pages = append(h.pages, make([]page, missing)...)
	}
	p := &h.pages[number]
	at, ok := p.seek(node)
	if !ok {
		*p = slices.Insert(*p, at, holding{node: node})
	}
	return &(*p)[at]
}

// cease removes a node that holds nothing of a page any more.
func (h *Holders) cease(number, node uint32) {
	p := &h.pages[number]
	at, _ := p.seek(node)
	switch *p = slices.Delete(*p, at, at+1); {
	case len(*p) == 0:
		*p = nil
	case len(*p) < cap(*p)/4:
		*p = append(make(page, 0, cap(*p)/2), *p...)
	}
}

// part is chunks of one page that are consecutive in a request.
type part struct {
	page     uint32
	first, n int // in the page
}

// cut returns the n chunks that come first in touch order, and takes them off.
func (p *part) cut(n int, order sim.Order) part {
	cut := part{p.page, p.first, n}
	if p.n -= n; order == sim.TailFirst {
		cut.first += p.n
	} else {
		p.first += n
	}
	return cut
}

// parts yields the chunks of a request by page, in touch order.
func parts(rows []sim.Row, order sim.Order) iter.Seq[part] {
	return func(yield func(part) bool) {
		for i := range rows {
			r := rows[i]
			if order == sim.TailFirst {
				r = rows[len(rows)-1-i]
			}
			for r.N > 0 {
				if !yield(cutPage(&r, order)) {
					return
				}
			}
		}
	}
}

// cutPage returns the chunks of a row that come first in touch order and are of one page, and takes them off.
func cutPage(r *sim.Row, order sim.Order) part {
	if order == sim.TailFirst {
		last := r.First + uint32(r.N) - 1
		n := min(r.N, int(last%pageChunks)+1)
		r.N -= n
		return part{last / pageChunks, int(last%pageChunks) + 1 - n, n}
	}
	first := r.First
	n := min(r.N, pageChunks-int(first%pageChunks))
	r.First, r.N = first+uint32(n), r.N-n
	return part{first / pageChunks, int(first % pageChunks), n}
}
