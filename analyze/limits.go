package analyze

import (
	"math/bits"
	"slices"

	"hashlog/analyze/internal/histogram"
)

// limits are capacities in one unit, rising, without duplicates. They find the one that a depth needs by the depth's number of bits.
type limits struct {
	list  []int64
	first []int // index of the first limit above 2^(bits−1), by number of bits
	// many makes a list of hits have an element for each limit up to the largest one reached, so that none has to be looked for.
	many bool
}

func newLimits(list []int64) limits {
	l := limits{list: list, first: make([]int, 65)}
	for n := 1; n < len(l.first); n++ {
		l.first[n], _ = slices.BinarySearchFunc(list, uint64(1)<<(n-1), func(limit int64, power uint64) int {
			if uint64(limit) > power {
				return 1
			}
			return -1
		})
	}
	return l
}

// reach returns the index of the first limit that is at least a depth ≥ 0; the number of limits if there is none.
func (l *limits) reach(depth int64) int {
	if depth == 0 {
		return 0
	}
	n := bits.Len64(uint64(depth - 1))
	from, to := l.first[n], len(l.list)
	if n+1 < len(l.first) {
		to = l.first[n+1]
	}
	for from < to { // mostly one step: slices.BinarySearch takes longer
		if middle := (from + to) / 2; l.list[middle] < depth {
			from = middle + 1
		} else {
			to = middle
		}
	}
	return from
}

// addSpan adds a span to the limits that its depths reach, one limit at a time.
func (l *limits) addSpan(hits []hitsFrom, s histogram.Span) []hitsFrom {
	for s.N > 0 {
		at := l.reach(s.Lo)
		if at == len(l.list) {
			break
		}
		n := s.UpTo(l.list[at])
		hits = l.add(hits, hitsFrom{at, n * s.Weight})
		s.Lo += n * s.Step
		s.N -= n
	}
	return hits
}

// add adds tokens that count from a limit on.
func (l *limits) add(hits []hitsFrom, more hitsFrom) []hitsFrom {
	if !l.many {
		return addHits(hits, more)
	}
	hits = reaching(hits, more.capacity)
	hits[more.capacity].tokens += more.tokens
	return hits
}

// reaching returns hits with an element for each limit up to one.
func reaching(hits []hitsFrom, at int) []hitsFrom {
	for len(hits) <= at {
		hits = append(hits, hitsFrom{capacity: len(hits)})
	}
	return hits
}
