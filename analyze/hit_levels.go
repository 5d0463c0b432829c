package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// hitLevels are capacities at which single requests are looked at. They are in lists, one for each unit, or one for each cache
// that evicts in batches. If there are capacities in both units, another list, the last, is the joint one of a [capacitySet].
//
// They are a counter, whose lookUp finds the hits of a request for the counters after it.
type hitLevels struct {
	capacities []units.Capacity // none: all that may be chosen after the replay
	lists      []hitLevelList
	index      map[units.Capacity]int // of the caches' lists; nil for a plain LRU
	set        *capacitySet           // nil if there is no joint list

	counter partCounter // at the capacities
	found   partHits    // hit tokens of the request at hand, as counter counts them
}

// hitLevelList is a list of capacities in one unit. What hits at one of them also hits at all after it.
type hitLevelList struct {
	unit   units.Unit   // Chunks or Bytes
	limits limits       // the capacities; none yet if this is the joint list of a log without chunks
	size   int          // most levels
	joint  *jointLevels // nil: this is not the joint list, or it has nothing yet
	cache  int          // if this is a cache that evicts in batches, its index in caches.list; it has a level and no limit

	// hits are the chunks of the hit prefix of the request at hand, by the first level at which they hit, in rising order. The counts
	// that hitsFrom calls tokens are chunks here.
	hits []hitsFrom
}

// noCache is the index of no cache.
const noCache = -1

// newHitLevels returns some capacities or, if there are none, all that may be chosen after the replay. cs are the caches that
// evict in batches; nil if the cache is a plain LRU.
func newHitLevels(cs *caches, capacities []units.Capacity) *hitLevels {
	if cs != nil {
		h := &hitLevels{capacities: capacities, index: make(map[units.Capacity]int), counter: newPartCounter(cs, capacities)}
		for _, c := range capacities {
			if _, ok := h.index[c]; !ok {
				h.index[c] = len(h.lists)
				h.lists = append(h.lists, hitLevelList{unit: units.Chunks, size: 1, cache: cs.index[c]})
			}
		}
		return h
	}
	set := powersOfTwo()
	if len(capacities) > 0 {
		set = newCapacitySet(capacities)
	}
	h := &hitLevels{capacities: capacities, counter: set}
	for _, l := range []hitLevelList{{unit: units.Chunks, limits: set.chunks}, {unit: units.Bytes, limits: set.bytes}} {
		if l.size, l.cache = len(l.limits.list), noCache; l.size > 0 {
			h.lists = append(h.lists, l)
		}
	}
	if len(h.lists) == 2 {
		h.set = set
		h.lists = append(h.lists, hitLevelList{unit: units.Chunks, size: h.lists[0].size + h.lists[1].size, cache: noCache})
	}
	return h
}

// separate returns the number of lists that are not the joint one.
func (h *hitLevels) separate() int {
	if h.set == nil {
		return len(h.lists)
	}
	return len(h.lists) - 1
}

// in returns the lists in which a request counts, given the sizes of all chunks so far: those from one on to below another.
func (h *hitLevels) in(now sizes) (from, to int) {
	n := h.separate()
	if h.set == nil {
		return 0, n
	}
	joint := h.set.jointLevels(now)
	if joint == nil {
		return 0, n
	}
	h.lists[n].follow(joint)
	return n, n + 1
}

// follow gives a joint list its levels.
func (l *hitLevelList) follow(joint *jointLevels) {
	if joint != nil && joint != l.joint {
		l.joint, l.limits = joint, joint.limits
	}
}

// lookUp finds the hits of a request.
func (h *hitLevels) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	from, to := h.in(q.sizes)
	for i := from; i < to; i++ {
		h.lists[i].findHits(q)
	}
	h.found.clear()
	h.counter.add(&h.found, q, hitTokens)
	return nil
}

func (h *hitLevels) touch(*touches) error { return nil }

// merge makes ready for what was counted in later requests.
func (h *hitLevels) merge(later counter) error {
	from := later.(*hitLevels)
	for i := range from.lists {
		h.lists[i].follow(from.lists[i].joint)
	}
	return nil
}

func (h *hitLevels) report(*Report, *ending) {}

// find returns the place of a capacity, as indices in lists and limits.
func (h *hitLevels) find(c units.Capacity) (list, level int) {
	if h.index != nil {
		return h.index[c], 0
	}
	unit := c.Unit
	if unit == units.Unlimited {
		unit = units.Chunks
	}
	list = slices.IndexFunc(h.lists, func(l hitLevelList) bool { return l.unit == unit })
	return list, h.lists[list].limits.reach(c.Limit())
}

// jointUpTo returns how many levels of the joint list a level of another list reaches.
func (h *hitLevels) jointUpTo(list, level int) int {
	if h.set == nil {
		return 0
	}
	return h.lists[len(h.lists)-1].joint.upTo(h.lists[list].unit, level)
}

// findHits sets hits.
func (l *hitLevelList) findHits(q *request) {
	l.hits = l.hits[:0]
	if l.cache != noCache {
		if chunks := q.found[l.cache].hitChunks(q); chunks > 0 {
			l.hits = append(l.hits, hitsFrom{0, chunks})
		}
		return
	}
	for _, r := range q.chunkDemand {
		switch {
		case l.unit == units.Chunks:
			l.hits = l.limits.addSpan(l.hits, r.inChunks())
		case r.need.Bytes != sim.Never:
			l.hits = l.limits.addSpan(l.hits, r.inBytes())
		}
	}
}
