package policy

import "context"

// walk goes through a trace and finds the intervals that end at each request.
type walk struct {
	trace *Trace
	last  []uint32 // by id: the last request that touched the chunk, if id < seen
	seen  int      // number of chunks seen so far; ids are in order of first sight

	// Of the request at hand.
	valued  int    // leading chunks that an unlimited cache hits and gets worth for; 0 if the request is not counted
	spans   []span // in order of their places
	repeats []span // places of chunks that the request has further in front too
	extra   map[uint32]int64
}

// span is a group of intervals that is being made.
type span struct {
	kind
	id    uint32 // of the first chunk; the others follow
	start uint32 // the request where the intervals start
	place uint32
	n     uint32
}

// each calls f at each request, with its spans at hand.
func (w *walk) each(ctx context.Context, f func(i int)) error {
	for i := range w.trace.requests {
		if i%1024 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		w.request(i)
		f(i)
	}
	return nil
}

// request finds the intervals that end at request i, then touches its chunks.
func (w *walk) request(i int) {
	q, rows := &w.trace.requests[i], w.trace.rowsOf(i)
	w.valued = 0
	if q.counted {
		w.valued = q.valued(w.known(rows))
	}
	w.spans, w.repeats = w.spans[:0], w.repeats[:0]
	place := 0
	for _, r := range rows {
		looked := min(int(r.n), w.valued-place)
		w.look(uint32(i), r.first, looked, place)
		place += looked
		touch(uint32(i), w.last[r.first:][looked:r.n])
		w.seen = max(w.seen, int(r.first)+int(r.n))
	}
	w.clamp(q)
	if len(w.repeats) > 0 {
		w.addRepeats()
	}
	w.merge()
}

// known returns how many chunks stand before the first never-seen one.
func (w *walk) known(rows []row) (n int) {
	for _, r := range rows {
		seen := min(int(r.n), max(0, w.seen-int(r.first)))
		n += seen
		if seen < int(r.n) {
			break
		}
	}
	return n
}

// valued returns how many of k leading chunks are worth anything.
func (q *request) valued(k int) int {
	if q.unit <= 0 || q.limit <= 0 {
		return 0
	}
	return int(min(int64(k), (q.limit-1)/q.unit+1))
}

// look adds the spans of n chunks with consecutive ids and touches them.
func (w *walk) look(request, id uint32, n, place int) {
	unit, last := w.trace.requests[request].unit, w.last[id:][:n]
	size, alike := int64(0), 0 // chunks up to alike have this size
	for at := 0; at < n; {
		if at == alike {
			size, alike = w.trace.sizeOf(id+uint32(at), n-at)
			alike += at
		}
		start, from := last[at], at
		for ; at < alike && last[at] == start; at++ {
			last[at] = request
		}
		s := span{kind{unit, size}, id + uint32(from), start, uint32(place + from), uint32(at - from)}
		if start == request {
			w.repeats = append(w.repeats, s)
		} else {
			w.spans = append(w.spans, s)
		}
	}
}

// touch makes a request the last one of some chunks.
func touch(request uint32, last []uint32) {
	for i := range last {
		last[i] = request
	}
}

// sizeOf returns the bytes of a chunk, 0 if unknown, and how many of n chunks from this one on have that size.
func (t *Trace) sizeOf(id uint32, n int) (size int64, alike int) {
	if t.sizes.each == nil {
		return t.sizes.one, n
	}
	sizes := t.sizes.each[id:][:n]
	for alike < n && sizes[alike] == sizes[0] {
		alike++
	}
	return sizes[0], alike
}

// clamp corrects the weight of the last place: the limit may cut off a part of it.
func (w *walk) clamp(q *request) {
	if w.valued == 0 {
		return
	}
	weight := q.worth(w.valued) - q.worth(w.valued-1)
	if weight == q.unit {
		return
	}
	spans := &w.spans
	if n := len(w.repeats); n > 0 && w.repeats[n-1].endsAt(w.valued) {
		spans = &w.repeats
	}
	s := &(*spans)[len(*spans)-1]
	last := s.at(s.n - 1)
	last.weight = weight
	if s.n--; s.n == 0 {
		*spans = (*spans)[:len(*spans)-1]
	}
	*spans = append(*spans, last)
}

// endsAt reports whether the place after those of s is a given one.
func (s span) endsAt(place int) bool { return int(s.place)+int(s.n) == place }

// at returns the span of place i of s alone.
func (s span) at(i uint32) span { return span{s.kind, s.id + i, s.start, s.place + i, 1} }

// addRepeats adds the weights of repeated places to the intervals of their chunks.
func (w *walk) addRepeats() {
	if w.extra == nil {
		w.extra = make(map[uint32]int64)
	}
	clear(w.extra)
	for _, s := range w.repeats {
		for i := range s.n {
			w.extra[s.id+i] += s.weight
		}
	}
	var single []span
	for _, s := range w.spans {
		for i := range s.n {
			one := s.at(i)
			one.weight += w.extra[one.id]
			single = append(single, one)
		}
	}
	w.spans = single
}

// merge puts spans together that can be one group.
func (w *walk) merge() {
	merged := w.spans[:0]
	for _, s := range w.spans {
		if n := len(merged); n > 0 && merged[n-1].continues(s) {
			merged[n-1].n += s.n
		} else {
			merged = append(merged, s)
		}
	}
	w.spans = merged
}

// continues reports whether next belongs to the same group as s.
func (s span) continues(next span) bool {
	return s.kind == next.kind && s.start == next.start && s.endsAt(int(next.place))
}
