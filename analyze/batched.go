package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// batched are the caches that evict in batches, one for each capacity that something is asked about. How deep they reach
// moves with time, so that each has to be followed.
type batched struct {
	caches []*batchedCache
	index  map[units.Capacity]*batchedCache
}

// batchedCache is one of them, and the sums of the counted part.
type batchedCache struct {
	*sim.Batched
	ageless        *sim.Batched // the same cache, but that nothing expires in it; nil if nothing does anyway
	hitTokens      int64
	residentTokens int64 // hit, or behind a miss
	expiredTokens  int64 // too old, and not evicted before that
	chunkHits      int64

	hits int64 // tokens of the request at hand
}

// newBatched returns a cache for each of the capacities.
func newBatched(capacities []units.Capacity, cache Cache) *batched {
	b := &batched{index: make(map[units.Capacity]*batchedCache)}
	for _, c := range capacities {
		if b.index[c] != nil {
			continue
		}
		b.index[c] = &batchedCache{Batched: emptyCache(c, *cache.Watermark)}
		if cache.TTL > 0 {
			b.index[c].ageless = emptyCache(c, *cache.Watermark)
		}
		b.caches = append(b.caches, b.index[c])
	}
	return b
}

// emptyCache returns a cache of a capacity.
func emptyCache(c units.Capacity, w sim.Watermark) *sim.Batched {
	switch c.Unit {
	case units.Bytes:
		return sim.NewBatchedInBytes(c.N, w)
	case units.Unlimited:
		return sim.NewUnlimited()
	}
	return sim.NewBatched(c.N, w)
}

// count counts a request that has been looked up: its demand, and the needs of its chunks, apart for those that have expired.
func (b *batched) count(demand, needs, old []row) {
	for _, c := range b.caches {
		depth := c.Resident()
		c.hits = upTo(demand, depth)
		c.hitTokens += c.hits
		c.residentTokens += upTo(needs, depth)
		if c.ageless != nil {
			c.expiredTokens += upTo(old, c.ageless.Resident())
		}
	}
}

// upTo returns the tokens of the rows whose needs are at most some number of chunks.
func upTo(rows []row, depth int64) (tokens int64) {
	for i := range rows {
		tokens += rows[i].inChunks().upTo(depth) * rows[i].tokens
	}
	return tokens
}

// touch lets the touches of a request take effect, which the stack has seen.
func (b *batched) touch(s *sim.Stack, distances []sim.Distance, now float64, counts bool) {
	for _, c := range b.caches {
		hits := c.Touch(distances)
		if counts {
			c.chunkHits += hits
		}
		c.Evict(s, now)
		if c.ageless != nil {
			c.ageless.Touch(distances)
			c.ageless.Evict(s, now)
		}
	}
}

// expire lets all caches lose what has expired.
func (b *batched) expire(s *sim.Stack) {
	for _, c := range b.caches {
		c.Expire(s)
	}
}

// residents returns how many chunks are resident now, by capacity.
func (b *batched) residents(capacities []units.Capacity) []int64 {
	out := make([]int64, len(capacities))
	for i, c := range capacities {
		out[i] = b.index[c].Resident()
	}
	return out
}

// figures returns the figures of some caches. curve is that of the stack beneath: it knows what doesn't depend on how a
// cache evicts.
func (b *batched) figures(capacities []units.Capacity, curve *Curve) []Figures {
	out := make([]Figures, len(capacities))
	for i, c := range capacities {
		cache := b.index[c]
		out[i] = curve.figures(cache.hitTokens, cache.residentTokens, cache.expiredTokens, cache.chunkHits)
	}
	return out
}

// lines returns what counts parts of the log at some of the capacities.
func (b *batched) lines(capacities []units.Capacity) *batchedLines {
	l := &batchedLines{listed: slices.Clone(capacities), index: make(map[units.Capacity]int, len(capacities))}
	for i, c := range capacities {
		l.caches = append(l.caches, b.index[c])
		l.index[c] = i
	}
	return l
}

// batchedLines counts parts of the log at some of the batched caches. In a climb of it, rung i holds what hits in cache i
// of its list, whatever hits in the others.
type batchedLines struct {
	listed []units.Capacity
	index  map[units.Capacity]int // in listed
	caches []*batchedCache        // of each
}

func (l *batchedLines) add(c *climb, _ []row) {
	if len(c.chunks) == 0 {
		for i := range l.listed {
			c.chunks = append(c.chunks, tread{rung: i})
		}
	}
	for i, cache := range l.caches {
		c.chunks[i].tokens += cache.hits
	}
}

func (l *batchedLines) hitTokens(c *climb, capacity units.Capacity) int64 {
	return c.chunks[l.index[capacity]].tokens
}
