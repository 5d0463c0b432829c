package analyze

import "hashlog/analyze/units"

// batchTally sums the requests of the counted part for caches that evict in batches, one by one.
type batchTally struct {
	caches *caches
	sums   []batchSums // by cache
}

// batchSums are what one cache does with the counted part.
type batchSums struct {
	hitTokens      int64
	residentTokens int64 // hit, or behind a miss
	expiredTokens  int64 // too old, and not evicted before that
	chunkHits      int64
}

func newBatchTally(cs *caches) *batchTally {
	return &batchTally{caches: cs, sums: make([]batchSums, len(cs.list))}
}

func (b *batchTally) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	for i, c := range b.caches.list {
		sums, depth := &b.sums[i], c.Resident()
		sums.hitTokens += upTo(q.demand, depth)
		sums.residentTokens += upTo(q.resident, depth)
		if c.ageless != nil {
			sums.expiredTokens += upTo(q.expired, c.ageless.Resident())
		}
	}
	return nil
}

func (b *batchTally) touch(t *touches) error {
	if t.counted {
		for i, hits := range t.hits {
			b.sums[i].chunkHits += hits
		}
	}
	return nil
}

func (b *batchTally) merge(later counter) error {
	for i, s := range later.(*batchTally).sums {
		sums := &b.sums[i]
		sums.hitTokens += s.hitTokens
		sums.residentTokens += s.residentTokens
		sums.expiredTokens += s.expiredTokens
		sums.chunkHits += s.chunkHits
	}
	return nil
}

// report has nothing to add: what was counted is read capacity by capacity, see [replay.figures].
func (b *batchTally) report(*Report, *ending) {}

// figures returns the figures of some of the caches. curve is that of the stack beneath: it knows what doesn't depend on how
// a cache evicts.
func (b *batchTally) figures(capacities []units.Capacity, curve *Curve) []Figures {
	out := make([]Figures, len(capacities))
	for i, c := range capacities {
		s := &b.sums[b.caches.index[c]]
		out[i] = curve.figures(s.hitTokens, s.residentTokens, s.expiredTokens, s.chunkHits)
	}
	return out
}
