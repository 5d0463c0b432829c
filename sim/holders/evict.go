package holders

// makeRoom evicts the least recent chunks of a node until the rest fits.
func (h *Holders) makeRoom(n *node) {
	for h.opts.Capacity > 0 && n.used > h.opts.Capacity {
		enough := int64(pageChunks)
		if weight := h.recency.stretches[n.recent.oldest].weight; weight > 0 {
			enough = (n.used-h.opts.Capacity-1)/weight + 1
		}
		h.evict(n, enough)
	}
}

// evictBatch evicts what must go after the touches of a request on a node with a watermark.
func (h *Holders) evictBatch(n *node) {
	w := h.opts.Watermark
	if h.opts.Capacity == 0 {
		return
	}
	if float64(n.used) >= w.Trigger*float64(h.opts.Capacity) && !(h.now-n.lastBatch < w.Interval) {
		n.lastBatch = h.now
		for rest := min(max(1, int64(w.Ratio*float64(n.chunks))), n.chunks); rest > 0; {
			rest -= h.evict(n, rest)
		}
	}
	h.makeRoom(n)
}

// evict evicts the least recent chunks of a node that has some, at most the given number, and returns how many. They are of one
// stretch.
func (h *Holders) evict(n *node, most int64) int64 {
	s := &h.recency.stretches[n.recent.oldest]
	gone := s.chunks.first(int(min(most, pageChunks)), h.opts.Order)
	h.drop(n, s.page, s.node, gone)
	return int64(gone.len())
}

// drop evicts chunks of a page that a node holds.
func (h *Holders) drop(n *node, page, node uint32, chunks set) {
	p := h.holding(page, node)
	h.leave(n, p, chunks)
	if p.chunks == 0 {
		h.cease(page, node)
	}
}
