package sim

import "math/bits"

// touch moves the request's chunks to the top of the stack, in touch order, and finds the distance of each access. size is
// that of the new chunks; disagrees reports that a known chunk has another one.
func (s *Stack) touch(size int64) (disagrees bool) {
	s.distances = s.distances[:0]
	s.disagrees = false
	if s.order == HeadFirst {
		for _, r := range s.rows {
			for r.N > 0 {
				places := s.place.from(r.First, r.N)
				s.touchAll(touched{places: places, first: r.First}, size)
				r.First += uint32(len(places))
				r.N -= len(places)
			}
		}
		return s.disagrees
	}
	for i := len(s.rows) - 1; i >= 0; i-- {
		for r := s.rows[i]; r.N > 0; {
			places := s.place.upTo(r.First+uint32(r.N), r.N)
			r.N -= len(places)
			s.touchAll(touched{places: places, first: r.First + uint32(r.N), backwards: true}, size)
		}
	}
	return s.disagrees
}

// touched holds the places of chunks with consecutive ids, in touch order: from the first on, or from the last back.
type touched struct {
	places    []uint32
	first     uint32 // id of the chunk at places[0]
	backwards bool
}

// at returns the place of the chunk that is touched as number k, from 0.
func (t *touched) at(k int) *uint32 {
	if t.backwards {
		k = len(t.places) - 1 - k
	}
	return &t.places[k]
}

// id returns the id of the chunk that is touched as number k, from 0.
func (t *touched) id(k int) uint32 {
	if t.backwards {
		k = len(t.places) - 1 - k
	}
	return t.first + uint32(k)
}

// take moves the chunks that are touched first and have consecutive places from a place on, at most so many, to another
// place and those after it. The first n have been moved already. It returns their number, those n included.
func (t *touched) take(n int, from, to uint32, most int) int {
	for ; n < most; n++ {
		at := t.at(n)
		if *at != from+uint32(n) {
			break
		}
		*at = to + uint32(n)
	}
	return n
}

// cut cuts off the n chunks that are touched first, and returns the lowest of their ids.
func (t *touched) cut(n int) (lowest uint32) {
	if t.backwards {
		t.places = t.places[:len(t.places)-n]
		return t.first + uint32(len(t.places))
	}
	lowest = t.first
	t.places = t.places[n:]
	t.first += uint32(n)
	return lowest
}

func (s *Stack) touchAll(t touched, size int64) {
	for len(t.places) > 0 {
		var d Distance
		if *t.at(0) == nowhere {
			d = s.touchNew(&t, size)
		} else {
			d = s.touchRun(&t, size)
		}
		s.distances = append(s.distances, d)
	}
}

// touchNew puts the leading chunks that were never touched, and have one size, on top of the stack.
func (s *Stack) touchNew(t *touched, size int64) Distance {
	to, n, most := s.next, 0, len(t.places)
	if s.admission != nil {
		size, most = s.sizeOfFirst(t)
	}
	for ; n < most; n++ {
		at := t.at(n)
		if *at != nowhere {
			break
		}
		*at = to + uint32(n)
	}
	t.cut(n)
	s.marks.set(to, n)
	s.next += uint32(n)
	if s.weights != nil {
		s.weights.set(to, n, size)
	}
	if s.admission == nil {
		s.once += int64(n)
	}
	return Distance{N: n, Depth: never, Size: size}
}

// touchRun moves the longest leading run of neighbours in the stack, the lowest first, to its top. All have the distance of
// the first: each touch puts one chunk above the next one and takes away the one below it. All have one size, and either all
// have expired or none has.
func (s *Stack) touchRun(t *touched, size int64) Distance {
	from, to, most := *t.at(0), s.next, len(t.places)
	d := Distance{Depth: s.depth(from), Size: s.sizeAt(from)}
	if s.ages != nil && from < s.ages.oldest {
		d.Expired = true
		most = min(most, int(s.ages.oldest-from))
	}
	if s.weights == nil {
		d.N = t.take(0, from, to, most)
	} else {
		most = min(most, int(to-from))
		// Most runs are short, and the rest of a row can be long, so only twice as many places are compared as last time.
		for upTo := 0; d.N == upTo && upTo < most; {
			upTo = min(2*upTo+64, most)
			d.N = t.take(d.N, from, to, s.weights.alikeFrom(from, upTo))
		}
	}
	n := d.N
	s.disagrees = s.disagrees || size > 0 && d.Size > 0 && d.Size != size
	s.marks.move(from, to, n)
	s.next += uint32(n)
	if s.weights != nil {
		s.weights.move(from, to, n)
	}
	if lowest := t.cut(n); s.admission == nil {
		s.seenAgain(lowest, n)
	}
	return d
}

// seenAgain notes that n chunks with ids from first on have been touched before or, with an admission, looked up.
func (s *Stack) seenAgain(first uint32, n int) {
	for last := (int(first) + n - 1) / 64; last >= len(s.again); {
		s.again = append(s.again, 0)
	}
	eachWord(first, n, func(w int, mask uint64) {
		s.once -= int64(bits.OnesCount64(mask &^ s.again[w]))
		s.again[w] |= mask
	})
}

// touchedAgain reports whether a chunk that has been touched has been touched more than once.
func (s *Stack) touchedAgain(id uint32) bool {
	w := int(id / 64)
	return w < len(s.again) && s.again[w]>>(id%64)&1 != 0
}

// makeRoom makes room for n more touches. A row that is full is renumbered without its gaps, so places never run out.
func (s *Stack) makeRoom(n int) {
	if int64(s.next)+int64(n) <= int64(s.marks.len()) {
		return
	}
	old := s.newRow(n)
	ranks := old.ranks()
	for _, page := range s.place.list {
		for i, at := range page {
			if at != nowhere {
				page[i] = ranks[at/64] + onesBelow(old.words[at/64], at%64)
			}
		}
	}
}

// newRow begins a row of touches without gaps, with room for n more. The places of chunks are still those of the old row, which
// it returns.
func (s *Stack) newRow(n int) (old marks) {
	chunks := int(s.marks.total)
	old = s.marks
	if s.ages != nil {
		s.ages.compact(&old)
	}
	s.marks = newMarks(int(rowLength(int64(chunks), int64(n), s.most)))
	s.marks.set(0, chunks)
	if s.weights != nil {
		s.weights.compact(&old, &s.marks)
	}
	s.next = uint32(chunks)
	s.row++
	return old
}

// rowLength returns the length of a row of touches that holds so many chunks already and must take n more. It is four times
// what the row must hold, so that renumbering takes few steps for each touch since the last time. It is at most most, which is
// room enough: see maxPlaces.
func rowLength(chunks, n int64, most int64) int64 {
	return max(min(4*(chunks+n), most), minPlaces)
}
