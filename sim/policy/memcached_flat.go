package policy

import "hashlog/sim"

// memcachedFlat is the LRU of memcached with -o no_modern or -o no_lru_maintainer, the only one before version 1.5: a single queue, in
// which a fetch makes a chunk the newest unless it was inserted or made the newest in the last 60 seconds (do_item_update of items.c,
// ITEM_UPDATE_INTERVAL of memcached.h). The server's clock ticks once a second.
//
// A server has a queue for each slab class; here all chunks share one, as all above half a mebibyte do.
var memcachedFlat = policy{
	about: About{
		Name:   "memcached-flat",
		Text:   "memcached with -o no_modern: evicts the least recently used chunk, and sees no use within 60 s of the one before",
		Source: memcachedSource,
		Bytes:  memcachedBytes,
	},
	make: func(r *room, _ map[string]float64, _ sim.Order) cache {
		return &memcachedFlatCache{room: r, recent: newQueue(&links{})}
	},
	ownBytes: true,
	weigh:    slabBytes,
}

// updateInterval is how long a chunk stays where it is.
const updateInterval seconds = 60

type memcachedFlatCache struct {
	*room
	recent queue
	clock  seconds
	time   []seconds // by id: when a resident chunk became the newest
}

func (c *memcachedFlatCache) grow(n int) {
	c.recent.grow(n)
	c.time = grown(c.time, n)
}

func (c *memcachedFlatCache) begin(now float64, _ []chunk) { c.clock = wholeSeconds(now) }
func (c *memcachedFlatCache) end()                         {}

func (c *memcachedFlatCache) hit(id uint32) {
	if c.time[id] < c.clock-updateInterval {
		c.time[id] = c.clock
		c.recent.renew(id)
	}
}

func (c *memcachedFlatCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	for c.full(ch.id) {
		oldest := c.recent.oldest
		c.recent.remove(oldest, 0)
		c.evict(oldest, absent)
	}
	c.insert(ch.id, 1)
	c.recent.push(ch.id, 0)
	c.time[ch.id] = c.clock
}
