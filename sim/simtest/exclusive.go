package simtest

import (
	"container/list"
	"math"

	"hashlog/sim"
)

// Exclusive is a plain cache of tiers that hold each chunk once: a list for each tier. It is made with NewExclusive or
// NewExclusiveInBytes and not safe for concurrent use. It has no watermark.
type Exclusive struct {
	Policy // to be set before the first request

	inBytes bool
	order   sim.Order

	tiers     []*exclusiveTier
	resident  map[sim.Key]resident
	firstSize map[sim.Key]int64   // of every key ever seen
	touched   map[sim.Key]float64 // the last touch of every key ever touched, in seconds
	lookups   map[sim.Key]int     // requests so far that have had the key
	pending   []pendingExclusive
}

// exclusiveTier is a tier.
type exclusiveTier struct {
	capacity, used int64     // chunks, or bytes
	recent         list.List // of sim.Key, the most recent first
}

// resident is where a chunk is.
type resident struct {
	tier int
	at   *list.Element
}

// pendingExclusive is a request whose touches have not taken effect yet.
type pendingExclusive struct {
	due  float64 // in seconds
	keys []sim.Key
	out  *ExclusiveOutcome
}

// ExclusiveOutcome is what an Exclusive did with one request.
type ExclusiveOutcome struct {
	HitPrefix int         // number of leading chunks that are all in a tier as the request arrives
	Tier      []int       // by chunk, as the request arrives: the tier that holds it; −1 if none does
	Written   [][]sim.Key // by tier, the chunks that came into it; set when the touches take effect
}

// NewExclusive returns empty tiers with capacities in chunks.
func NewExclusive(chunks []int64, order sim.Order) *Exclusive {
	return newExclusive(chunks, false, order)
}

// NewExclusiveInBytes returns empty tiers with capacities in bytes.
func NewExclusiveInBytes(bytes []int64, order sim.Order) *Exclusive {
	return newExclusive(bytes, true, order)
}

func newExclusive(capacities []int64, inBytes bool, order sim.Order) *Exclusive {
	c := &Exclusive{inBytes: inBytes, order: order, resident: make(map[sim.Key]resident),
		lookups: make(map[sim.Key]int), firstSize: make(map[sim.Key]int64), touched: make(map[sim.Key]float64)}
	for _, capacity := range capacities {
		c.tiers = append(c.tiers, &exclusiveTier{capacity: capacity})
	}
	return c
}

// RequestAt looks up the chunks of one request at a time, in seconds, that must not be before that of the previous request. It touches them
// after the store delay: in this call if there is none, else in a later call or in Flush. size is the bytes of each chunk; a key
// that was seen before keeps the size that it had then.
func (c *Exclusive) RequestAt(now float64, keys []sim.Key, size int64) *ExclusiveOutcome {
	c.settle(now)
	c.dropExpired(now)
	out := &ExclusiveOutcome{Written: make([][]sim.Key, len(c.tiers))}
	prefix := true
	for _, key := range keys {
		if _, seen := c.firstSize[key]; !seen {
			c.firstSize[key] = size
		}
		r, held := c.resident[key]
		if !held {
			r.tier, prefix = -1, false
		}
		out.Tier = append(out.Tier, r.tier)
		if prefix {
			out.HitPrefix++
		}
	}
	c.pending = append(c.pending, pendingExclusive{now + c.StoreDelay, admitted(c.lookups, keys, c.Admit), out})
	c.settle(now)
	return out
}

// Flush makes all pending touches take effect.
func (c *Exclusive) Flush() { c.settle(math.Inf(1)) }

// settle makes the touches take effect that are due.
func (c *Exclusive) settle(now float64) {
	for len(c.pending) > 0 && c.pending[0].due <= now {
		p := c.pending[0]
		c.pending = c.pending[1:]
		c.dropExpired(p.due)
		for i := range p.keys {
			if c.order == sim.TailFirst {
				i = len(p.keys) - 1 - i
			}
			c.touch(p.keys[i], p.due, p.out)
		}
	}
}

// touch takes a chunk out of its tier and puts it into the first one.
func (c *Exclusive) touch(key sim.Key, now float64, out *ExclusiveOutcome) {
	c.touched[key] = now
	r, held := c.resident[key]
	if held {
		c.remove(key)
	}
	c.put(key, 0)
	if held && r.tier == 0 {
		return // it has not moved
	}
	out.Written[0] = append(out.Written[0], key)
	for i, t := range c.tiers {
		for t.used > t.capacity {
			last := t.recent.Back().Value.(sim.Key)
			c.remove(last)
			if i+1 < len(c.tiers) {
				c.put(last, i+1)
				out.Written[i+1] = append(out.Written[i+1], last)
			}
		}
	}
}

func (c *Exclusive) put(key sim.Key, tier int) {
	t := c.tiers[tier]
	c.resident[key] = resident{tier, t.recent.PushFront(key)}
	t.used += c.weight(key)
}

func (c *Exclusive) remove(key sim.Key) {
	r := c.resident[key]
	c.tiers[r.tier].recent.Remove(r.at)
	c.tiers[r.tier].used -= c.weight(key)
	delete(c.resident, key)
}

func (c *Exclusive) dropExpired(now float64) {
	if c.TTL == 0 {
		return
	}
	for key := range c.resident {
		if now-c.touched[key] > c.TTL {
			c.remove(key)
		}
	}
}

// weight returns how much of a capacity a chunk takes.
func (c *Exclusive) weight(key sim.Key) int64 {
	if c.inBytes {
		return c.firstSize[key]
	}
	return 1
}
