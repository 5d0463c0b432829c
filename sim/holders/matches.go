package holders

import (
	"math/bits"

	"hashlog/sim"
)

// prefix is what the nodes hold of the request at hand.
type prefix struct {
	matches []int    // by node
	some    []uint32 // the nodes that hold its first chunk
	whole   []uint32 // the nodes that hold all chunks so far, by rising number
}

func newPrefix(nodes int) prefix { return prefix{matches: make([]int, nodes)} }

// reset forgets the previous request. It takes time for the nodes that matched, not for all of them.
func (x *prefix) reset() {
	for _, n := range x.some {
		x.matches[n] = 0
	}
	x.some, x.whole = x.some[:0], x.whole[:0]
}

// Matches returns by node how many leading chunks of a request it holds, given their ids in prefix order. The result is valid until
// the next call and must not be changed.
func (h *Holders) Matches(rows []sim.Row) []int {
	x := &h.prefix
	x.reset()
	begun := false
	for on := range parts(rows, sim.HeadFirst) {
		if int(on.page) >= len(h.pages) {
			break
		}
		if page := h.pages[on.page]; begun {
			x.extend(page, on)
		} else {
			x.begin(page, on)
		}
		if len(x.whole) == 0 {
			break
		}
		begun = true
	}
	return x.matches
}

// begin matches the first part of a request.
func (x *prefix) begin(p page, on part) {
	for i := range p {
		n := leading(p[i].chunks, on)
		if n == 0 {
			continue
		}
		x.matches[p[i].node] = n
		x.some = append(x.some, p[i].node)
		if n == on.n {
			x.whole = append(x.whole, p[i].node)
		}
	}
}

// extend matches a further part of a request. Pages that follow one another in a request are mostly held by the same nodes, so the
// next node of the page is tried before it is searched for.
func (x *prefix) extend(p page, on part) {
	whole := x.whole[:0]
	for _, node := range x.whole {
		if len(p) > 0 && p[0].node < node {
			at, _ := p.seek(node)
			p = p[at:]
		}
		if len(p) == 0 {
			break
		}
		if p[0].node != node {
			continue
		}
		n := leading(p[0].chunks, on)
		x.matches[node] += n
		if n == on.n {
			whole = append(whole, node)
		}
		p = p[1:]
	}
	x.whole = whole
}

// leading returns how many leading chunks of a part are in a set.
func leading(s set, on part) int {
	return min(on.n, bits.TrailingZeros64(^(uint64(s) >> on.first)))
}
