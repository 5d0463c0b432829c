package analyze

// Table is the figures of a cache at the capacities of a grid.
type Table struct {
	Grid
	// Exact: the figures of the capacities between are those of the report's curve. Else the cache evicts in batches; only
	// these capacities were followed, and the hit rate may fall from one to the next.
	Exact   bool
	Figures []Figures // by capacity

	curve *Curve
}

// best returns the highest token hit rate of the table.
func (t *Table) best() (rate float64) {
	for _, f := range t.Figures {
		rate = max(rate, f.TokenHitRate())
	}
	return rate
}

// reach returns the smallest capacity of the table whose hit tokens are at least want, and what it hits.
func (t *Table) reach(want int64) (capacity, hits int64, ok bool) {
	for i, f := range t.Figures {
		if f.HitTokens >= want {
			return t.Capacities[i], f.HitTokens, true
		}
	}
	return 0, 0, false
}
