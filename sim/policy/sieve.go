package policy

import "hashlog/sim"

// sieve is SIEVE. Zhang, Yang, Yue, Vigfusson, Rashmi: SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction Algorithm for
// Web Caches, NSDI 2024, algorithm 1.
var sieve = policy{
	about: About{
		Name:   "sieve",
		Text:   "evicts the first chunk without a hit that a hand meets on its way from the oldest to the newest",
		Source: "Zhang et al., SIEVE is Simpler than LRU: an Efficient Turn-Key Eviction Algorithm for Web Caches, NSDI 2024",
	},
	make: func(r *room, _ map[string]float64, _ sim.Order) cache {
		return &sieveCache{room: r, inserted: newQueue(&links{}), hand: none}
	},
}

// The places of a chunk, which are its visited bit.
const (
	unvisited place = 1
	visited   place = 2
)

type sieveCache struct {
	chunkwise
	*room
	inserted queue
	hand     uint32 // none: at the oldest
}

func (c *sieveCache) grow(n int) { c.inserted.grow(n) }

func (c *sieveCache) hit(id uint32) { c.place[id] = visited }

func (c *sieveCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	for c.full(ch.id) {
		c.sift()
	}
	c.insert(ch.id, unvisited)
	c.inserted.push(ch.id, 0)
}

// sift evicts a chunk. The hand makes visited chunks unvisited and leaves them where they are.
func (c *sieveCache) sift() {
	id := c.hand
	for {
		if id == none {
			id = c.inserted.oldest
		}
		if c.place[id] == unvisited {
			break
		}
		c.place[id] = unvisited
		id = c.inserted.by[id].newer
	}
	c.hand = c.inserted.by[id].newer
	c.inserted.remove(id, 0)
	c.evict(id, absent)
}
