package sim

import (
	"container/list"
	"math"
)

// Unit is what the capacity of a plain LRU counts.
type Unit uint8

const (
	InChunks Unit = iota
	InBytes
)

// LRU is a plain cache of one capacity that follows the model word by word. It is slow and meant to be read: the one-pass
// engine is tested against it.
type LRU struct {
	Policy // how it departs from the plain model; to be set before the first request

	capacity int64
	unit     Unit
	order    Order

	recent    list.List // of Key, most recent first
	resident  map[Key]*list.Element
	used      int64
	firstSize map[Key]int64   // of every key ever seen
	touched   map[Key]float64 // when every key ever touched was touched last

	pending   []pending
	lastBatch float64 // when chunks went in a batch, in seconds
}

// Policy is what a server does unlike the plain model. The zero value is the model.
type Policy struct {
	StoreDelay float64    // seconds from a lookup to its touches
	TTL        float64    // seconds after its last touch that a chunk stays; 0 is for ever
	Watermark  *Watermark // nil: the least recent goes whenever there is no room
}

// pending is a request whose touches are still to take effect.
type pending struct {
	due  float64
	keys []Key
	out  *Outcome
}

// Outcome is what an LRU did with one request. The last four are known once its touches have taken effect.
type Outcome struct {
	HitPrefix int    // leading chunks that are all resident as the request arrives
	Resident  []bool // by chunk, as the request arrives
	Cold      []bool // by chunk: never touched before the request
	TooOld    []bool // by chunk: last touched longer ago than the TTL
	ChunkHits int    // classic hits, each chunk looked up as it is touched
	Evictions int    // chunks that went to make room
	Expired   int    // chunks that had become too old since the touches before
	Inserted  []Key  // chunks that were absent as they were touched, in touch order
}

// NewLRU returns an empty cache of a capacity > 0.
func NewLRU(capacity int64, unit Unit, order Order) *LRU {
	return &LRU{capacity: capacity, unit: unit, order: order, lastBatch: math.Inf(-1),
		resident: make(map[Key]*list.Element), firstSize: make(map[Key]int64), touched: make(map[Key]float64)}
}

// Request looks up the chunks of one request, then touches them. It is for caches that know no time.
func (c *LRU) Request(keys []Key, size int64) Outcome { return *c.RequestAt(0, keys, size) }

// RequestAt looks up the chunks of a request that comes at a time, in seconds, not before the last one. Its touches take
// effect then, or after the store delay.
func (c *LRU) RequestAt(now float64, keys []Key, size int64) *Outcome {
	c.settle(now)
	out := c.lookUp(keys, now)
	for _, key := range keys {
		if _, seen := c.firstSize[key]; !seen {
			c.firstSize[key] = size
		}
	}
	c.pending = append(c.pending, pending{now + c.StoreDelay, keys, out})
	c.settle(now)
	return out
}

// Flush lets the touches take effect that are still pending.
func (c *LRU) Flush() { c.settle(math.Inf(1)) }

// ResidentChunks returns how many chunks the cache holds, after the last touches.
func (c *LRU) ResidentChunks() int { return c.recent.Len() }

// settle lets the touches take effect that are due.
func (c *LRU) settle(now float64) {
	for len(c.pending) > 0 && c.pending[0].due <= now {
		p := c.pending[0]
		c.pending[0] = pending{}
		c.pending = c.pending[1:]
		p.out.Expired = c.dropExpired(p.due)
		for i := range p.keys {
			if c.order == TailFirst {
				i = len(p.keys) - 1 - i
			}
			c.touch(p.keys[i], p.due, p.out)
		}
		if c.Watermark != nil {
			c.evictBatch(p.due, p.out)
			c.makeRoom(p.out)
		}
	}
}

func (c *LRU) lookUp(keys []Key, now float64) *Outcome {
	out := &Outcome{Resident: make([]bool, len(keys)), Cold: make([]bool, len(keys)), TooOld: make([]bool, len(keys))}
	for i, key := range keys {
		last, touched := c.touched[key]
		out.Cold[i] = !touched
		out.TooOld[i] = touched && c.isTooOld(last, now)
		_, ok := c.resident[key]
		out.Resident[i] = ok && !out.TooOld[i]
	}
	for out.HitPrefix < len(keys) && out.Resident[out.HitPrefix] {
		out.HitPrefix++
	}
	return out
}

func (c *LRU) touch(key Key, now float64, out *Outcome) {
	c.touched[key] = now
	if at, ok := c.resident[key]; ok {
		c.recent.MoveToFront(at)
		out.ChunkHits++
		return
	}
	out.Inserted = append(out.Inserted, key)
	c.resident[key] = c.recent.PushFront(key)
	c.used += c.weight(key)
	if c.Watermark == nil {
		c.makeRoom(out)
	}
}

// makeRoom evicts one by one what is too much.
func (c *LRU) makeRoom(out *Outcome) {
	for c.used > c.capacity {
		c.remove(c.recent.Back())
		out.Evictions++
	}
}

// evictBatch evicts a part of the cache if it is too full.
func (c *LRU) evictBatch(now float64, out *Outcome) {
	w := c.Watermark
	if now-c.lastBatch < w.Interval || float64(c.used) < w.Trigger*float64(c.capacity) {
		return
	}
	c.lastBatch = now
	for range max(1, int(w.Ratio*float64(c.recent.Len()))) {
		if c.recent.Len() > 0 {
			c.remove(c.recent.Back())
			out.Evictions++
		}
	}
}

func (c *LRU) isTooOld(touched, now float64) bool { return c.TTL > 0 && now-touched > c.TTL }

func (c *LRU) dropExpired(now float64) (n int) {
	for at := c.recent.Back(); at != nil && c.isTooOld(c.touched[at.Value.(Key)], now); at = c.recent.Back() {
		c.remove(at)
		n++
	}
	return n
}

func (c *LRU) remove(at *list.Element) {
	key := c.recent.Remove(at).(Key)
	delete(c.resident, key)
	c.used -= c.weight(key)
}

func (c *LRU) weight(key Key) int64 {
	if c.unit == InChunks {
		return 1
	}
	return c.firstSize[key]
}
