package analyze

import "hashlog/analyze/units"

// cacheTally sums the requests of the counted part for each simulated cache.
type cacheTally struct {
	index map[units.Capacity]int // in sums
	sums  []cacheSums            // by cache
}

// cacheSums are one cache's figures for the counted part.
type cacheSums struct {
	tokens    found
	chunkHits int64
	written   int64 // bytes; meaningless if those of all touches exceed an int64, or if a size is unknown
}

func newCacheTally(cs *caches) *cacheTally {
	return &cacheTally{index: cs.index, sums: make([]cacheSums, len(cs.list))}
}

func (y *cacheTally) lookUp(q *request) error {
	for i, f := range q.found {
		y.sums[i].tokens.add(f)
	}
	return nil
}

func (y *cacheTally) touch(t *touches) error {
	if t.counted {
		for i, hits := range t.hits {
			y.sums[i].chunkHits += hits
			y.sums[i].written += t.written[i]
		}
	}
	return nil
}

func (y *cacheTally) merge(later counter) error {
	for i, s := range later.(*cacheTally).sums {
		y.sums[i].tokens.add(s.tokens)
		y.sums[i].chunkHits += s.chunkHits
		y.sums[i].written += s.written
	}
	return nil
}

// report adds nothing: results and tables read the sums by capacity, see [replay.figures].
func (y *cacheTally) report(*Report, *ending) {}

// written returns the bytes written to the caches of some capacities.
func (y *cacheTally) written(capacities []units.Capacity) []int64 {
	out := make([]int64, len(capacities))
	for i, c := range capacities {
		out[i] = y.sums[y.index[c]].written
	}
	return out
}

// figures returns the figures of the caches of some capacities. curve is that of the underlying stack; it supplies the
// totals, which do not depend on how a cache evicts.
func (y *cacheTally) figures(capacities []units.Capacity, curve *Curve) []Figures {
	out := make([]Figures, len(capacities))
	for i, c := range capacities {
		s := &y.sums[y.index[c]]
		out[i] = curve.figures([quantities]int64{
			hitTokens: s.tokens.hit, residentTokens: s.tokens.resident, expiredTokens: s.tokens.expired, chunkHits: s.chunkHits,
			prefixTokens: s.tokens.prefix})
	}
	return out
}
