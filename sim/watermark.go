package sim

import "math"

// Watermark says how a cache evicts in batches. After the touches of a request, if Trigger × the capacity or more is in
// use, ⌊Ratio × chunks in the cache⌋ of them, at least one, go at once; then, while more than the capacity is in use, one
// by one. It is always the least recent that go. Within a request nothing is evicted. Products are float64.
type Watermark struct {
	Trigger  float64 // part of the capacity, in (0, 1]
	Ratio    float64 // part of the chunks in the cache, in (0, 1]
	Interval float64 // seconds from one batch to the next at least
}

// Unit is what a capacity counts.
type Unit uint8

const (
	InChunks Unit = iota
	InBytes
)

// Batched is a cache of one capacity that evicts in batches. What it holds is the top of a stack like that of any LRU
// cache, but it reaches now deeper, now less deep: so the cache is a counter beside the [Stack].
type Batched struct {
	policy    Watermark
	capacity  int64 // 0 is unlimited
	unit      Unit
	chunks    int64   // in the cache: the top of the stack
	bytes     int64   // their sizes; known only where the capacity is in bytes
	lastBatch float64 // when, in seconds
}

// NewBatched returns an empty cache of a capacity > 0, or an unlimited one for 0, which evicts nothing.
func NewBatched(capacity int64, unit Unit, policy Watermark) *Batched {
	return &Batched{policy: policy, capacity: capacity, unit: unit, lastBatch: math.Inf(-1)}
}

// Chunks returns how many chunks the cache holds: those whose need in chunks is at most that.
func (b *Batched) Chunks() int64 { return b.chunks }

// Expire takes out of the cache what has expired in the stack. A cache for which this is never called is one that forgets
// nothing, even if the stack does.
func (b *Batched) Expire(s *Stack) { b.cut(s, s.StoredChunks()) }

// Touch lets the touches of a request take effect, whose distances a stack has found. It returns how many find their chunk
// in the cache.
func (b *Batched) Touch(distances []Distance) (hits int64) {
	for i := range distances {
		d := &distances[i]
		n := int64(d.N)
		// Each miss makes the cache reach one chunk deeper, until that is deep enough.
		misses := min(n, max(0, d.Chunks-b.chunks))
		b.chunks += misses
		b.bytes += misses * d.Size
		hits += n - misses
	}
	return hits
}

// Evict evicts what is to go after a request whose touches took effect now, in seconds, and which the stack has seen.
func (b *Batched) Evict(s *Stack, now float64) {
	if b.capacity == 0 {
		return
	}
	if float64(b.used()) >= b.policy.Trigger*float64(b.capacity) && now-b.lastBatch >= b.policy.Interval {
		b.lastBatch = now
		b.cut(s, b.chunks-max(1, int64(b.policy.Ratio*float64(b.chunks))))
	}
	if b.used() > b.capacity {
		b.cut(s, b.fitting(s))
	}
}

// used returns how much is in the cache, in the unit of its capacity.
func (b *Batched) used() int64 {
	if b.unit == InBytes {
		return b.bytes
	}
	return b.chunks
}

// fitting returns how many chunks of the top of the stack the capacity holds.
func (b *Batched) fitting(s *Stack) int64 {
	if b.unit == InBytes {
		return s.fitting(b.capacity)
	}
	return b.capacity
}

// cut leaves at most so many chunks in the cache.
func (b *Batched) cut(s *Stack, chunks int64) {
	if chunks >= b.chunks {
		return
	}
	b.chunks = chunks
	if b.unit == InBytes {
		b.bytes = s.topBytes(chunks)
	}
}
