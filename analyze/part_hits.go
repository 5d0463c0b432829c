package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// partHits are the tokens of one part of the log (a window, a model or a class) of one quantity: hit tokens by demand, or
// others by need. The capacities are indices into the lists of a [partCounter], which alone can interpret them.
type partHits struct {
	chunks, bytes []hitsFrom // by capacity in that unit
	// Instead, a capacitySet counts what it can by the levels of joint, which are the same for all parts of a log.
	joint  *jointLevels // nil: nothing yet
	levels []hitsFrom
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
	// counted returns a capacity of the list that holds the same as another; ok is false if there is none. size is that of all chunks in
	// bytes; 0 if they have none.
	counted(c units.Capacity, size int64) (_ units.Capacity, ok bool)
	// lists returns how many capacities there are in the list of each unit. apart says that each is a cache of its own, that all caches
	// are in the list of chunks, and that parts have a count for each or none.
	lists() (chunks, bytes int, apart bool)
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

// partCounter is newPartCounter, but in a summary it counts at all rungs, or in all simulated caches. If capacities are chosen after the
// replay, the largest capacity may be one.
func (o *Options) partCounter(cs *caches, capacities []units.Capacity) partCounter {
	switch {
	case cs != nil && o.summary:
		return newCacheSet(cs, cs.capacities())
	case o.summary:
		return o.rungs()
	case cs == nil && len(capacities) == 0 && o.bounded():
		return newCapacitySet(append(allPowers(), o.MaxCapacity))
	}
	return newPartCounter(cs, capacities)
}

// capacitySet counts parts of the log at capacities of a plain LRU.
type capacitySet struct {
	chunks, bytes limits
	joint         *jointLevels // nil until they are needed
}

// newCapacitySet returns the set of some capacities. An unlimited one is a number of chunks that no depth exceeds.
func newCapacitySet(capacities []units.Capacity) *capacitySet {
	var chunks, bytes []int64
	for _, c := range capacities {
		if c.Unit == units.Bytes {
			bytes = append(bytes, c.N)
		} else {
			chunks = append(chunks, c.Limit())
		}
	}
	for _, list := range []*[]int64{&chunks, &bytes} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return &capacitySet{chunks: newLimits(chunks), bytes: newLimits(bytes)}
}

// powersOfTwo returns the set of all powers of two in both units, and unlimited.
func powersOfTwo() *capacitySet { return newCapacitySet(allPowers()) }

// jointLevels returns the levels for a log whose chunks so far have these sizes; nil if each unit needs a count of its own. They
// are the same throughout a log: once sizes differ, they do to its end. Logs that are joined may each have their own.
func (s *capacitySet) jointLevels(now sizes) *jointLevels {
	if now.one == 0 || len(s.chunks.list) == 0 || len(s.bytes.list) == 0 {
		return nil
	}
	if s.joint == nil || s.joint.size != now.one {
		s.joint = newJointLevels(s, now.one)
	}
	return s.joint
}

func (s *capacitySet) add(h *partHits, q *request, what quantity) {
	s.addRows(h, q.rowsOf(what), q.sizes)
}

// addRows counts rows of tokens. now are the sizes of all chunks so far.
func (s *capacitySet) addRows(h *partHits, rows []row, now sizes) {
	if len(rows) == 0 {
		return
	}
	if joint := s.jointLevels(now); joint != nil {
		h.useLevels(joint)
		for _, r := range rows {
			h.levels = joint.limits.addSpan(h.levels, r.inChunks())
		}
		return
	}
	for _, r := range rows {
		h.chunks = s.chunks.addSpan(h.chunks, r.inChunks())
		if r.need.Bytes != sim.Never {
			h.bytes = s.bytes.addSpan(h.bytes, r.inBytes())
		}
	}
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

// useLevels makes ready to count by some levels. Hits by those of another size are taken apart.
func (h *partHits) useLevels(joint *jointLevels) {
	if h.joint != nil && h.joint.size != joint.size {
		chunks, bytes := h.joint.apart(h.levels)
		h.chunks, h.bytes = mergeHits(h.chunks, chunks), mergeHits(h.bytes, bytes)
		h.levels = h.levels[:0]
	}
	h.joint = joint
}

// merge adds the hits of another part, counted at the same capacities.
func (h *partHits) merge(from *partHits) {
	if from.joint != nil {
		h.useLevels(from.joint)
		h.levels = mergeHits(h.levels, from.levels)
	}
	if len(from.chunks)+len(from.bytes) > 0 {
		h.chunks = mergeHits(h.chunks, from.chunks)
		h.bytes = mergeHits(h.bytes, from.bytes)
	}
}

// clear takes all hits away.
func (h *partHits) clear() {
	*h = partHits{chunks: h.chunks[:0], bytes: h.bytes[:0], levels: h.levels[:0]}
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

func (s *capacitySet) tokens(h *partHits, c units.Capacity) (sum int64) {
	hits, index := h.chunks, s.index(c)
	if c.Unit == units.Bytes {
		hits = h.bytes
	}
	for _, from := range hits {
		if from.capacity <= index {
			sum += from.tokens
		}
	}
	levels := h.joint.upTo(c.Unit, index)
	for _, from := range h.levels {
		if from.capacity < levels {
			sum += from.tokens
		}
	}
	return sum
}

// index returns the place of a capacity of the set in the list of its unit.
func (s *capacitySet) index(c units.Capacity) int {
	if c.Unit == units.Bytes {
		return s.bytes.reach(c.N)
	}
	return s.chunks.reach(c.Limit())
}

func (s *capacitySet) lists() (chunks, bytes int, apart bool) {
	return len(s.chunks.list), len(s.bytes.list), false
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
	if len(h.chunks) == 0 {
		return 0
	}
	return h.chunks[s.index[c]].tokens
}

func (s *cacheSet) counted(c units.Capacity, size int64) (_ units.Capacity, ok bool) {
	_, ok = s.index[c]
	return c, ok
}

func (s *cacheSet) lists() (chunks, bytes int, apart bool) { return len(s.caches), 0, true }
