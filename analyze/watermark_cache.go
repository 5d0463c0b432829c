package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
)

// watermarkCache is an LRU cache that evicts in batches. It holds the top of the stack, but how deep it reaches depends on
// when batches went.
type watermarkCache struct {
	stack   *sim.Stack
	batched sim.Batched
	ageless *sim.Batched // the same cache without a TTL; nil if there is no TTL
}

// newWatermarkCaches returns an empty cache for each capacity. They lie side by side in memory, since all are asked at every
// request.
func newWatermarkCaches(capacities []units.Capacity, w sim.Watermark, ages bool, s *sim.Stack) []watermarkCache {
	list := make([]watermarkCache, len(capacities))
	for i, c := range capacities {
		list[i] = watermarkCache{stack: s, batched: *newBatched(c, w)}
		if ages {
			list[i].ageless = newBatched(c, w)
		}
	}
	return list
}

func newBatched(c units.Capacity, w sim.Watermark) *sim.Batched {
	switch c.Unit {
	case units.Bytes:
		return sim.NewBatchedInBytes(c.N, w)
	case units.Unlimited:
		return sim.NewUnlimited()
	}
	return sim.NewBatched(c.N, w)
}

func (c *watermarkCache) lookUp(q *request) found {
	depth := c.batched.Resident()
	f := found{depth: depth, hit: upTo(q.demand, depth), resident: upTo(q.resident, depth), prefix: upTo(q.prefix, depth)}
	if c.ageless != nil {
		f.agelessDepth = c.ageless.Resident()
		f.expired = upTo(q.expired, f.agelessDepth)
	}
	return f
}

func (c *watermarkCache) touch(t *touches) (hits, written int64) {
	hits, written = c.batched.Touch(t.distances)
	c.batched.Evict(c.stack, t.time)
	if c.ageless != nil {
		c.ageless.Touch(t.distances)
		c.ageless.Evict(c.stack, t.time)
	}
	return hits, written
}

func (c *watermarkCache) expire() { c.batched.Expire(c.stack) }

func (c *watermarkCache) resident() int64 { return c.batched.Resident() }
