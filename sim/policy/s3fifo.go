package policy

import (
	"math"

	"hashlog/sim"
)

// s3fifo is S3-FIFO. Yang, Zhang, Qiu, Yue, Rashmi: FIFO queues are all you need for cache eviction, SOSP 2023, algorithm 1.
//
// The paper counts objects. Here the lengths of queues are sums of sizes where the capacity is in bytes, as in the authors'
// simulator, libCacheSim: the small queue has ⌊small × capacity⌋ chunks or bytes, at least 1, the main queue has the rest, and
// the ghost queue forgets its oldest chunks until the sizes of the others add up to ghost × the main queue or less. A small
// queue that has its length or more evicts; so does one of any length while the main queue is empty.
//
// Algorithm 1 leaves open what becomes of the frequency of a chunk that moves to the main queue; the text (section 4.1) sets it
// to 0.
var s3fifo = policy{
	about: About{
		Name:   "s3fifo",
		Text:   "S3-FIFO: new chunks pass through a small queue, and only those with two hits there reach the main queue",
		Source: "Yang et al., FIFO queues are all you need for cache eviction, SOSP 2023",
		Options: []Option{
			{Name: "small", Text: "part of the capacity that is the small queue", Default: 0.1, Values: partly, Valid: isPart},
			{Name: "ghost", Text: "length of the ghost queue, as a part of that of the main queue", Default: 1, Values: "from 0 to 100",
				Valid: func(v float64) bool { return v >= 0 && v <= 100 }},
			{Name: "cap", Text: "number of hits that are counted", Default: 3, Values: "a whole number from 1 to 255",
				Valid: func(v float64) bool { return v >= 1 && v <= 255 && v == math.Trunc(v) }},
		},
	},
	make: newS3FIFO,
}

const (
	inSmall place = 1
	inMain  place = 2
)

type s3fifoCache struct {
	chunkwise
	*room
	small, main, ghosts queue
	smallRoom, mainRoom int64
	ghostRoom           float64
	freq                []uint8 // by id
	most                uint8   // largest freq
}

func newS3FIFO(r *room, options map[string]float64, _ sim.Order) cache {
	shared := &links{}
	c := &s3fifoCache{room: r, small: newQueue(shared), main: newQueue(shared), ghosts: newQueue(shared),
		most: uint8(options["cap"])}
	c.smallRoom = r.capacity
	if part := options["small"]; part < 1 {
		c.smallRoom = max(1, int64(part*float64(r.capacity)))
	}
	c.mainRoom = r.capacity - c.smallRoom
	c.ghostRoom = options["ghost"] * float64(c.mainRoom)
	return c
}

func (c *s3fifoCache) grow(n int) {
	c.small.grow(n)
	c.freq = grown(c.freq, n)
}

func (c *s3fifoCache) hit(id uint32) {
	if c.freq[id] < c.most {
		c.freq[id]++
	}
}

func (c *s3fifoCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	for c.full(ch.id) {
		if c.small.used >= c.smallRoom || c.main.oldest == none {
			c.evictSmall()
		} else {
			c.evictMain()
		}
	}
	w := c.weight(ch.id)
	if c.place[ch.id] == ghost {
		c.ghosts.remove(ch.id, w)
		c.insert(ch.id, inMain)
		c.main.push(ch.id, w)
	} else {
		c.insert(ch.id, inSmall)
		c.small.push(ch.id, w)
	}
	c.freq[ch.id] = 0
}

// evictSmall moves chunks with more than one hit to the main queue until it finds one to evict.
func (c *s3fifoCache) evictSmall() {
	for c.small.oldest != none {
		id := c.small.oldest
		w := c.weight(id)
		c.small.remove(id, w)
		if c.freq[id] <= 1 {
			c.evict(id, ghost)
			c.remember(id, w)
			return
		}
		c.freq[id] = 0
		c.place[id] = inMain
		c.main.push(id, w)
		if c.main.used > c.mainRoom {
			c.evictMain()
		}
	}
}

// evictMain reinserts chunks with hits until it finds one to evict.
func (c *s3fifoCache) evictMain() {
	for c.main.oldest != none {
		id := c.main.oldest
		if c.freq[id] == 0 {
			c.main.remove(id, c.weight(id))
			c.evict(id, absent)
			return
		}
		c.freq[id]--
		c.main.renew(id)
	}
}

// remember puts an evicted chunk into the ghost queue.
func (c *s3fifoCache) remember(id uint32, weight int64) {
	c.ghosts.push(id, weight)
	for float64(c.ghosts.used) > c.ghostRoom {
		old := c.ghosts.oldest
		c.ghosts.remove(old, c.weight(old))
		c.place[old] = absent
	}
}
