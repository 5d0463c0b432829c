package holders

import (
	"math/bits"

	"hashlog/sim"
)

// set is a set of chunks of one page, a bit each.
type set uint64

func (s set) len() int { return bits.OnesCount64(uint64(s)) }

// span returns the n chunks of a page from first on, first + n ≤ pageChunks.
func span(first, n int) set { return set(^uint64(0)>>(pageChunks-n)) << first }

// first returns the n chunks that come first in touch order, or all if there are fewer.
func (s set) first(n int, order sim.Order) set {
	if n >= s.len() {
		return s
	}
	rest := s
	for range n {
		if order == sim.TailFirst {
			rest &^= 1 << (bits.Len64(uint64(rest)) - 1)
		} else {
			rest &= rest - 1
		}
	}
	return s &^ rest
}

// before returns the chunks that come before all of the others in touch order.
func (s set) before(others set, order sim.Order) set {
	if order == sim.TailFirst {
		above := bits.Len64(uint64(others))
		return s >> above << above
	}
	return s & (others&-others - 1)
}
