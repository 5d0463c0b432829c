package measured

// A Series is what a server counted over a stretch of time.
type Series struct {
	Metric      string      // the counters that it was read from, as a person would look them up
	Denominator Denominator // what RequestedTokens counts
	Windows     []Window    // in order of time, none overlaps another, each longer than 0
	Notes       []string    // what to bear in mind: gaps, resets, series that were summed
}

// A Window is what the server counted from Start to End, both Unix seconds, End exclusive.
type Window struct {
	Start, End                 float64
	HitTokens, RequestedTokens float64
}

// A Denominator says which tokens of its requests a server counts as requested.
type Denominator int

const (
	// Unknown is the denominator of a series that doesn't say: a CSV file.
	Unknown Denominator = iota
	// TotalTokens are all tokens of the requests, the tail included: the denominator of the token hit rate.
	TotalTokens
	// CacheableTokens are those that hashes cover, without the tail: the denominator of the cacheable token hit rate.
	CacheableTokens
	// RemainingTokens are those that a cache in front didn't hold: the denominator of a second tier.
	RemainingTokens
	// FoundTokens are those that a lookup had found before: the counters say how much of that was loaded. It is the denominator of no
	// hit rate.
	FoundTokens
)

// String returns what the denominator counts, in lower case: "all tokens".
func (d Denominator) String() string {
	switch d {
	case TotalTokens:
		return "all tokens"
	case CacheableTokens:
		return "cacheable tokens"
	case RemainingTokens:
		return "tokens that the cache in front didn't hold"
	case FoundTokens:
		return "tokens that a lookup had found"
	}
	return "unknown"
}
