package sim

import (
	"fmt"
	"math"
)

// Watermark says when a cache evicts a batch of chunks, and how large the batch is. After the touches of a request, if
// Trigger × the capacity or more is in use, ⌊Ratio × chunks in the cache⌋ of them, at least one, are evicted at once. If
// more than the capacity is still in use, chunks are then evicted one by one. The least recent always go first. While a
// request is touched nothing is evicted, so the cache may exceed its capacity for that time. Products are float64.
type Watermark struct {
	Trigger  float64 // part of the capacity, in (0, 1]
	Ratio    float64 // part of the chunks in the cache, in (0, 1]
	Interval float64 // shortest time between two batches, in seconds, ≥ 0
}

// Check returns an error if a field is out of range.
func (w *Watermark) Check() error {
	isPart := func(f float64) bool { return f > 0 && f <= 1 }
	if isPart(w.Trigger) && isPart(w.Ratio) && w.Interval >= 0 {
		return nil
	}
	return fmt.Errorf("eviction from %g of the capacity on, of %g of the chunks, every %g s: the first two must be above 0 and up to 1, and the time not negative",
		w.Trigger, w.Ratio, w.Interval)
}

// Batched is a cache of one capacity that evicts in batches. Like any LRU cache it holds the top of a [Stack], but how deep
// it reaches depends on when batches went. So a Batched is a counter beside the stack. It is made with NewBatched,
// NewBatchedInBytes or NewUnlimited.
type Batched struct {
	policy    Watermark
	capacity  int64   // 0: unlimited
	inBytes   bool    // the capacity is in bytes
	trigger   float64 // Trigger × the capacity
	chunks    int64   // in the cache: the top of the stack
	bytes     int64   // their sizes; counted only if inBytes
	bottom    uint32  // the cache holds the chunks at this place and above; used only for bytes of unlike sizes
	row       int     // Stack.row when bottom was set; 0: never
	lastBatch float64 // in seconds
	now       float64 // of the last Evict, in seconds
}

// NewBatched returns an empty cache with a capacity in chunks. It panics if chunks < 1 or if w is out of range.
func NewBatched(chunks int64, w Watermark) *Batched { return newBatched(chunks, false, w) }

// NewBatchedInBytes returns an empty cache with a capacity in bytes. It panics if bytes < 1 or if w is out of range.
func NewBatchedInBytes(bytes int64, w Watermark) *Batched { return newBatched(bytes, true, w) }

// NewUnlimited returns an empty cache that never evicts. Chunks leave it only when they expire.
func NewUnlimited() *Batched { return &Batched{lastBatch: math.Inf(-1), now: math.Inf(-1)} }

func newBatched(capacity int64, inBytes bool, w Watermark) *Batched {
	needsCapacity(capacity)
	if err := w.Check(); err != nil {
		panic("sim: " + err.Error())
	}
	return &Batched{policy: w, capacity: capacity, inBytes: inBytes, trigger: w.Trigger * float64(capacity), lastBatch: math.Inf(-1), now: math.Inf(-1)}
}

// Resident returns how many chunks the cache holds. These are the chunks with a need of at most that many chunks.
func (b *Batched) Resident() int64 { return b.chunks }

// Expire removes the chunks that have expired in the stack. It belongs after each [Stack.Advance]; a cache for which it is
// never called has no TTL, even if the stack has one.
func (b *Batched) Expire(s *Stack) {
	if n := b.chunks - s.Resident(); n > 0 {
		b.evict(s, n)
	}
}

// Touch makes the touches of a request take effect, given the distances that [Stack.Touch] returned for it. It returns how
// many of them found their chunk in the cache, and the bytes of the others, which are written. A chunk of unknown size counts 0
// bytes.
func (b *Batched) Touch(distances []Distance) (hits, written int64) {
	for i := range distances {
		d := &distances[i]
		n := int64(d.N)
		// Each miss makes the cache reach one chunk deeper, until that is deep enough.
		misses := min(n, max(0, d.Chunks-b.chunks))
		b.chunks += misses
		written += misses * d.Size
		hits += n - misses
	}
	b.bytes += written
	return hits, written
}

// Evict evicts what must go after the touches of a request. It belongs after each Touch, before the stack's next. now is the
// time of the touches in seconds. Evict panics if now is before the time of the previous call, and, with a capacity in
// bytes, if the stack has a chunk of unknown size.
func (b *Batched) Evict(s *Stack, now float64) {
	if !(now >= b.now) {
		panic(fmt.Sprintf("sim: Evict at %g s after %g s", now, b.now))
	}
	b.now = now
	if b.inBytes {
		s.needsSizes()
	}
	if b.capacity == 0 {
		return
	}
	if float64(b.used()) >= b.trigger && now-b.lastBatch >= b.policy.Interval {
		b.lastBatch = now
		b.evict(s, max(1, int64(b.policy.Ratio*float64(b.chunks))))
	}
	if excess := b.used() - b.capacity; excess > 0 {
		b.free(s, excess)
	}
}

// used returns how much is in the cache, in the unit of its capacity.
func (b *Batched) used() int64 {
	if b.inBytes {
		return b.bytes
	}
	return b.chunks
}

// evict evicts the n least recent chunks.
func (b *Batched) evict(s *Stack, n int64) {
	switch {
	case !b.inBytes:
	case s.weights == nil:
		b.bytes -= n * s.size
	default:
		bottom, bytes := s.weights.skip(&s.marks, b.from(s), n)
		b.bottom = min(bottom, s.next)
		b.bytes -= bytes
	}
	b.chunks -= n
}

// free evicts the least recent chunks, as few as it takes to free so much, in the unit of the capacity.
func (b *Batched) free(s *Stack, excess int64) {
	switch {
	case !b.inBytes:
		b.chunks -= excess
	case s.weights == nil:
		b.evict(s, (excess-1)/s.size+1)
	default:
		bottom, chunks, bytes := s.weights.skipBytes(&s.marks, b.from(s), excess)
		b.bottom = min(bottom, s.next)
		b.chunks -= chunks
		b.bytes -= bytes
	}
}

// from returns the bottom of the cache. A hit moves a chunk from a place above the bottom to the top, and a miss puts one
// there, so only evictions move the bottom. It is searched for at first, and after places have been renumbered.
func (b *Batched) from(s *Stack) uint32 {
	if b.row != s.row {
		b.row = s.row
		b.bottom = s.marks.fromTop(b.chunks)
	}
	return b.bottom
}
