package holders

import (
	"fmt"
	"math"
)

// Advance tells the time of the lookups and touches that follow, in seconds since any fixed moment. Chunks that are too old expire.
// Without a TTL and an interval between batches it need not be called. It panics if now is not finite or before the time that was
// told last.
func (h *Holders) Advance(now float64) {
	if !(now >= h.now) || math.IsInf(now, 0) {
		panic(fmt.Sprintf("holders: Advance to %g s after %g s", now, h.now))
	}
	h.now = now
	h.expire()
}

// expire drops the chunks of all nodes that are too old. The oldest of all are at the end of the queue.
func (h *Holders) expire() {
	for at := h.recency.all.oldest; at != none; at = h.recency.all.oldest {
		s := &h.recency.stretches[at]
		if !(h.now-s.touched > h.opts.TTL) {
			return
		}
		h.drop(&h.nodes[s.node], s.page, s.node, s.chunks)
	}
}
