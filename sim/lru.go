package sim

import "container/list"

// Unit is what the capacity of a plain LRU counts.
type Unit uint8

const (
	InChunks Unit = iota
	InBytes
)

// LRU is a plain cache of one capacity that follows the model word by word. It is slow and meant to be read: the one-pass
// engine is tested against it.
type LRU struct {
	capacity int64
	unit     Unit
	order    Order

	recent    list.List // of Key, most recent first
	resident  map[Key]*list.Element
	used      int64
	firstSize map[Key]int64 // of every key ever seen
}

// Outcome is what an LRU did with one request.
type Outcome struct {
	HitPrefix int    // leading chunks that are all resident as the request arrives
	Resident  []bool // by chunk, as the request arrives
	Cold      []bool // by chunk: never seen before the request
	ChunkHits int    // classic hits, each chunk looked up as it is touched
	Evictions int
}

// NewLRU returns an empty cache of a capacity > 0.
func NewLRU(capacity int64, unit Unit, order Order) *LRU {
	return &LRU{capacity: capacity, unit: unit, order: order,
		resident: make(map[Key]*list.Element), firstSize: make(map[Key]int64)}
}

// Request looks up the chunks of one request, then touches them.
func (c *LRU) Request(keys []Key, size int64) Outcome {
	out := c.lookUp(keys)
	for _, key := range keys {
		if _, seen := c.firstSize[key]; !seen {
			c.firstSize[key] = size
		}
	}
	for i := range keys {
		if c.order == TailFirst {
			i = len(keys) - 1 - i
		}
		c.touch(keys[i], &out)
	}
	return out
}

// ResidentChunks returns how many chunks the cache holds.
func (c *LRU) ResidentChunks() int { return c.recent.Len() }

func (c *LRU) lookUp(keys []Key) Outcome {
	out := Outcome{Resident: make([]bool, len(keys)), Cold: make([]bool, len(keys))}
	for i, key := range keys {
		_, out.Resident[i] = c.resident[key]
		_, seen := c.firstSize[key]
		out.Cold[i] = !seen
	}
	for out.HitPrefix < len(keys) && out.Resident[out.HitPrefix] {
		out.HitPrefix++
	}
	return out
}

func (c *LRU) touch(key Key, out *Outcome) {
	if at, ok := c.resident[key]; ok {
		c.recent.MoveToFront(at)
		out.ChunkHits++
		return
	}
	c.resident[key] = c.recent.PushFront(key)
	c.used += c.weight(key)
	for c.used > c.capacity {
		last := c.recent.Back()
		key := c.recent.Remove(last).(Key)
		delete(c.resident, key)
		c.used -= c.weight(key)
		out.Evictions++
	}
}

func (c *LRU) weight(key Key) int64 {
	if c.unit == InChunks {
		return 1
	}
	return c.firstSize[key]
}
