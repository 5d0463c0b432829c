package simtest

import (
	"container/list"
	"iter"
	"math"
	"slices"

	"hashlog/sim"
)

// LRU is a plain cache of one capacity. It is made with NewLRU or NewLRUInBytes and not safe for concurrent use.
type LRU struct {
	Policy // how the cache departs from the plain model; to be set before the first request

	capacity int64
	inBytes  bool
	order    sim.Order

	recent    list.List // of sim.Key, the most recent first
	resident  map[sim.Key]*list.Element
	used      int64               // chunks, or bytes
	firstSize map[sim.Key]int64   // of every key ever seen
	touched   map[sim.Key]float64 // the last touch of every key ever touched, in seconds
	lookups   map[sim.Key]int     // requests so far that have had the key

	pending   []pending // in order of their lookups
	lastBatch float64   // in seconds
}

// Policy is how a server departs from the plain model. The zero value is the model.
type Policy struct {
	StoreDelay float64        // seconds from a lookup to its touches
	TTL        float64        // seconds that a chunk stays after its last touch; 0 means forever
	Watermark  *sim.Watermark // nil: the least recent chunk goes whenever there is no room
	Admit      int            // requests, this one included, that must have had a chunk before one touches it; 0 means 1
}

// pending is a request whose touches have not taken effect yet.
type pending struct {
	due  float64   // in seconds
	keys []sim.Key // to touch
	out  *Outcome
}

// Outcome is what an LRU did with one request. The last four fields are set when its touches take effect.
type Outcome struct {
	HitPrefix int       // number of leading chunks that are all resident as the request arrives
	Resident  []bool    // by chunk, as the request arrives
	Cold      []bool    // by chunk: never looked up before the request, or only by requests whose touches are pending
	Refused   []bool    // by chunk: looked up before, and touched by no request since Policy.Admit was against it
	TooOld    []bool    // by chunk: last touched longer ago than the TTL
	ChunkHits int       // classic hits: each chunk is looked up as it is touched
	Evictions int       // chunks that made room
	Expired   int       // chunks that have become too old since the previous touches
	Inserted  []sim.Key // chunks that were absent as they were touched, in touch order
}

// NewLRU returns an empty cache with a capacity in chunks. It panics if chunks < 1.
func NewLRU(chunks int64, order sim.Order) *LRU { return newLRU(chunks, false, order) }

// NewLRUInBytes returns an empty cache with a capacity in bytes. It panics if bytes < 1. A chunk of unknown size takes no room.
func NewLRUInBytes(bytes int64, order sim.Order) *LRU { return newLRU(bytes, true, order) }

func newLRU(capacity int64, inBytes bool, order sim.Order) *LRU {
	if capacity < 1 {
		panic("simtest: an LRU without capacity")
	}
	return &LRU{capacity: capacity, inBytes: inBytes, order: order, lastBatch: math.Inf(-1),
		resident: make(map[sim.Key]*list.Element), firstSize: make(map[sim.Key]int64), touched: make(map[sim.Key]float64), lookups: make(map[sim.Key]int)}
}

// Request looks up the chunks of one request, then touches them. It is for caches whose policy knows no time. size is the
// bytes of each chunk; a key that was seen before keeps the size that it had then.
func (c *LRU) Request(keys []sim.Key, size int64) Outcome { return *c.RequestAt(0, keys, size) }

// RequestAt is Request at a time, in seconds, that must not be before that of the previous request. The touches take effect
// after the store delay: in this call if there is none, else in a later call or in Flush.
func (c *LRU) RequestAt(now float64, keys []sim.Key, size int64) *Outcome {
	c.settle(now)
	out := c.lookUp(keys, now)
	for _, key := range keys {
		if _, seen := c.firstSize[key]; !seen {
			c.firstSize[key] = size
		}
	}
	c.pending = append(c.pending, pending{now + c.StoreDelay, admitted(c.lookups, keys, c.Admit), out})
	c.settle(now)
	return out
}

// LookUpAt looks up the chunks of a request that it does not touch, since another cache serves it. The time is as for RequestAt.
func (c *LRU) LookUpAt(now float64, keys []sim.Key) *Outcome {
	c.settle(now)
	return c.lookUp(keys, now)
}

// admitted counts a request, and returns which of its chunks it touches from lookup number admit on, in prefix order.
func admitted(lookups map[sim.Key]int, keys []sim.Key, admit int) (admitted []sim.Key) {
	for i, key := range keys {
		if !slices.Contains(keys[:i], key) {
			lookups[key]++
		}
	}
	for _, key := range keys {
		if lookups[key] >= admit {
			admitted = append(admitted, key)
		}
	}
	return admitted
}

// Flush makes all pending touches take effect.
func (c *LRU) Flush() { c.settle(math.Inf(1)) }

// Resident returns how many chunks the cache holds. Expired chunks leave with the next touches.
func (c *LRU) Resident() int { return c.recent.Len() }

// Chunk is a chunk in an LRU.
type Chunk struct {
	Key     sim.Key
	Size    int64   // bytes, 0 if unknown
	Touched float64 // the last touch, in seconds
}

// All returns the chunks in the cache, the most recently touched first.
func (c *LRU) All() iter.Seq[Chunk] {
	return func(yield func(Chunk) bool) {
		for at := c.recent.Front(); at != nil; at = at.Next() {
			key := at.Value.(sim.Key)
			if !yield(Chunk{key, c.firstSize[key], c.touched[key]}) {
				return
			}
		}
	}
}

// settle makes the touches take effect that are due.
func (c *LRU) settle(now float64) {
	for len(c.pending) > 0 && c.pending[0].due <= now {
		p := c.pending[0]
		c.pending[0] = pending{}
		c.pending = c.pending[1:]
		p.out.Expired = c.dropExpired(p.due)
		for i := range p.keys {
			if c.order == sim.TailFirst {
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

func (c *LRU) lookUp(keys []sim.Key, now float64) *Outcome {
	out := &Outcome{Resident: make([]bool, len(keys)), Cold: make([]bool, len(keys)),
		Refused: make([]bool, len(keys)), TooOld: make([]bool, len(keys))}
	for i, key := range keys {
		last, touched := c.touched[key]
		out.Refused[i] = 0 < c.lookups[key] && c.lookups[key] < c.Admit
		out.Cold[i] = !touched && !out.Refused[i]
		out.TooOld[i] = touched && c.isTooOld(last, now)
		_, ok := c.resident[key]
		out.Resident[i] = ok && !out.TooOld[i]
	}
	for out.HitPrefix < len(keys) && out.Resident[out.HitPrefix] {
		out.HitPrefix++
	}
	return out
}

func (c *LRU) touch(key sim.Key, now float64, out *Outcome) {
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

// makeRoom evicts the least recent chunks until the rest fits.
func (c *LRU) makeRoom(out *Outcome) {
	for c.used > c.capacity {
		c.remove(c.recent.Back())
		out.Evictions++
	}
}

// evictBatch evicts a batch if the cache is above its watermark.
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
	for at := c.recent.Back(); at != nil && c.isTooOld(c.touched[at.Value.(sim.Key)], now); at = c.recent.Back() {
		c.remove(at)
		n++
	}
	return n
}

func (c *LRU) remove(at *list.Element) {
	key := c.recent.Remove(at).(sim.Key)
	delete(c.resident, key)
	c.used -= c.weight(key)
}

// weight returns how much of the capacity a chunk takes.
func (c *LRU) weight(key sim.Key) int64 {
	if c.inBytes {
		return c.firstSize[key]
	}
	return 1
}
