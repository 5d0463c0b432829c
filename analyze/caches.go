package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
)

// caches are the caches that evict in batches, one for each capacity in question. How deep such a cache reaches into the
// stack changes over time, so each has to be simulated.
type caches struct {
	list      []cache
	index     map[units.Capacity]int // in list
	hitTokens []int64                // of the request at hand, by cache
	hits      []int64                // of the touches at hand, by cache
	ages      bool                   // whether chunks expire
}

// cache is a single cache that evicts in batches.
type cache struct {
	*sim.Batched
	ageless *sim.Batched // the same cache without a TTL; nil if there is no TTL
}

// newCaches returns an empty cache for each capacity.
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
	cs.hitTokens, cs.hits = make([]int64, len(cs.list)), make([]int64, len(cs.list))
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

// lookUp returns how many tokens of a request hit in each cache, given its demand. The result is valid until the next call.
func (cs *caches) lookUp(demand []row) (hitTokens []int64) {
	for i, c := range cs.list {
		cs.hitTokens[i] = upTo(demand, c.Resident())
	}
	return cs.hitTokens
}

// touch applies the touches of a request, already applied to the stack, and returns how many hit in each cache. The result
// is valid until the next call.
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

// expire removes from all caches the chunks that have expired in the stack.
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
