package analyze

import "hashlog/analyze/units"

// Table holds the figures of a cache at the capacities of a grid.
type Table struct {
	Grid
	// Exact says that the report's curve also gives the figures between these capacities. If false, the cache evicts in
	// batches: only these capacities were simulated, and the hit rate may fall from one to the next.
	Exact bool

	// These have an element per capacity.
	Sizes   []Size
	Figures []Figures
	LRU     []Figures // of a plain LRU; nil if Exact
	// Evictions are nil where they can't be known: with a warm-up, if chunks have unlike sizes and the capacities depend on the
	// log.
	Evictions []*int64
	// BytesWritten are nil if a chunk size is unknown, or if the bytes of all touches exceed an int64.
	BytesWritten []*int64

	curve *Curve
}

// Size is a capacity in bytes and in chunks, each nil if it cannot be derived, both nil if unlimited.
type Size struct{ Bytes, Chunks *int64 }

// In returns the capacity in bytes or in chunks; nil if it can't be derived.
func (s Size) In(unit units.Unit) *int64 {
	if unit == units.Bytes {
		return s.Bytes
	}
	return s.Chunks
}

// best returns the highest token hit rate of the table.
func (t *Table) best() (rate float64) {
	for _, f := range t.Figures {
		rate = max(rate, f.TokenHitRate())
	}
	return rate
}

// reach returns the smallest capacity of the table with at least want hit tokens, and its hit tokens.
func (t *Table) reach(want int64) (capacity, hits int64, ok bool) {
	for i, f := range t.Figures {
		if f.HitTokens >= want {
			return t.Capacities[i], f.HitTokens, true
		}
	}
	return 0, 0, false
}
