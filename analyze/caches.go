package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
)

// caches are the caches that evict in batches, one for each capacity that something is asked about. How deep they reach into
// the stack moves with time, so each has to be followed.
type caches struct {
	list  []cache
	index map[units.Capacity]int // in list
	hits  []int64                // of the touches at hand, by cache
	ages  bool                   // chunks expire
}

// cache is one of them.
type cache struct {
	*sim.Batched
	ageless *sim.Batched // the same cache, but that nothing expires in it; nil if nothing does anyway
}

// newCaches returns an empty cache for each of the capacities.
func newCaches(capacities []units.Capacity, opts Cache) *caches {
	cs := &caches{index: make(map[units.Capacity]int), ages: opts.TTL > 0}
	for _, c := range capacities {
		if _, ok := cs.index[c]; ok {
			continue
		}
		made := cache{Batched: emptyCache(c, *opts.Watermark)}
		if cs.ages {
			made.ageless = emptyCache(c, *opts.Watermark)
		}
		cs.index[c] = len(cs.list)
		cs.list = append(cs.list, made)
	}
	cs.hits = make([]int64, len(cs.list))
	return cs
}

// emptyCache returns a cache of a capacity that evicts in batches.
func emptyCache(c units.Capacity, w sim.Watermark) *sim.Batched {
	switch c.Unit {
	case units.Bytes:
		return sim.NewBatchedInBytes(c.N, w)
	case units.Unlimited:
		return sim.NewUnlimited()
	}
	return sim.NewBatched(c.N, w)
}

// touch lets the touches of a request take effect, which the stack has seen, and returns how many hit in each cache. That is
// good until the next call.
func (cs *caches) touch(s *sim.Stack, distances []sim.Distance, now float64) (hits []int64) {
	for i, c := range cs.list {
		cs.hits[i] = c.Touch(distances)
		c.Evict(s, now)
		if c.ageless != nil {
			c.ageless.Touch(distances)
			c.ageless.Evict(s, now)
		}
	}
	return cs.hits
}

// expire lets all caches lose what has expired in the stack.
func (cs *caches) expire(s *sim.Stack) {
	if !cs.ages {
		return
	}
	for _, c := range cs.list {
		c.Expire(s)
	}
}

// residents returns how many chunks are resident now, by capacity.
func (cs *caches) residents(capacities []units.Capacity) []int64 {
	out := make([]int64, len(capacities))
	for i, c := range capacities {
		out[i] = cs.list[cs.index[c]].Resident()
	}
	return out
}
