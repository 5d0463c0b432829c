package policy

import (
	"math"

	"hashlog/sim"
)

// batched is an LRU cache that evicts in batches, as [sim.Batched] does: LMCache's server with its LRU policy.
var batched = policy{
	about: About{
		Name: "batched", // of servers, which have names and descriptions of their own
		Options: []Option{
			{Name: OptTrigger, Text: "fraction of the capacity in use at which a batch is evicted", Default: 0.8, Values: partly, Valid: isPart},
			{Name: OptRatio, Text: "fraction of the resident chunks that a batch evicts", Default: 0.2, Values: partly, Valid: isPart},
		},
	},
	make: func(r *room, options map[string]float64, _ sim.Order) cache {
		c := &batchedCache{lruCache: newLRU(r), trigger: options[OptTrigger] * float64(r.capacity), ratio: options[OptRatio]}
		if r.capacity == math.MaxInt64 {
			c.trigger = math.Inf(1)
		}
		return c
	},
	ownBytes: true,
}

// Options of a cache that [Batched] makes.
const (
	OptTrigger = "trigger"
	OptRatio   = "ratio"
)

type batchedCache struct {
	*lruCache
	trigger float64 // in the unit of the capacity
	ratio   float64
}

// miss inserts a chunk. Room is made at the end of the request.
func (c *batchedCache) miss(ch chunk) {
	c.insert(ch.id, 1)
	c.recent.push(ch.id, 0)
}

func (c *batchedCache) end() {
	if float64(c.used) >= c.trigger {
		for range max(1, int64(c.ratio*float64(c.chunks))) {
			c.evictOldest()
		}
	}
	for c.used > c.capacity {
		c.evictOldest()
	}
}

func (c *batchedCache) evictOldest() {
	if c.chunks > 0 {
		c.lruCache.evictOldest()
	}
}
