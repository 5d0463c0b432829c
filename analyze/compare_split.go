package analyze

// Bottleneck splits what one cache misses by what would help. The five parts are all ≥ 0, and add up to the tokens that the
// cache does not hit.
type Bottleneck struct {
	Cache           string  `json:"cache"`
	CapacityBytes   *int64  `json:"capacity_bytes"`
	CapacityChunks  *int64  `json:"capacity_chunks"`
	TrafficTokens   int64   `json:"traffic_tokens"`   // beyond the ceiling: no cache of any capacity hits them
	CapacityTokens  int64   `json:"capacity_tokens"`  // beyond the bound: no cache of this capacity hits them
	UndecidedTokens int64   `json:"undecided_tokens"` // beyond what is known to be feasible, within the bound
	ForesightTokens int64   `json:"foresight_tokens"` // feasible, but missed by every cache compared that doesn't know the future
	PolicyTokens    int64   `json:"policy_tokens"`    // the best cache compared hits them
	Bottleneck      Culprit `json:"bottleneck"`

	// HitTokens are what the cache hits, CeilingTokens what an unlimited one hits.
	HitTokens, CeilingTokens int64 `json:"-"`
	// Best is the cache compared that hits the most, without knowing the future, and BestHitTokens what it hits.
	Best          string `json:"-"`
	BestHitTokens int64  `json:"-"`
}

// Culprit names what limits the hit rate of a cache.
type Culprit string

// The culprits.
const (
	// LimitedByTraffic: the cache has at least 95 % of the hits of an unlimited one.
	LimitedByTraffic Culprit = "traffic"
	// LimitedByPolicy: otherwise, the best cache compared closes at least half of the distance to the ceiling.
	LimitedByPolicy Culprit = "policy"
	// LimitedByCapacity: otherwise.
	LimitedByCapacity Culprit = "capacity"
)

// OfCeiling is the part of the ceiling's hits that the cache has.
func (b *Bottleneck) OfCeiling() float64 { return Rate(b.HitTokens, b.CeilingTokens) }

// Closed is the part of the cache's distance to the ceiling that the best cache compared closes.
func (b *Bottleneck) Closed() float64 { return Rate(b.PolicyTokens, b.CeilingTokens-b.HitTokens) }

// Foreseen is the part of that distance that a cache that knows the future closes.
func (b *Bottleneck) Foreseen() float64 {
	return Rate(b.PolicyTokens+b.ForesightTokens, b.CeilingTokens-b.HitTokens)
}

// MostToGain is what an unlimited cache hits beyond this one, as a part of all tokens.
func (b *Bottleneck) MostToGain(totalTokens int64) float64 {
	return Rate(b.CeilingTokens-b.HitTokens, totalTokens)
}

// bottlenecks splits the misses of all caches at one capacity but those of the optimum.
func (r *replays) bottlenecks(of *replayed) []Bottleneck {
	out := []Bottleneck{}
	total, ceiling := r.report.Curve.totals.tokens, r.report.Ceiling.HitTokens
	best, name := r.best(of), ""
	for i, c := range r.opts.Caches {
		if !c.optimum && of.results[i].Hit == best && name == "" {
			name = c.String()
		}
	}
	for i, c := range r.opts.Caches {
		if c.optimum {
			continue
		}
		hit := of.results[i].Hit
		b := Bottleneck{Cache: c.String(), HitTokens: hit, CeilingTokens: ceiling, Best: name, BestHitTokens: best,
			TrafficTokens: total - ceiling, CapacityTokens: ceiling - of.bound, UndecidedTokens: of.bound - of.feasible,
			ForesightTokens: of.feasible - best, PolicyTokens: best - hit}
		b.CapacityBytes, b.CapacityChunks = r.report.Curve.listed(of.asked)
		b.Bottleneck = b.culprit()
		out = append(out, b)
	}
	return out
}

// culprit names the bottleneck.
func (b *Bottleneck) culprit() Culprit {
	distance := b.CeilingTokens - b.HitTokens
	switch {
	case distance <= b.CeilingTokens/20:
		return LimitedByTraffic
	case b.PolicyTokens >= distance-b.PolicyTokens:
		return LimitedByPolicy
	}
	return LimitedByCapacity
}
