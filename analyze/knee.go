package analyze

import (
	"slices"

	"hashlog/analyze/units"
)

// Knee is where more memory stops paying: the smallest capacity from which on no doubling gains a point of token hit rate, that
// is, a hundredth of all tokens. The last doubling that gains a point begins just below the knee. What smaller capacities gain
// doesn't matter: the gain may fall below a point there and rise again.
//
// The capacity is 0 if no doubling gains a point. If the cache evicts in batches, the knee is a capacity of Report.Table, and the
// gains are those of [Table.Gains].
type Knee struct {
	CapacityBytes  *int64  `json:"capacity_bytes"` // each capacity is nil if it can't be derived
	CapacityChunks *int64  `json:"capacity_chunks"`
	TokenHitRate   float64 `json:"token_hit_rate"` // at that capacity
}

// point is the token hit rate that a doubling must gain.
const point = 0.01

// knee returns the knee of a curve, or nil if it may lie beyond the largest capacity. A doubling that begins just below d ends just below
// 2d and gains the tokens whose demand is from d to 2d − 1. The knee is the largest d for which these are a point.
func (v *Curve) knee() *Knee {
	k := &Knee{}
	hundredth := v.totals.tokens/100 + min(v.totals.tokens%100, 1) // rounded up
	capacity := v.lastOctave(hundredth)
	if v.bounded() { // any doubling may gain the tokens that do not hit yet
		if rest := v.totals.cacheable - v.ceilingTokens(); rest > 0 && (rest >= hundredth || v.lastOctave(hundredth-rest) != capacity) {
			return nil
		}
	}
	if capacity > 0 {
		k.TokenHitRate = v.At(capacity).TokenHitRate()
	}
	k.CapacityBytes, k.CapacityChunks = v.both(capacity)
	return k
}

// lastOctave returns the largest d with so many tokens whose demand is from d to 2d − 1; 0 if there is none.
func (v *Curve) lastOctave(tokens int64) (d int64) {
	if v.ceilingTokens() > 0 {
		if depth, ok := v.sums[hitTokens].LastOctave(tokens); ok {
			d = depth * v.scale()
		}
	}
	return d
}

// knee returns the knee of a table that is not exact, or nil if it may lie beyond the table. A gain that ends beyond the table is
// at most what is missing to the ceiling, a rate.
func (t *Table) knee(ceiling float64) *Knee {
	at := len(t.Capacities)
	for i, gain := range slices.Backward(t.Gains()) {
		most := ceiling - t.Figures[i].TokenHitRate()
		if gain.PerDoubling != nil {
			most = *gain.PerDoubling
		}
		if most >= point {
			break
		}
		at = i
	}
	if at == len(t.Capacities) {
		return nil
	}
	return &Knee{t.Sizes[at].Bytes, t.Sizes[at].Chunks, t.Figures[at].TokenHitRate()}
}

// knee returns the knee of the cache. It is nil if the cache evicts in batches and there is no table, or none that shows it.
func (r *replay) knee(rep *Report) *Knee {
	switch {
	case r.caches == nil:
		return rep.Curve.knee()
	case rep.Table != nil:
		return rep.Table.knee(rep.highest())
	}
	return nil
}

// highest returns a hit rate that no cache exceeds: that of the ceiling or, if it is unknown, of all tokens covered by hashes.
func (r *Report) highest() float64 {
	if r.Ceiling != nil {
		return r.Ceiling.TokenHitRate
	}
	return Rate(r.Curve.totals.cacheable, r.Curve.totals.tokens)
}

// KneeText says where the knee is, without a capital letter or a full stop. It is empty if nothing is looked up again, and if
// nothing is known about the knee.
func (r *Report) KneeText() string {
	onGrid := r.Table != nil && !r.Table.Exact
	switch {
	case r.Ceiling != nil && r.Ceiling.HitTokens == 0:
		return ""
	case r.Knee != nil:
		return r.Knee.text(onGrid)
	case onGrid:
		return "where the grid ends, a doubling may still gain a point"
	case r.Ceiling == nil:
		return "beyond " + r.MaxCapacity.String() + ", where nothing is known, a doubling may still gain a point"
	}
	return ""
}

func (k *Knee) text(onGrid bool) string {
	const gains = " a doubling gains less than one point"
	at := units.Capacity{}
	switch {
	case k.CapacityBytes != nil:
		at = units.InBytes(*k.CapacityBytes)
	case k.CapacityChunks != nil:
		at = units.InChunks(*k.CapacityChunks)
	}
	switch {
	case at.N == 0:
		return "no doubling of the capacity gains a point"
	case onGrid:
		return "beyond " + at.String() + " (grid)" + gains
	}
	return "beyond " + at.String() + gains
}
