package analyze

import "hashlog/analyze/units"

// Requests is what single requests hit, by prompt length and by the share of their tokens, at the capacities of
// Report.Rolling.
type Requests struct {
	Capacities []units.Capacity
	Sizes      []Size
	Lengths    []LengthRates // shortest first; lengths without requests are left out
	// Rates counts requests with tokens: an element per capacity, each with a count per class of the rates, hit tokens / tokens.
	// Class 0 is exactly 0, class i of 1 to 100 is (i−1) % exclusive to i % inclusive, so the last one has those that hit in full.
	Rates [][]int64
}

// LengthRates is the token hit rate of the requests with From ≤ tokens < To. The classes are those of ByLength: powers of two, or
// Options.LengthClasses. The last class has no upper end; its To is math.MaxInt64.
type LengthRates struct {
	From, To    int64
	Requests    int64
	TotalTokens int64
	HitTokens   []int64 // by capacity
}
