package policy

import "hashlog/sim"

// lru evicts the least recently used chunk. Its source is [sim.Stack], which gives its figures at every capacity at once:
// Mattson, Gecsei, Slutz, Traiger: Evaluation techniques for storage hierarchies, IBM Systems Journal 9(2), 1970.
var lru = policy{
	about: About{
		Name:   "lru",
		Text:   "evicts the least recently used chunk",
		Source: "Mattson et al., Evaluation techniques for storage hierarchies, IBM Systems Journal 9(2), 1970",
	},
	make: func(r *room, _ map[string]float64, _ sim.Order) cache { return newLRU(r) },
}

type lruCache struct {
	chunkwise
	*room
	recent queue
}

func newLRU(r *room) *lruCache {
	return &lruCache{room: r, recent: newQueue(&links{})}
}

func (c *lruCache) grow(n int) { c.recent.grow(n) }

func (c *lruCache) hit(id uint32) { c.recent.renew(id) }

// miss evicts until the chunk fits. A chunk larger than the capacity flushes the cache, itself included.
func (c *lruCache) miss(ch chunk) {
	for c.full(ch.id) && c.recent.oldest != none {
		c.evictOldest()
	}
	c.insert(ch.id, 1)
	c.recent.push(ch.id, 0)
	if c.used > c.capacity {
		c.evictOldest()
	}
}

func (c *lruCache) evictOldest() {
	id := c.recent.oldest
	c.recent.remove(id, 0)
	c.evict(id, absent)
}
