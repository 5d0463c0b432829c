package policy

import "hashlog/sim"

// arc is ARC. Megiddo, Modha: ARC: A Self-Tuning, Low Overhead Replacement Cache, FAST 2003, figure 4.
//
// The paper counts pages of one size. Here the lengths of lists are sums of sizes where the capacity is in bytes, as in
// libCacheSim: what the paper does once is repeated until there is room, and REPLACE takes from T1 if T2 is empty. The target p
// is a real number, in the unit of the capacity. A step of p is the size of the chunk times the paper's ratio, so with one
// size both units give the same figures. (libCacheSim steps by bytes, so its p hardly moves where sizes are in megabytes.)
var arc = policy{
	about: About{
		Name:   "arc",
		Text:   "ARC: shares the capacity between chunks used once and chunks used again, and adapts the shares",
		Source: "Megiddo, Modha, ARC: A Self-Tuning, Low Overhead Replacement Cache, FAST 2003",
	},
	make: newARC,
}

const (
	inT1 place = 1
	inT2 place = 2
	inB1       = ghost | inT1
	inB2       = ghost | inT2
)

type arcCache struct {
	chunkwise
	*room
	t1, t2 queue   // chunks used once lately, and more than once
	b1, b2 queue   // those that have left t1 and t2
	target float64 // of t1.used; the paper's p
}

func newARC(r *room, _ map[string]float64, _ sim.Order) cache {
	shared := &links{}
	return &arcCache{room: r, t1: newQueue(shared), t2: newQueue(shared), b1: newQueue(shared), b2: newQueue(shared)}
}

func (c *arcCache) grow(n int) { c.t1.grow(n) }

// hit is case I.
func (c *arcCache) hit(id uint32) {
	if c.place[id] == inT2 {
		c.t2.renew(id)
		return
	}
	w := c.weight(id)
	c.t1.remove(id, w)
	c.t2.push(id, w)
	c.place[id] = inT2
}

func (c *arcCache) miss(ch chunk) {
	if !c.fits(ch.id) {
		return
	}
	id, w := ch.id, c.weight(ch.id)
	from := c.place[id]
	switch from {
	case inB1: // case II
		c.target = min(c.target+targetStep(w, c.b2.used, c.b1.used), float64(c.capacity))
	case inB2: // case III
		c.target = max(c.target-targetStep(w, c.b1.used, c.b2.used), 0)
	default: // case IV
		c.forget(w)
	}
	for c.full(id) {
		c.replace(from == inB2)
	}
	switch from {
	case inB1:
		c.b1.remove(id, w)
	case inB2:
		c.b2.remove(id, w)
	default:
		c.insert(id, inT1)
		c.t1.push(id, w)
		return
	}
	c.insert(id, inT2)
	c.t2.push(id, w)
}

// targetStep returns by how much the target moves: the ratio of two lists, at least 1, times a weight. The product is converted, so that
// no machine fuses it with the sum it goes into.
func targetStep(weight, other, own int64) float64 {
	return float64(float64(weight) * max(1, float64(other)/float64(own)))
}

// forget shortens the lists for a new chunk, so that T1 and B1 together stay within the capacity, and all lists within twice
// the capacity. If T1 alone takes all of it, its oldest chunk is evicted and not remembered.
func (c *arcCache) forget(weight int64) {
	for c.t1.used+c.b1.used > c.capacity-weight {
		if c.b1.oldest == none {
			c.drop(&c.t1, absent)
		} else {
			c.dropGhost(&c.b1)
		}
	}
	for c.t1.used+c.b1.used-c.capacity+weight > c.capacity-c.t2.used-c.b2.used && c.b2.oldest != none {
		c.dropGhost(&c.b2)
	}
}

// replace evicts a chunk and remembers it.
func (c *arcCache) replace(missedB2 bool) {
	length := float64(c.t1.used)
	if c.t1.oldest != none && (length > c.target || missedB2 && length == c.target) || c.t2.oldest == none {
		id := c.drop(&c.t1, inB1)
		c.b1.push(id, c.weight(id))
	} else {
		id := c.drop(&c.t2, inB2)
		c.b2.push(id, c.weight(id))
	}
}

// drop evicts the oldest chunk of a list.
func (c *arcCache) drop(q *queue, to place) uint32 {
	id := q.oldest
	q.remove(id, c.weight(id))
	c.evict(id, to)
	return id
}

// dropGhost forgets the oldest chunk of a list.
func (c *arcCache) dropGhost(q *queue) {
	id := q.oldest
	q.remove(id, c.weight(id))
	c.place[id] = absent
}
