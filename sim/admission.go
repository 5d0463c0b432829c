package sim

import (
	"cmp"
	"fmt"
	"slices"
)

// MaxAdmission is the largest number that [Stack.SetAdmission] takes.
const MaxAdmission = 255

// admission counts the lookups of chunks, and tells which of them have been looked up often enough to be touched. It takes
// a byte for each unique chunk, and four more if chunks have unlike sizes.
type admission struct {
	from   uint8         // number of the lookup from which on a chunk is touched, ≥ 1
	counts pages[uint8]  // by id: requests that have looked the chunk up, at most from
	sizes  pages[uint32] // by id: the number, in weights, of the size that the chunk was first seen with; no elements while there are no weights

	admitted []Row // of the request at hand
	distinct []Row // of the request at hand, without duplicates
	runs     []Run // of the request at hand
}

// SetAdmission makes the stack touch a chunk only from its nth lookup on: the touches of a request are those of the chunks
// that at least n requests have looked up, this one included. A request counts once, wherever in it the chunk is, and however
// often. Counts are never reset, and whether a chunk is touched is decided at the lookup, even if the touches take effect
// later.
//
// A chunk that was never touched is in no cache. So a stack with an admission is still one stack, exact at every capacity.
//
// SetAdmission panics unless 1 ≤ n ≤ MaxAdmission, and if a request has been looked up.
func (s *Stack) SetAdmission(n int) {
	switch {
	case n < 1 || n > MaxAdmission:
		panic(fmt.Sprintf("sim: admission from lookup %d on", n))
	case s.lookups > 0 || s.place.len() > 0:
		panic("sim: SetAdmission after the first lookup")
	}
	s.admission = &admission{from: uint8(n)}
}

// admit counts a lookup, and leaves only the touches of chunks that are admitted. It marks the runs of those that were not
// admitted before.
func (s *Stack) admit(t *Touches) {
	t.disagrees = s.tellApart(t.rows, t.size)
	s.admission.count(t.rows)
	t.rows, t.n = s.admission.choose(t.rows)
}

// tellApart cuts the runs of chunks that are nowhere, so that either all chunks of a run were refused so far or none was.
// disagrees reports that one of them has another size than the request's.
func (s *Stack) tellApart(rows []Row, size int64) (disagrees bool) {
	a := s.admission
	a.runs = a.runs[:0]
	ids := cursor{rows: rows}
	for _, run := range s.runs {
		if run.Need.Chunks != Never {
			a.runs = append(a.runs, run)
			ids.skip(run.N)
			continue
		}
		for left := run.N; left > 0; {
			r := ids.take(left)
			left -= r.N
			for r.N > 0 {
				count, n := a.alike(r)
				a.addNowhere(n, count > 0 && count < a.from)
				disagrees = disagrees || count > 0 && s.firstSizeDiffers(r.First, n, size)
				r.First += uint32(n)
				r.N -= n
			}
		}
	}
	s.runs, a.runs = a.runs, s.runs
	return disagrees
}

// alike returns how often the first chunk of a row was looked up, and how many chunks from there on were looked up as
// often. It may stop early, at the end of a page.
func (a *admission) alike(r Row) (count uint8, n int) {
	counts := a.counts.from(r.First, r.N)
	for n = 1; n < len(counts) && counts[n] == counts[0]; n++ {
	}
	return counts[0], n
}

// addNowhere adds chunks that are nowhere to the runs.
func (a *admission) addNowhere(n int, refused bool) {
	if last := len(a.runs) - 1; last >= 0 && a.runs[last].Need.Chunks == Never && a.runs[last].Refused == refused {
		a.runs[last].N += n
		return
	}
	a.runs = append(a.runs, Run{N: n, Need: never, Refused: refused})
}

// count counts a request's lookup of its chunks, each once.
func (a *admission) count(rows []Row) {
	a.distinct = distinctRows(a.distinct[:0], rows)
	for _, r := range a.distinct {
		for r.N > 0 {
			counts := a.counts.from(r.First, r.N)
			for i, count := range counts {
				counts[i] = min(count, a.from-1) + 1
			}
			r.First += uint32(len(counts))
			r.N -= len(counts)
		}
	}
}

// choose returns the chunks that are admitted, in the order of rows, and their number.
func (a *admission) choose(rows []Row) (admitted []Row, n int) {
	a.admitted = a.admitted[:0]
	for _, r := range rows {
		for r.N > 0 {
			count, alike := a.alike(r)
			if count == a.from {
				a.admitted = appendIDs(a.admitted, 0, r.First, alike)
				n += alike
			}
			r.First += uint32(alike)
			r.N -= alike
		}
	}
	return a.admitted, n
}

// distinctRows appends to dst rows with the same ids, each once.
func distinctRows(dst, rows []Row) []Row {
	dst = append(dst, rows...)
	slices.SortFunc(dst, func(a, b Row) int { return cmp.Compare(a.First, b.First) })
	n := 0 // of the rows that remain
	for _, r := range dst {
		if n > 0 && r.First < dst[n-1].end() {
			last := &dst[n-1]
			last.N = int(max(last.end(), r.end()) - last.First)
			continue
		}
		dst[n] = r
		n++
	}
	return dst[:n]
}

// learnAdmission takes in n new chunks, which are nowhere yet. size is theirs. Later requests may have other sizes for them.
func (s *Stack) learnAdmission(n int, size int64) {
	a := s.admission
	a.counts.appendN(0, n)
	if s.weights != nil {
		before := s.place.len() - n
		a.sizes.appendN(0, before-a.sizes.len()) // the size that all had until there were weights
		a.sizes.appendN(s.weights.class(size), n)
	}
}

// firstSize returns the size that a chunk was first seen with.
func (s *Stack) firstSize(id uint32) int64 {
	if s.weights == nil {
		return s.size
	}
	return s.weights.sizes[s.admission.sizes.at(id)]
}

// firstSizeDiffers reports whether any of n chunks, from an id on, was first seen with another size.
func (s *Stack) firstSizeDiffers(first uint32, n int, size int64) bool {
	for id := first; id < first+uint32(n) && size > 0; id++ {
		if known := s.firstSize(id); known > 0 && known != size {
			return true
		}
		if s.weights == nil {
			return false // all have one size
		}
	}
	return false
}

// sizeOfFirst returns the size of the chunk that is touched first, and how many chunks from there on have it. It looks no
// further than to the first one that was touched before.
func (s *Stack) sizeOfFirst(t *touched) (size int64, n int) {
	size = s.firstSize(t.id(0))
	if s.weights == nil {
		return size, len(t.places) // all have one size
	}
	for n = 1; n < len(t.places) && *t.at(n) == nowhere && s.firstSize(t.id(n)) == size; n++ {
	}
	return size, n
}

// seen notes which chunks of a request have been looked up before, or are looked up twice in it. New ones are not known yet.
func (s *Stack) seen(rows []Row) {
	known := s.place.len()
	for _, r := range rows {
		again := min(r.N, max(0, known-int(r.First)))
		if again > 0 {
			s.seenAgain(r.First, again)
		}
		s.once += int64(r.N - again)
		known = max(known, int(r.end()))
	}
}

// cursor goes through the ids of rows.
type cursor struct {
	rows []Row
	done int // chunks of the first row that are behind
}

// take returns the next ids that are consecutive, at most so many of them.
func (c *cursor) take(most int) Row {
	r := c.rows[0]
	r.First += uint32(c.done)
	r.N = min(r.N-c.done, most)
	if c.done += r.N; c.done == c.rows[0].N {
		c.rows, c.done = c.rows[1:], 0
	}
	return r
}

// skip goes past n ids.
func (c *cursor) skip(n int) {
	for n > 0 {
		n -= c.take(n).N
	}
}
