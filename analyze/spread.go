package analyze

// policySeeds is how many seeds a cache that draws random numbers is replayed with: the one given, and those that follow it.
const policySeeds = 5

// Spread is how the token hit rate of a cache that draws random numbers varies with their seed.
type Spread struct {
	Seeds   int     `json:"seeds"` // how many; the figures beside the spread are those of the first
	Lowest  float64 `json:"lowest_token_hit_rate"`
	Mean    float64 `json:"mean_token_hit_rate"`
	Highest float64 `json:"highest_token_hit_rate"`
}

// spread adds the spread to a result, given the hit tokens with other seeds.
func (r *Result) spread(others []int64) {
	r.Spread = newSpread(append([]int64{r.HitTokens}, others...), r.TotalTokens)
}

// newSpread returns the spread of some hit tokens, one for each seed. It is nil for one seed.
func newSpread(hitTokens []int64, totalTokens int64) *Spread {
	if len(hitTokens) < 2 {
		return nil
	}
	s := &Spread{Seeds: len(hitTokens), Lowest: 1}
	for _, hits := range hitTokens {
		rate := Rate(hits, totalTokens)
		s.Lowest, s.Highest = min(s.Lowest, rate), max(s.Highest, rate)
		s.Mean += rate / float64(len(hitTokens))
	}
	return s
}
