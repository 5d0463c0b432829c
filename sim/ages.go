package sim

import (
	"fmt"
	"math"
	"slices"
)

// ages holds when the chunks of a stack were last touched. Touches take their places in order of time, so those of one
// moment are neighbours, and their time is kept once. The expired chunks are the bottom of the stack.
type ages struct {
	ttl    float64 // seconds
	now    float64 // seconds
	stamps []stamp // of touches that have not expired, in order of time and place
	most   int     // number of stamps at which those without a touch are forgotten
	oldest uint32  // the first place whose touch has not expired

	kept    bool     // for maxAges; ttl is +Inf then
	maxAges []MaxAge // of the request at hand
	partial []MaxAge // likewise
}

// stamp says when the touches from a place on were made.
type stamp struct {
	time  float64
	first uint32 // place
}

// SetTTL makes chunks expire: a chunk whose last touch was more than ttl seconds ago is in no cache, whatever its capacity.
// [Stack.Advance] must tell the time before the first lookup, and whenever it moves on. SetTTL panics unless ttl > 0, if
// there is a TTL or ages are kept, and if a request has been looked up.
func (s *Stack) SetTTL(ttl float64) {
	switch {
	case !(ttl > 0):
		panic(fmt.Sprintf("sim: a TTL of %g s", ttl))
	case s.ages != nil:
		panic("sim: SetTTL after SetTTL or KeepAges")
	case s.lookups > 0:
		panic("sim: SetTTL after the first lookup")
	}
	s.ages = &ages{ttl: ttl, now: math.Inf(-1)}
}

// Advance tells the time of the lookups and touches that follow, in seconds since any fixed moment. It does nothing without
// a TTL and without KeepAges. With either it panics if now is not finite or before the time that was told last.
func (s *Stack) Advance(now float64) {
	if s.ages != nil {
		s.ages.advance(now, s.next)
	}
}

// advance moves the time on, and expires the touches that are too old. next is the place of the next touch.
func (a *ages) advance(now float64, next uint32) {
	if !(now >= a.now) || math.IsInf(now, 0) {
		panic(fmt.Sprintf("sim: Advance to %g s after %g s", now, a.now))
	}
	a.now = now
	gone := 0
	for gone < len(a.stamps) && now-a.stamps[gone].time > a.ttl {
		gone++
	}
	if gone == 0 {
		return
	}
	a.stamps = a.stamps[gone:]
	a.oldest = next
	if len(a.stamps) > 0 {
		a.oldest = a.stamps[0].first
	}
}

// stamp notes that the touches from the place first on are made now. m has the touches so far.
func (a *ages) stamp(first uint32, m *marks) {
	if len(a.stamps) >= max(a.most, minStamps) {
		a.forget(m)
		a.most = 2 * len(a.stamps)
	}
	if n := len(a.stamps); n > 0 && (a.stamps[n-1].time == a.now || a.stamps[n-1].first == first) {
		a.stamps[n-1].time = a.now
		return
	}
	a.stamps = append(a.stamps, stamp{a.now, first})
}

// minStamps is a number of stamps too small to be worth forgetting any.
const minStamps = 256

// forget drops the stamps of which no touch is left, so that there are no more of them than chunks, whatever the number of
// requests.
func (a *ages) forget(m *marks) {
	kept := a.stamps[:0]
	for i, s := range a.stamps {
		end := uint32(m.len())
		if i+1 < len(a.stamps) {
			end = min(end, a.stamps[i+1].first)
		}
		if m.any(s.first, end) {
			kept = append(kept, s)
		}
	}
	a.stamps = kept
}

// unexpired returns how many chunks of the stack have not expired.
func (a *ages) unexpired(s *Stack) int64 {
	if a.oldest == s.next {
		return 0
	}
	return s.marks.from(a.oldest)
}

// compact translates all places as a row of touches, m, loses its gaps. Times of which no touch is left are forgotten.
func (a *ages) compact(m *marks) {
	rank := func(place uint32) uint32 { return uint32(m.total - m.from(place)) }
	if int(a.oldest) < m.len() {
		a.oldest = rank(a.oldest)
	} else {
		a.oldest = uint32(m.total)
	}
	kept := make([]stamp, 0, len(a.stamps))
	for _, s := range a.stamps {
		if int(s.first) < m.len() {
			s.first = rank(s.first)
		} else {
			s.first = uint32(m.total)
		}
		if n := len(kept); n > 0 && kept[n-1].first == s.first {
			n--
			kept = kept[:n]
		}
		kept = append(kept, s)
	}
	a.stamps = kept
}

// lookUp lets ages act on the lookup at hand: they cut its runs where chunks expire, or give its largest ages.
func (a *ages) lookUp(s *Stack) {
	if math.IsInf(a.now, -1) {
		panic("sim: LookUp with a TTL or KeepAges before Advance has told the time")
	}
	if a.kept {
		a.maxAges = a.largest(a.maxAges[:0], s, false)
	} else {
		s.expireRuns()
	}
}

// expireRuns cuts the runs of a lookup where the expired chunks begin, which are deeper in the stack than all others.
func (s *Stack) expireRuns() {
	unexpired := s.ages.unexpired(s)
	for i := 0; i < len(s.runs); i++ {
		run := &s.runs[i]
		if run.Need.Chunks == Never {
			continue
		}
		run.Expired = run.Need.Chunks > unexpired
		if n := run.until(unexpired); n < run.N {
			rest := Run{N: run.N - n, Need: run.NeedAt(n), Step: run.Step, Size: run.Size}
			run.N = n
			s.runs = slices.Insert(s.runs, i+1, rest)
		}
	}
}

// until returns how many leading chunks of a run are on the same side of a depth in chunks as the first.
func (r Run) until(depth int64) int {
	switch first := r.Need.Chunks; {
	case r.Step > 0 && first <= depth:
		return int(min(int64(r.N), depth-first+1))
	case r.Step < 0 && first > depth:
		return int(min(int64(r.N), first-depth))
	}
	return r.N
}
