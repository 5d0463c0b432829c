package analyze

import "hashlog/analyze/units"

// batchTally sums the requests of the counted part for each cache that evicts in batches.
type batchTally struct {
	caches *caches
	sums   []batchSums // by cache
}

// batchSums are one cache's figures for the counted part.
type batchSums struct {
	hitTokens      int64
	residentTokens int64 // hit, or after a miss
	expiredTokens  int64 // too old, but not evicted before they expired
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
		sums := &b.sums[i]
		sums.hitTokens += q.hitTokens[i]
		sums.residentTokens += upTo(q.resident, c.Resident())
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

// report adds nothing: results and tables read the sums by capacity, see [replay.figures].
func (b *batchTally) report(*Report, *ending) {}

// figures returns the figures of the caches of some capacities. curve is that of the underlying stack; it supplies the
// totals, which do not depend on how a cache evicts.
func (b *batchTally) figures(capacities []units.Capacity, curve *Curve) []Figures {
	out := make([]Figures, len(capacities))
	for i, c := range capacities {
		s := &b.sums[b.caches.index[c]]
		out[i] = curve.figures(s.hitTokens, s.residentTokens, s.expiredTokens, s.chunkHits)
	}
	return out
}
