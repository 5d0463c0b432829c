package sim

import (
	"fmt"
	"math/bits"
	"slices"
)

// Keep forgets all chunks but the n most recently touched ones, expired chunks included. So every need of at most n chunks
// stays what it was; a forgotten chunk is like one that was never seen, and takes the size of the lookup that brings it back.
// A caller that does this whenever K + K/2 chunks are known, with n = K, has exact figures for all capacities up to K, in
// memory that does not grow with the log. For a K in bytes n is that of [Stack.Reaching]. The chunks that remain then have at
// least K bytes, so they hide what is below, even below another stack that [Stack.Reorder] puts them on.
//
// waiting are all touches that have yet to take effect, in order of their lookups. Their chunks stay known. Those that are
// not among the n are as if they had been looked up, but never touched.
//
// The chunks that stay known are numbered anew in order of their ids. So ids that were consecutive stay so, unless a chunk
// between them is forgotten. Keep returns the old ids in that order: the chunk kept[i] now has the id i. [Touches.Renumber]
// tells the waiting touches, and [Index.Keep] the index. kept is valid until the next Keep. Everything that the index has
// numbered must have been looked up by then. What the last lookup and the last touch have returned stays valid, but for
// touches.
//
// From then on UniqueChunks, UniqueBytes and SeenOnce are those of the chunks that are known. SizesKnown, UniformSize and
// SmallestSize go on to tell about all chunks ever seen. A [Batched] stays right if it holds at most n chunks; Keep comes
// after its Evict.
//
// Keep takes time in proportion to the number of known chunks. The stack keeps the memory of what it returns, four bytes for
// each chunk that stays known, and memory for half as many chunks again. It panics if n < 0, and with an admission, which
// must count all lookups.
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
		if n > 0 {
			s.learnSizes(n, s.affordable(n, waiting[i].size))
		}
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
	if n := int(old.total) + held; cap(s.kept) < n {
		s.kept = make([]uint32, 0, n)
	}
	kept = s.kept[:0]
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
	s.kept = kept
	s.place.shrink(len(kept))
	words := (len(kept) + 63) / 64
	s.again = slices.Clone(s.again[:min(words, len(s.again))])
	if last := len(kept) % 64; last > 0 && len(s.again) == words {
		s.again[words-1] &= 1<<last - 1
	}
	s.kept = kept
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

// Keep forgets all keys but those with the given ids, which rise, and numbers them anew from 0 in that order. It takes no
// memory but about two bits for each old key, and leaves the table as large as it is. Keep panics if ids do not rise, or if
// one is not that of a key.
func (x *Index) Keep(ids []uint32) {
	kept := newRenumbering(x.Len(), ids)
	for i, id := range ids {
		x.keys.set(uint32(i), x.keys.at(id))
	}
	x.keys.shrink(len(ids))
	for i := 0; i < len(x.segments); i += len(x.segments) >> x.segments[i].depth {
		x.segments[i].keep(kept)
	}
	crowd := x.crowd
	x.crowd = nil
	for key, id := range crowd {
		if kept.has(id) {
			x.number(key, kept.id(id)) // its segment may have room now
		}
	}
}

// renumbering translates ids from before to after some have been forgotten.
type renumbering struct {
	kept  []uint64 // by old id, a bit
	ranks []uint32 // by word of kept, how many bits are set in the words below
}

// newRenumbering returns the renumbering that keeps the given ids of n.
func newRenumbering(n int, ids []uint32) renumbering {
	r := renumbering{make([]uint64, (n+63)/64), make([]uint32, (n+63)/64)}
	for i, id := range ids {
		if int(id) >= n || i > 0 && id <= ids[i-1] {
			panic(fmt.Sprintf("sim: Keep of id %d as number %d of %d keys", id, i, n))
		}
		r.kept[id/64] |= 1 << (id % 64)
	}
	sum := uint32(0)
	for w, word := range r.kept {
		r.ranks[w] = sum
		sum += uint32(bits.OnesCount64(word))
	}
	return r
}

func (r *renumbering) has(id uint32) bool { return r.kept[id/64]>>(id%64)&1 != 0 }

// id returns the new id of one that is kept.
func (r *renumbering) id(old uint32) uint32 {
	return r.ranks[old/64] + onesBelow(r.kept[old/64], old%64)
}

// keep removes the keys from a segment that are not kept, and numbers the others anew. The slots are visited in the order in
// which searches visit them, so a key that moves moves back, to a slot that has been visited.
func (s *segment) keep(r renumbering) {
	mask := uint64(len(s.slots) - 1)
	start := uint64(0)
	for s.tags[start] != 0 { // an empty slot is in front of each stretch that belongs together
		start++
	}
	s.room = roomOf(len(s.slots))
	for i := range mask {
		at := (start + 1 + i) & mask
		tag := s.tags[at]
		if tag == 0 {
			continue
		}
		s.setTag(at, 0)
		if slot, id := s.slots[at], s.idAt(at); r.has(id) {
			s.put(s.gap(s.home(slot)), tag, slot&upperHalf|uint64(r.id(id)+1))
		}
	}
}
