package sim

import (
	"math"
	"sort"
)

// MaxAge is a stretch of consecutive chunks of a request whose prefixes all have the same largest age. What need is to the
// capacity of a cache, age is to its TTL: with the TTL T, a prefix hits iff its largest need is at most the capacity and its
// largest age at most T.
type MaxAge struct {
	N       int     // number of chunks, ≥ 1
	Seconds float64 // from the last touch of the oldest chunk of the prefix until now
}

// KeepAges makes each lookup find the largest ages of its prefixes, for [Stack.MaxAges]; no chunk expires. A stack has
// either this or a TTL. [Stack.Advance] must tell the time before the first lookup, and whenever it moves on. KeepAges
// panics if there is a TTL, and if a request has been looked up.
func (s *Stack) KeepAges() {
	switch {
	case s.ages != nil:
		panic("sim: KeepAges after SetTTL or KeepAges")
	case s.lookups > 0:
		panic("sim: KeepAges after the first lookup")
	}
	s.ages = &ages{ttl: math.Inf(1), now: math.Inf(-1), kept: true}
}

// MaxAges returns the largest ages of the prefixes of the last lookup, which never fall from one stretch to the next.
// They end before the first chunk that was never touched, and are valid until the next lookup. MaxAges panics without KeepAges.
func (s *Stack) MaxAges() []MaxAge {
	if s.ages == nil || !s.ages.kept {
		panic("sim: MaxAges without KeepAges")
	}
	return s.ages.maxAges
}

// PartialAges returns the largest ages of the prefixes of the last lookup as far as they are known, for all its chunks: those
// that were never touched are counted, and have no age. It is 0 before the first chunk that was touched. Whoever knows
// more about the others takes the larger of the two. The ages are valid until the next lookup; PartialAges comes before the next
// touch. It panics without KeepAges.
func (s *Stack) PartialAges() []MaxAge {
	if s.ages == nil || !s.ages.kept {
		panic("sim: PartialAges without KeepAges")
	}
	a := s.ages
	a.partial = a.largest(a.partial[:0], s, true)
	return a.partial
}

// largest appends the largest ages of the prefixes of a lookup to dst. If they are partial, chunks that are nowhere have no age, else the
// ages end there. The lower a chunk's place, the older it is. So only a chunk at a place below those touched together with
// the oldest one so far can raise the maximum.
func (a *ages) largest(dst []MaxAge, s *Stack, partial bool) []MaxAge {
	bottom := uint32(nowhere) // the lowest of the places touched together with the oldest chunk so far
	row, skip := 0, 0         // the next run begins after skip chunks of this row
	for _, run := range s.runs {
		switch {
		case run.Need.Chunks != Never:
			dst, bottom = a.addRun(dst, run, s.place.at(s.rows[row].First+uint32(skip)), bottom)
		case !partial:
			return dst
		case len(dst) == 0:
			dst = append(dst, MaxAge{N: run.N})
		default:
			dst[len(dst)-1].N += run.N
		}
		for skip += run.N; row < len(s.rows) && skip >= s.rows[row].N; row++ {
			skip -= s.rows[row].N
		}
	}
	return dst
}

// addRun appends the largest ages up to each chunk of a run, which begins at a place. It returns the new bottom.
func (a *ages) addRun(dst []MaxAge, run Run, at, bottom uint32) ([]MaxAge, uint32) {
	for left := run.N; left > 0; {
		if at < bottom {
			touched := a.stampAt(at)
			bottom = touched.first
			if age := a.now - touched.time; len(dst) == 0 || age > dst[len(dst)-1].Seconds {
				dst = append(dst, MaxAge{Seconds: age})
			}
		}
		n := left
		if run.Step > 0 {
			n = int(min(int64(n), int64(at-bottom)+1))
		}
		dst[len(dst)-1].N += n
		left -= n
		at -= uint32(n) // means something only if the run goes down
	}
	return dst, bottom
}

// stampAt returns the stamp of the touch at a place.
func (a *ages) stampAt(place uint32) stamp {
	after := sort.Search(len(a.stamps), func(i int) bool { return a.stamps[i].first > place })
	return a.stamps[after-1]
}
