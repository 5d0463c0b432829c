package sim

import (
	"fmt"
	"slices"
)

// Keep forgets all chunks but the n most recently touched ones, expired chunks included. So every need of at most n chunks
// stays what it was; a forgotten chunk is like one that was never seen, and takes the size of the lookup that brings it back. A
// caller that keeps more than K chunks now and then, n = K whenever K+K/2 are known, has exact figures for all
// capacities up to K, in memory that does not grow with the log.
//
// waiting are all touches that have yet to take effect, in order of their lookups. Their chunks stay known. Those that are not
// among the n are as if they had been looked up, but never touched.
//
// The chunks that stay known are numbered anew in order of their ids. So ids that were consecutive stay so, unless a chunk
// between them is forgotten. Keep returns the old ids in that order: the chunk kept[i] now has the id i. [Touches.Renumber] tells the
// waiting touches, and [Index.Keep] the index. Everything that the index has numbered must have been looked up by then.
// What the last lookup and the last touch have returned stays valid, but for touches.
//
// From then on UniqueChunks, UniqueBytes and SeenOnce are those of the chunks that are known. SizesKnown,
// UniformSize and SmallestSize go on to tell about all chunks ever seen. A [Batched] stays right if it holds at most n
// chunks; Keep comes after its Evict.
//
// Keep takes time in proportion to the number of known chunks, and the memory of what it returns. It panics if n < 0, and
// with an admission, which must count all lookups.
func (s *Stack) Keep(n int64, waiting ...Touches) (kept []uint32) {
	switch {
	case n < 0:
		panic(fmt.Sprintf("sim: Keep of %d chunks", n))
	case s.admission != nil:
		panic("sim: Keep with an admission")
	}
	s.marks.keepTop(n)
	held := s.hold(waiting)
	old := s.newRow(0)
	kept = s.keepPlaces(&old, held)
	s.bytes = s.marks.total * s.size
	if s.weights != nil {
		s.bytes = s.weights.total
	}
	for i, n := range held.chunks {
		s.learnSizes(n, s.affordable(n, waiting[i].size))
	}
	return kept
}

// held are the chunks of waiting touches.
type held struct {
	ids    []uint64 // by id, a bit; nil if there are none
	chunks []int    // by touches: those that are not in the stack, each counted once
}

// hold returns the chunks of waiting touches.
func (s *Stack) hold(waiting []Touches) (h held) {
	if len(waiting) == 0 {
		return h
	}
	h.ids, h.chunks = make([]uint64, (s.place.len()+63)/64), make([]int, len(waiting))
	for i, t := range waiting {
		for _, r := range t.rows {
			for id := r.First; id < r.end(); id++ {
				if h.has(id) {
					continue
				}
				h.ids[id/64] |= 1 << (id % 64)
				if at := s.place.at(id); at == nowhere || !s.marks.has(at) {
					h.chunks[i]++
				}
			}
		}
	}
	return h
}

func (h *held) has(id uint32) bool { return h.ids != nil && h.ids[id/64]>>(id%64)&1 != 0 }

// keepPlaces numbers the chunks anew that are held or that a row of touches, old, has marked. It gives them the places of the
// new row, and returns their ids so far.
func (s *Stack) keepPlaces(old *marks, h held) (kept []uint32) {
	held := 0
	for _, n := range h.chunks {
		held += n
	}
	kept = make([]uint32, 0, int(old.total)+held)
	ranks := old.ranks()
	s.once = 0
	for p, page := range s.place.list {
		for i, at := range page {
			id := uint32(p<<pageBits + i)
			switch {
			case at != nowhere && old.has(at):
				at = ranks[at/64] + onesBelow(old.words[at/64], at%64)
			case h.has(id):
				at = nowhere
			default:
				continue
			}
			s.keepAgain(id, uint32(len(kept)), at != nowhere)
			s.place.set(uint32(len(kept)), at)
			kept = append(kept, id)
		}
	}
	s.place.shrink(len(kept))
	words := (len(kept) + 63) / 64
	s.again = slices.Clone(s.again[:min(words, len(s.again))])
	if last := len(kept) % 64; last > 0 && len(s.again) == words {
		s.again[words-1] &= 1<<last - 1
	}
	return kept
}

// keepAgain moves what is known of a chunk's touches to a new id, which is at most the old one.
func (s *Stack) keepAgain(id, to uint32, touched bool) {
	again := touched && s.touchedAgain(id)
	if touched && !again {
		s.once++
	}
	if w := int(to / 64); w < len(s.again) {
		s.again[w] &^= 1 << (to % 64)
		if again {
			s.again[w] |= 1 << (to % 64)
		}
	}
}

// Renumber returns touches that wait with the ids that [Stack.Keep] has given their chunks. kept is what it returned.
func (t Touches) Renumber(kept []uint32) Touches {
	t.rows = slices.Clone(t.rows)
	for i := range t.rows {
		id, ok := slices.BinarySearch(kept, t.rows[i].First)
		if !ok {
			panic(fmt.Sprintf("sim: Renumber of touches of id %d, which was not kept", t.rows[i].First))
		}
		t.rows[i].First = uint32(id) // all chunks of a row are kept, so they have consecutive ids again
	}
	return t
}

// Keep forgets all keys but those with the given ids, which rise, and numbers them anew from 0 in that order. It reuses the
// memory of the index, or leaves it to the garbage collector before it takes other memory. Keep panics if ids do not rise, or if one is not
// that of a key.
func (x *Index) Keep(ids []uint32) {
	for i, id := range ids {
		if int(id) >= x.Len() || i > 0 && id <= ids[i-1] {
			panic(fmt.Sprintf("sim: Keep of id %d as number %d of %d keys", id, i, x.Len()))
		}
	}
	if len(ids) == x.Len() {
		return
	}
	for i, id := range ids {
		x.keys.set(uint32(i), x.keys.at(id))
	}
	x.keys.shrink(len(ids))
	x.clear(len(ids))
	for first := 0; first < len(ids); {
		keys := x.keys.from(uint32(first), insertedTogether)
		x.renumber(keys, uint32(first))
		first += len(keys)
	}
}

// renumber puts a few keys that are listed, and not in the table, into the table. first is the id of the first.
func (x *Index) renumber(keys []Key, first uint32) {
	if canPrefetch {
		x.prefetch(keys)
	}
	for i, key := range keys {
		if id := first + uint32(i); !x.numberQuickly(key, id) {
			x.number(key, id)
		}
	}
}

// clear empties the table, which is about to take so many keys. A table that is far too large for them begins anew.
func (x *Index) clear(keys int) {
	x.crowd, x.probes = nil, nil
	slots := 0
	x.eachSegment(func(s *segment) { slots += len(s.slots) })
	if keys < slots/8 {
		anew := newIndex(x.most)
		x.segments, x.shift, x.spare = anew.segments, anew.shift, nil
		return
	}
	x.eachSegment(func(s *segment) {
		clear(s.tags)
		s.reset(s.depth)
	})
}

// eachSegment calls f for each segment once.
func (x *Index) eachSegment(f func(s *segment)) {
	for i := 0; i < len(x.segments); i += len(x.segments) >> x.segments[i].depth {
		f(x.segments[i])
	}
}
