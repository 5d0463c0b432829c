package holders

import (
	"fmt"
	"math"

	"hashlog/sim"
)

// Advance tells the time of the lookups and touches that follow, in seconds since any fixed moment. Touches that are due take
// effect, and chunks that are too old expire. Without a store delay, a TTL and an interval between batches it need not be called. It
// panics if now is not finite or before the time that was told last.
func (h *Holders) Advance(now float64) {
	if !(now >= h.now) || math.IsInf(now, 0) {
		panic(fmt.Sprintf("holders: Advance to %g s after %g s", now, h.now))
	}
	h.settle(now)
	h.now = now
	h.expire()
}

// Flush makes all touches take effect that are not due yet, each at its time. No request may follow.
func (h *Holders) Flush() { h.settle(math.Inf(1)) }

// settle makes the touches take effect that are due by now, each at its time.
func (h *Holders) settle(now float64) {
	for {
		p, ok := h.pending.pop(now)
		if !ok {
			return
		}
		h.now = p.due
		h.expire()
		h.touch(p.node, p.rows, p.sizes)
		h.pending.recycle(p)
	}
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

// touchLater makes touches take effect after the store delay.
func (h *Holders) touchLater(node int, rows []sim.Row, sizes ...sized) {
	if node < 0 || node >= len(h.nodes) {
		panic(fmt.Sprintf("holders: node %d of %d", node, len(h.nodes)))
	}
	if h.opts.StoreDelay == 0 {
		h.touch(uint32(node), rows, sizes)
		return
	}
	h.pending.push(h.now+h.opts.StoreDelay, uint32(node), rows, sizes)
}

// pending is the touches that have yet to take effect, in order of time.
type pending struct {
	list  []touches
	spare []touches // whose memory can be used again
}

// touches are those of one request.
type touches struct {
	due   float64 // in seconds
	node  uint32
	rows  []sim.Row
	sizes []sized
}

// push adds touches that are due no sooner than those before. rows and sizes are copied.
func (p *pending) push(due float64, node uint32, rows []sim.Row, sizes []sized) {
	var t touches
	if last := len(p.spare) - 1; last >= 0 {
		t, p.spare = p.spare[last], p.spare[:last]
	}
	p.list = append(p.list, touches{due, node, append(t.rows[:0], rows...), append(t.sizes[:0], sizes...)})
}

// pop removes the touches that are due first, if they are due by now.
func (p *pending) pop(now float64) (t touches, ok bool) {
	if len(p.list) == 0 || p.list[0].due > now {
		return touches{}, false
	}
	t, p.list[0] = p.list[0], touches{}
	p.list = p.list[1:]
	return t, true
}

// recycle takes back what pop returned.
func (p *pending) recycle(t touches) {
	const most = 1024
	if len(p.spare) < most && cap(t.rows) <= most {
		p.spare = append(p.spare, t)
	}
}
