package analyze

import (
	"slices"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// partHits are the tokens of one part of the log (a window, a model or a class) of one quantity: hit tokens by demand, or
// others by need. The capacities are indices into the lists of a [partCounter], which alone can interpret them.
type partHits struct {
	chunks, bytes []hitsFrom // by capacity in that unit; most parts use one
}

// hitsFrom is a capacity, as an index into a list, and the tokens that count there but at no smaller capacity of the list.
type hitsFrom struct {
	capacity int
	tokens   int64
}

// partCounter counts the tokens of parts of the log at a list of capacities fixed beforehand.
type partCounter interface {
	// add counts a request in a part, by a quantity of tokens.
	add(h *partHits, q *request, what quantity)
	// tokens returns the tokens of a part at a capacity of the list.
	tokens(h *partHits, c units.Capacity) int64
}

// tokensAt returns the tokens of a part at a capacity of a counter's list, by quantity.
func tokensAt(counter partCounter, found *[quantities]partHits, c units.Capacity) (sums [quantities]int64) {
	for what := range sums {
		sums[what] = counter.tokens(&found[what], c)
	}
	return sums
}

// newPartCounter returns a counter for some capacities or, if there are none, for all that may be chosen after the replay.
// cs are the caches that evict in batches; nil if the cache is a plain LRU.
func newPartCounter(cs *caches, capacities []units.Capacity) partCounter {
	switch {
	case cs != nil:
		return newCacheSet(cs, capacities)
	case len(capacities) == 0:
		return powersOfTwo()
	}
	return newCapacitySet(capacities)
}

// capacitySet counts parts of the log at capacities of a plain LRU.
type capacitySet struct {
	chunks, bytes []int64 // rising, without duplicates
}

// newCapacitySet returns the set of some capacities. An unlimited one is a number of chunks that no depth exceeds.
func newCapacitySet(capacities []units.Capacity) *capacitySet {
	var s capacitySet
	for _, c := range capacities {
		if c.Unit == units.Bytes {
			s.bytes = append(s.bytes, c.N)
		} else {
			s.chunks = append(s.chunks, c.Limit())
		}
	}
	for _, list := range []*[]int64{&s.chunks, &s.bytes} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return &s
}

// powersOfTwo returns the set of all powers of two in both units, and unlimited.
func powersOfTwo() *capacitySet {
	capacities := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n > 0; n <<= 1 {
		capacities = append(capacities, units.InChunks(n), units.InBytes(n))
	}
	return newCapacitySet(capacities)
}

func (s *capacitySet) add(h *partHits, q *request, what quantity) {
	for _, r := range q.rowsOf(what) {
		h.chunks = addSpan(h.chunks, s.chunks, r.inChunks())
		if r.need.Bytes != sim.Never {
			h.bytes = addSpan(h.bytes, s.bytes, r.inBytes())
		}
	}
}

// addSpan adds a span to the capacities that its depths reach, one capacity at a time.
func addSpan(hits []hitsFrom, capacities []int64, s histogram.Span) []hitsFrom {
	for s.N > 0 {
		at, _ := slices.BinarySearch(capacities, s.Lo)
		if at == len(capacities) {
			break
		}
		n := s.UpTo(capacities[at])
		hits = addHits(hits, hitsFrom{at, n * s.Weight})
		s.Lo += n * s.Step
		s.N -= n
	}
	return hits
}

func addHits(hits []hitsFrom, more hitsFrom) []hitsFrom {
	for i := range hits {
		if hits[i].capacity == more.capacity {
			hits[i].tokens += more.tokens
			return hits
		}
	}
	return append(hits, more)
}

// merge adds the hits of another part, counted at the same capacities.
func (h *partHits) merge(from *partHits) {
	if len(from.chunks)+len(from.bytes) == 0 {
		return
	}
	h.chunks = mergeHits(h.chunks, from.chunks)
	h.bytes = mergeHits(h.bytes, from.bytes)
}

// mergeHits adds all of more. Mostly both have the same capacities in the same order.
func mergeHits(hits, more []hitsFrom) []hitsFrom {
	if len(hits) == 0 {
		return append(hits, more...)
	}
	for i, m := range more {
		if i < len(hits) && hits[i].capacity == m.capacity {
			hits[i].tokens += m.tokens
		} else {
			hits = addHits(hits, m)
		}
	}
	return hits
}

func (s *capacitySet) tokens(h *partHits, c units.Capacity) int64 {
	hits, capacities := h.chunks, s.chunks
	if c.Unit == units.Bytes {
		hits, capacities = h.bytes, s.bytes
	}
	last, _ := slices.BinarySearch(capacities, c.Limit())
	var sum int64
	for _, from := range hits {
		if from.capacity <= last {
			sum += from.tokens
		}
	}
	return sum
}

// cacheSet counts parts of the log at some of the caches that evict in batches. A hit in one says nothing about the others,
// so each has a full count.
type cacheSet struct {
	caches []int                  // indices in caches.list
	index  map[units.Capacity]int // in caches
}

func newCacheSet(cs *caches, capacities []units.Capacity) *cacheSet {
	s := &cacheSet{index: make(map[units.Capacity]int, len(capacities))}
	for i, c := range capacities {
		s.caches = append(s.caches, cs.index[c])
		s.index[c] = i
	}
	return s
}

func (s *cacheSet) add(h *partHits, q *request, what quantity) {
	if len(h.chunks) == 0 {
		for i := range s.caches {
			h.chunks = append(h.chunks, hitsFrom{capacity: i})
		}
	}
	for i, c := range s.caches {
		h.chunks[i].tokens += q.found[c].of(what)
	}
}

func (s *cacheSet) tokens(h *partHits, c units.Capacity) int64 {
	return h.chunks[s.index[c]].tokens
}
