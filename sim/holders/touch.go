package holders

import (
	"fmt"
	"math"

	"hashlog/sim"
)

// Touch touches the chunks of a request on the node that serves it, at the time that Advance told. rows are their ids in prefix
// order, size is the bytes of each, ≥ 0; it means nothing if the capacity is in chunks. A chunk that the node holds keeps the size
// that it was stored with. Touch panics if the sizes of a node's chunks exceed an int64, which a [sim.Stack] does not let happen.
func (h *Holders) Touch(node int, rows []sim.Row, size int64) {
	h.touch(node, rows, []sim.Distance{{N: math.MaxInt, Size: size}})
}

// TouchSizes is Touch with the sizes that [sim.Stack.Touch] returned for these touches, given a stack for the node alone. They
// differ from those of the request where records disagree about the size of a chunk: the stack knows the one that the node saw
// first, even if the chunk has been evicted since.
func (h *Holders) TouchSizes(node int, rows []sim.Row, distances []sim.Distance) {
	if !h.opts.InBytes {
		h.Touch(node, rows, 0) // sizes make no difference
		return
	}
	h.touch(node, rows, distances)
}

// touch touches the chunks of a request. Only the sizes of distances count.
func (h *Holders) touch(node int, rows []sim.Row, distances []sim.Distance) {
	if node < 0 || node >= len(h.nodes) {
		panic(fmt.Sprintf("holders: node %d of %d", node, len(h.nodes)))
	}
	used := 0 // touches of distances[0]
	for p := range parts(rows, h.opts.Order) {
		for p.n > 0 {
			k := min(p.n, distances[0].N-used)
			h.touchPart(uint32(node), p.cut(k, h.opts.Order), distances[0].Size)
			if used += k; used == distances[0].N {
				distances, used = distances[1:], 0
			}
		}
	}
	if h.opts.Watermark != nil {
		h.evictBatch(&h.nodes[node])
	}
}

// touchPart touches consecutive chunks of one page. It makes room once for all of them. A cache that makes room at every touch may
// evict some chunks earlier, but keeps the same ones: what a chunk needs to be resident only grows until it is touched again.
func (h *Holders) touchPart(node uint32, p part, size int64) {
	if size < 0 {
		panic(fmt.Sprintf("holders: a chunk of %d bytes", size))
	}
	if !h.opts.InBytes {
		size = 1
	}
	n, at := &h.nodes[node], h.holding(p.page, node)
	for chunks := span(p.first, p.n); chunks != 0; {
		alike, weight := h.alike(at, chunks, size)
		h.leave(n, at, alike)
		h.join(n, at, stretch{chunks: alike, weight: weight, touched: h.now, page: p.page, node: node})
		chunks &^= alike
	}
	if h.opts.Watermark == nil {
		h.makeRoom(n)
	}
}

// alike returns the leading chunks, in touch order, that have one weight, and that weight. All chunks are of the page of p; those
// that its node does not hold have the given weight.
func (h *Holders) alike(p *holding, chunks set, weight int64) (set, int64) {
	if !h.opts.InBytes || p.chunks&chunks == 0 {
		return chunks, weight
	}
	of, first := weight, chunks.first(1, h.opts.Order)
	for at := p.stretches; at != none; at = h.recency.stretches[at].before {
		if s := &h.recency.stretches[at]; s.chunks&first != 0 {
			of = s.weight
		}
	}
	var others set
	if of != weight {
		others = chunks &^ p.chunks
	}
	for at := p.stretches; at != none; at = h.recency.stretches[at].before {
		if s := &h.recency.stretches[at]; s.weight != of {
			others |= s.chunks & chunks
		}
	}
	return chunks.before(others, h.opts.Order), of
}

// leave takes chunks of one page out of the stretches of a node.
func (h *Holders) leave(n *node, p *holding, chunks set) {
	if p.chunks&chunks == 0 {
		return
	}
	p.chunks &^= chunks
	link := &p.stretches
	for at := *link; at != none; at = *link {
		s := &h.recency.stretches[at]
		gone := s.chunks & chunks
		s.chunks &^= gone
		n.chunks -= int64(gone.len())
		n.used -= int64(gone.len()) * s.weight
		if s.chunks != 0 {
			link = &s.before
			continue
		}
		*link = s.before
		h.forget(n, at)
	}
}

// forget ends a stretch without chunks.
func (h *Holders) forget(n *node, at uint32) {
	h.recency.unlink(&n.recent, ofNode, at)
	if h.opts.TTL > 0 {
		h.recency.unlink(&h.recency.all, ofAll, at)
	}
	h.recency.remove(at)
}

// join makes chunks that are in no stretch of their node the most recent.
func (h *Holders) join(n *node, p *holding, s stretch) {
	if h.opts.InBytes && s.weight > (math.MaxInt64-n.used)/int64(s.chunks.len()) {
		panic("holders: a node's chunks have more than 2^63 bytes")
	}
	p.chunks |= s.chunks
	n.chunks += int64(s.chunks.len())
	n.used += int64(s.chunks.len()) * s.weight
	if newest := n.recent.newest; newest != none && h.continues(&h.recency.stretches[newest], &s) {
		h.recency.stretches[newest].chunks |= s.chunks
		return
	}
	s.before = p.stretches
	p.stretches = h.recency.add(s)
	h.recency.push(&n.recent, ofNode, p.stretches)
	if h.opts.TTL > 0 {
		h.recency.push(&h.recency.all, ofAll, p.stretches)
	}
}

// continues reports whether two stretches, touched one after the other, can be one.
func (h *Holders) continues(a, b *stretch) bool {
	return a.page == b.page && a.weight == b.weight && (h.opts.TTL == 0 || a.touched == b.touched) &&
		a.chunks.before(b.chunks, h.opts.Order) == a.chunks
}
