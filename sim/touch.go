package sim

import "slices"

// touch moves the request's chunks to the top of the stack, in touch order, and finds each access's distance as it is
// touched. size is that of the chunks that are new.
func (s *Stack) touch(size int64) {
	if s.order == TailFirst {
		slices.Reverse(s.ids)
	}
	s.distances = s.distances[:0]
	for ids := s.ids; len(ids) > 0; {
		var d Distance
		if s.place[ids[0]] == nowhere {
			d = s.touchNew(ids, size)
		} else {
			d = s.touchRun(ids)
		}
		s.distances = append(s.distances, d)
		ids = ids[d.N:]
	}
}

// touchNew puts the never-touched chunks at the head of ids on top of the stack. A chunk that stands twice among them is
// new only once.
func (s *Stack) touchNew(ids []uint32, size int64) Distance {
	first, n := s.next, 0
	for n < len(ids) && s.place[ids[n]] == nowhere {
		s.place[ids[n]] = first + uint32(n)
		n++
	}
	s.mark(first, n)
	if s.weights != nil {
		s.weights.set(first, n, size)
	}
	s.once += int64(n)
	return Distance{N: n, Depth: never}
}

// touchRun moves the longest run of neighbours in the stack at the head of ids, lowest first, to its top. All have the
// distance of the first: each touch puts one chunk above the next and takes away the one below it.
func (s *Stack) touchRun(ids []uint32) Distance {
	from := s.place[ids[0]]
	n := 1
	for n < len(ids) && s.place[ids[n]] == from+uint32(n) {
		n++
	}
	d := Distance{N: n, Depth: s.depth(from)}
	to := s.next
	s.marks.clear(from, n)
	s.mark(to, n)
	if s.weights != nil {
		s.weights.move(from, to, n)
	}
	for i, id := range ids[:n] {
		s.place[id] = to + uint32(i)
		s.seenAgain(id)
	}
	return d
}

// mark marks n touches at the top of the stack.
func (s *Stack) mark(first uint32, n int) {
	s.marks.set(first, n)
	s.next += uint32(n)
}

// seenAgain notes that a chunk has been touched before.
func (s *Stack) seenAgain(id uint32) {
	word, bit := int(id/64), uint64(1)<<(id%64)
	for word >= len(s.again) {
		s.again = append(s.again, 0)
	}
	if s.again[word]&bit == 0 {
		s.again[word] |= bit
		s.once--
	}
}

// makeRoom sees to it that n more touches can be marked. When the row is full it is renumbered without its gaps, into a
// row with at least as much room as there are chunks, so that the work is spread over as many touches as it takes steps.
func (s *Stack) makeRoom(n int) {
	if int(s.next)+n <= s.marks.len() {
		return
	}
	chunks := int(s.marks.total)
	old := s.marks
	s.marks = newMarks(max(2*(chunks+n), minPlaces))
	s.marks.fill(chunks)
	if s.weights != nil {
		s.weights.compact(&old, s.marks.len())
	}
	ranks := old.ranks()
	for id, at := range s.place {
		if at != nowhere {
			s.place[id] = ranks[at/64] + onesBelow(old.words[at/64], at%64)
		}
	}
	s.next = uint32(chunks)
}
