package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// hitLevels are capacities at which single requests are looked at. They are in lists, one for each unit, or one for each cache
// that evicts in batches.
type hitLevels struct {
	lists []hitLevelList
	index map[units.Capacity]int // of the caches' lists; nil for a plain LRU
}

// hitLevelList is a list of capacities in one unit. What hits at one of them also hits at all after it.
type hitLevelList struct {
	unit   units.Unit // Chunks or Bytes
	limits []int64    // the capacities, rising, without duplicates
	cache  int        // if this is a cache that evicts in batches, its index in caches.list; its only limit then changes with each request
}

// noCache is the index of no cache.
const noCache = -1

// newHitLevels returns some capacities or, if there are none, all that may be chosen after the replay. cs are the caches that
// evict in batches; nil if the cache is a plain LRU.
func newHitLevels(cs *caches, capacities []units.Capacity) *hitLevels {
	if cs != nil {
		h := &hitLevels{index: make(map[units.Capacity]int)}
		for _, c := range capacities {
			if _, ok := h.index[c]; !ok {
				h.index[c] = len(h.lists)
				h.lists = append(h.lists, hitLevelList{units.Chunks, []int64{0}, cs.index[c]})
			}
		}
		return h
	}
	set := powersOfTwo()
	if len(capacities) > 0 {
		set = newCapacitySet(capacities)
	}
	h := &hitLevels{}
	for _, l := range []hitLevelList{{units.Chunks, set.chunks, noCache}, {units.Bytes, set.bytes, noCache}} {
		if len(l.limits) > 0 {
			h.lists = append(h.lists, l)
		}
	}
	return h
}

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
	level, _ = slices.BinarySearch(h.lists[list].limits, c.Limit())
	return list, level
}

// appendHits appends to dst the chunks of a request's hit prefix by the first level at which they hit, in rising order. The
// counts that hitsFrom calls tokens are chunks here.
func (l *hitLevelList) appendHits(dst []hitsFrom, q *request) []hitsFrom {
	if l.cache != noCache {
		l.limits[0] = q.found[l.cache].depth
	}
	for _, r := range q.chunkDemand {
		switch {
		case l.unit == units.Chunks:
			dst = addSpan(dst, l.limits, r.inChunks())
		case r.need.Bytes != sim.Never:
			dst = addSpan(dst, l.limits, r.inBytes())
		}
	}
	return dst
}

// levelOf returns the first level whose capacity reaches a depth, len(limits) if none does.
func (l *hitLevelList) levelOf(depth int64) int {
	level, _ := slices.BinarySearch(l.limits, depth)
	return level
}
