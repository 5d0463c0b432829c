package sim

import (
	"fmt"
	"iter"
	"math"
	"slices"
)

// Learn makes n further chunks known, as if they had been looked up, but never touched. Their ids are the next ones. size is
// the bytes of each, 0 if unknown. It is for chunks that [Stack.Reorder] then puts on the stack. Learn panics if n or size is
// negative, if there are more than MaxChunks then, and with an admission: see [Stack.LearnLookedUp].
func (s *Stack) Learn(n int, size int64) {
	if s.admission != nil {
		panic("sim: Learn with an admission")
	}
	s.learnMore(n, size)
}

// learnMore is Learn with or without an admission.
func (s *Stack) learnMore(n int, size int64) {
	switch {
	case n < 0 || int64(s.place.len())+int64(n) > MaxChunks || size < 0:
		panic(fmt.Sprintf("sim: Learn of %d chunks of %d bytes, beside %d chunks", n, size, s.place.len()))
	case n > 0:
		size = s.affordable(n, size)
		s.place.appendN(nowhere, n)
		s.learnSizes(n, size)
	}
}

// Reorder puts chunks on top of the stack, in the order that is given from the top down, each once. They are known, and may
// have been anywhere in the stack, or nowhere. So it gives a stack the order of one that has gone on from its state: the
// chunks are those that [Stack.All] yields of the other, under the ids that they have here. A new stack that has learnt its
// chunks becomes a copy.
//
// Chunk.Size counts only for a chunk that was never touched: it is the size that the chunk was learnt with. With Once false,
// the chunk counts as touched more than once; with Once true, as touched once if it was never touched, else as often as
// before. With an admission lookups are counted instead, so Once means nothing.
//
// With a TTL or KeepAges, [Stack.Advance] must have told a time that is no sooner than any touch of the chunks. Their times
// fall from the top down, and none is before that of a chunk that stays below. If a chunk is Expired, all below it are.
//
// Reorder takes time in proportion to the chunks that are given and 1/64 of the row of touches, and four bytes for each
// chunk. It panics if a chunk is unknown or given twice, and if times are out of order.
func (s *Stack) Reorder(chunks iter.Seq[Chunk]) {
	s.ReorderLayers(func(yield func(Layer) bool) {
		for c := range chunks {
			if !yield(Layer{Chunk: c, N: 1}) {
				return
			}
		}
	})
}

// ReorderLayers is [Stack.Reorder] for layers of chunks, which take less time than single ones.
func (s *Stack) ReorderLayers(layers iter.Seq[Layer]) {
	r := s.note(layers)
	if r.ids.len() == 0 {
		return
	}
	s.makeRoom(r.ids.len())
	s.move(&r)
	s.marks.recount()
	if s.ages != nil {
		s.ages.putOn(&r, s)
	}
	s.marks.set(s.next, r.ids.len())
	if s.weights != nil {
		s.weights.sum(&s.marks)
	}
	s.next += uint32(r.ids.len())
}

// reordered are chunks that are to be put on top of the stack, from the top down.
type reordered struct {
	ids    pages[uint32]
	sizes  []int64   // of those that are nowhere; none without weights
	stamps []fromTop // of those that have not expired; none without ages
}

// fromTop says when chunks were touched.
type fromTop struct {
	time float64
	upTo int // so many chunks from the top, those of the stamps before included
}

// note takes note of all that is known of the chunks but their places.
func (s *Stack) note(layers iter.Seq[Layer]) (r reordered) {
	for l := range layers {
		first := l.lowest()
		if end := int64(first) + int64(l.N); l.N < 1 || end > int64(s.place.len()) {
			panic(fmt.Sprintf("sim: Reorder of id %d, beside %d chunks", end-1, s.place.len()))
		}
		if !l.Once && s.admission == nil {
			s.seenAgain(first, l.N)
		}
		if s.ages != nil {
			r.stamp(&l)
		}
		c, step := l.Chunk, l.step()
		sized := s.weights != nil || c.Size != s.size
		for range l.N {
			if sized && s.place.at(c.ID) == nowhere {
				s.noteSize(c, &r)
			}
			r.ids.add(c.ID)
			c.ID += step
		}
	}
	return r
}

// noteSize takes note of the size of a chunk that was never touched.
func (s *Stack) noteSize(c Chunk, r *reordered) {
	switch {
	case s.weights != nil:
		r.sizes = append(r.sizes, c.Size)
	case !s.sizeUnknown: // else there may have been too many bytes to learn the size
		panic(fmt.Sprintf("sim: Reorder of id %d with %d bytes, and all chunks were learnt with %d", c.ID, c.Size, s.size))
	}
}

// move moves chunks to places above all others. It leaves the counts of the marks, and the sums of the weights, as they were.
func (s *Stack) move(r *reordered) {
	to, sizes := s.next+uint32(r.ids.len()), r.sizes
	for _, page := range r.ids.list {
		for _, id := range page {
			at := s.place.at(id)
			to--
			s.place.set(id, to)
			switch {
			case at == nowhere && s.admission == nil:
				s.once++
			case at == nowhere:
			case at < s.next:
				s.marks.words[at/64] &^= 1 << (at % 64)
			default:
				panic(fmt.Sprintf("sim: Reorder of id %d twice", id))
			}
			switch {
			case s.weights == nil:
			case at == nowhere:
				s.weights.put(to, s.weights.class(sizes[0]))
				sizes = sizes[1:]
			default:
				s.weights.put(to, s.weights.classAt(at))
			}
		}
	}
}

// fresh returns how many chunks from the top have not expired.
func (r *reordered) fresh() int {
	if len(r.stamps) == 0 {
		return 0
	}
	return r.stamps[len(r.stamps)-1].upTo
}

// stamp notes when the next chunks were touched.
func (r *reordered) stamp(l *Layer) {
	last := len(r.stamps) - 1
	switch {
	case l.Expired:
	case r.fresh() < r.ids.len():
		panic(fmt.Sprintf("sim: Reorder of chunk %d, which has not expired, below one that has", l.ID))
	case last >= 0 && r.stamps[last].time == l.Touched:
		r.stamps[last].upTo += l.N
	case last >= 0 && !(l.Touched < r.stamps[last].time):
		panic(fmt.Sprintf("sim: Reorder of a chunk touched at %g s below one touched at %g s", l.Touched, r.stamps[last].time))
	default:
		r.stamps = append(r.stamps, fromTop{l.Touched, r.ids.len() + l.N})
	}
}

// putOn takes in the times of chunks that are about to be put on top of the stack.
func (a *ages) putOn(r *reordered, s *Stack) {
	a.forget(&s.marks)
	top, fresh := s.next+uint32(r.ids.len()), r.fresh()
	switch {
	case fresh == r.ids.len():
	case a.kept:
		panic("sim: Reorder of chunks that have expired, with KeepAges")
	default:
		a.stamps, a.oldest = nil, top-uint32(fresh)
	}
	for _, t := range slices.Backward(r.stamps) {
		last := math.Inf(-1)
		if len(a.stamps) > 0 {
			last = a.stamps[len(a.stamps)-1].time
		}
		if !(last <= t.time && t.time <= a.now) {
			panic(fmt.Sprintf("sim: Reorder of chunks touched at %g s above those touched at %g s, at %g s", t.time, last, a.now))
		}
		a.stamps = append(a.stamps, stamp{t.time, top - uint32(t.upTo)})
	}
	if fresh > 0 {
		a.advance(a.now, top)
	}
}
