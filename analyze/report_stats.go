package analyze

// Stats describe the requests of the counted part and how they reuse chunks.
//
// A use of a chunk is a lookup of it, whether it hits or not. Where a request names a chunk twice, both are lookups, and both
// have their last use in an earlier request, possibly one of the warm-up. Only chunks inside a hit prefix count as hits here.
type Stats struct {
	// The averages cover the time from the first request to the last; they are 0 if these are less than a microsecond apart.
	RequestsPerSecond float64 `json:"requests_per_second"`
	TokensPerSecond   float64 `json:"tokens_per_second"`

	InputTokens Distribution `json:"input_tokens"` // per request
	// Capacities are those of Report.Results or, if there are none, those of Report.Rolling; failing that, an unlimited cache.
	Capacities []CapacityStats `json:"capacities"`
}

// CapacityStats describe what a cache of one capacity does for single requests and chunks.
type CapacityStats struct {
	CapacityBytes  *int64 `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`

	RequestHitRate         RequestHitRate `json:"request_hit_rate"`
	HitPrefixChunks        Distribution   `json:"hit_prefix_chunks"` // per request, 0 included
	CumulativeTokenHitRate CumulativeRate `json:"cumulative_token_hit_rate"`
	// ReuseCount has an element for each chunk that hits at all: how often it does. nil unless the capacity was known before the
	// replay or is unlimited.
	ReuseCount *Distribution `json:"reuse_count"`
	// The following have an element for each hit.
	SpanLookups Distribution `json:"span_lookups"` // chunk lookups from the chunk's last use to this one; 1 is twice in a row
	// StackPosition is the number of other chunks that were touched more recently; 0 is the most recent one. It is that in the LRU
	// stack of all chunks, for caches that evict in batches too.
	StackPosition        Distribution `json:"stack_position"`
	ReuseIntervalSeconds Distribution `json:"reuse_interval_seconds"` // from the chunk's last use, in whole microseconds

	Evictions *int64 `json:"evictions"` // as in Report.Results; nil if it has no such capacity
	// BytesWrittenPerDay are the sizes of the chunks that are absent as they are touched, for each 24 hours from the first request
	// to the last. nil if a size is unknown, or as Evictions.
	BytesWrittenPerDay *float64 `json:"bytes_written_per_day"`
}

// RequestHitRate is the distribution of hit tokens / tokens of single requests, as fractions. Requests without tokens are left
// out.
type RequestHitRate struct {
	Distribution
	ZeroShare float64 `json:"zero_share"` // of requests without a hit token
	FullShare float64 `json:"full_share"` // of requests all of whose tokens hit
}

// Distribution summarises many values. Count, Mean and Max are exact, but for rounding of times to a microsecond. A percentile is
// the smallest value that at least so many percent of the values do not exceed, up to 0.4 % off: values are counted in classes,
// 128 for each power of two, of which it is the middle. Whole numbers below 256 are exact, as are a rate of 0 and one of 1. All
// are 0 if there is no value.
type Distribution struct {
	Count int64   `json:"count"`
	Mean  float64 `json:"mean"`
	P25   float64 `json:"p25"`
	P50   float64 `json:"p50"`
	P75   float64 `json:"p75"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// CumulativeRate is the token hit rate of the first requests, by their share of all counted requests: exact up to 4,000 requests,
// and beyond that to the nearest 1/2,000 of the requests.
type CumulativeRate struct {
	P10  float64 `json:"p10"`
	P25  float64 `json:"p25"`
	P50  float64 `json:"p50"`
	P75  float64 `json:"p75"`
	P100 float64 `json:"p100"`
}
