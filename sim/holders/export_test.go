package holders

import (
	"fmt"
	"math/bits"
)

// Chunks returns the ids of the chunks that a node holds, the most recently touched first.
func (h *Holders) Chunks(node int) (ids []uint32) {
	for at := h.nodes[node].recent.newest; at != none; at = h.recency.stretches[at].links[ofNode].older {
		s := &h.recency.stretches[at]
		var some []uint32
		for rest := s.chunks; rest != 0; {
			one := rest.first(1, h.opts.Order)
			rest &^= one
			some = append(some, s.page*pageChunks+uint32(bits.TrailingZeros64(uint64(one))))
		}
		for i := range some {
			ids = append(ids, some[len(some)-1-i])
		}
	}
	return ids
}

// Stretches returns how many stretches there are.
func (h *Holders) Stretches() (n int) {
	n = len(h.recency.stretches) - 1
	for at := h.recency.free; at != none; at = h.recency.stretches[at].before {
		n--
	}
	return n
}

// PagesReserved returns for how many nodes of pages there is memory.
func (h *Holders) PagesReserved() (n int) {
	for _, p := range h.pages {
		n += cap(p)
	}
	return n
}

// Reserved returns for how many stretches there is memory.
func (h *Holders) Reserved() int { return len(h.recency.stretches) }

// Check returns an error if the parts of h contradict one another.
func (h *Holders) Check() error {
	found := 0
	for number, p := range h.pages {
		if p != nil && len(p) == 0 {
			return fmt.Errorf("page %d is kept without nodes", number)
		}
		for i, held := range p {
			if held.chunks == 0 || i > 0 && p[i-1].node >= held.node {
				return fmt.Errorf("page %d: %+v", number, p)
			}
			var all set
			for at := held.stretches; at != none; at = h.recency.stretches[at].before {
				s := h.recency.stretches[at]
				if s.chunks == 0 || s.chunks&all != 0 || s.page != uint32(number) || s.node != held.node {
					return fmt.Errorf("stretch %d of page %d: %+v", at, number, s)
				}
				all |= s.chunks
				found++
			}
			if all != held.chunks {
				return fmt.Errorf("page %d: node %d has %x, its stretches %x", number, held.node, held.chunks, all)
			}
		}
	}
	if found != h.Stretches() {
		return fmt.Errorf("%d stretches of pages, %d in all", found, h.Stretches())
	}
	return nil
}
