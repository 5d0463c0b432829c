package policy

import "hashlog/sim"

// fifo evicts the chunk that was inserted first. Belady: A study of replacement algorithms for a virtual-storage computer,
// IBM Systems Journal 5(2), 1966.
var fifo = policy{
	about: About{
		Name:   "fifo",
		Text:   "evicts the chunk that was inserted first, whether it was used since or not",
		Source: "Belady, A study of replacement algorithms for a virtual-storage computer, IBM Systems Journal 5(2), 1966",
	},
	make: func(r *room, _ map[string]float64, _ sim.Order) cache {
		return &fifoCache{room: r, inserted: newQueue(&links{})}
	},
}

type fifoCache struct {
	chunkwise
	*room
	inserted queue
}

func (c *fifoCache) grow(n int) { c.inserted.grow(n) }

func (c *fifoCache) hit(uint32) {}

func (c *fifoCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	for c.full(ch.id) {
		id := c.inserted.oldest
		c.inserted.remove(id, 0)
		c.evict(id, absent)
	}
	c.insert(ch.id, 1)
	c.inserted.push(ch.id, 0)
}
