package analyze

// Stats describe the requests of the counted part and how they reuse chunks.
type Stats struct {
	RequestsPerSecond float64      `json:"requests_per_second"` // 0 if all requests have one timestamp
	TokensPerSecond   float64      `json:"tokens_per_second"`
	InputTokens       Distribution `json:"input_tokens"` // per request
	// Capacities are those of Report.Results or, if there are none, those of Report.Rolling; failing that, an unlimited cache.
	Capacities []CapacityStats `json:"capacities"`
}

// CapacityStats describe what a cache of one capacity does for single requests and chunks.
type CapacityStats struct {
	CapacityBytes  *int64 `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`

	RequestHitRate         RequestHitRate `json:"request_hit_rate"`
	HitPrefixChunks        Distribution   `json:"hit_prefix_chunks"`         // per request, 0 included
	CumulativeTokenHitRate CumulativeRate `json:"cumulative_token_hit_rate"` // after shares of the requests
	// ReuseCount covers the chunks that hit at least once inside a hit prefix. nil unless the capacity was known before the
	// replay or is unlimited.
	ReuseCount *Distribution `json:"reuse_count"`
	// The following have an element for each chunk that hits inside a hit prefix.
	SpanLookups          Distribution `json:"span_lookups"`           // chunk lookups since the chunk's latest touch
	StackPosition        Distribution `json:"stack_position"`         // chunks touched more recently; 0 is the most recent one
	ReuseIntervalSeconds Distribution `json:"reuse_interval_seconds"` // since the chunk's latest touch

	Evictions          *int64   `json:"evictions"`             // nil unless it is a capacity of Report.Results
	BytesWrittenPerDay *float64 `json:"bytes_written_per_day"` // nil if a size is unknown, or as Evictions
}

// RequestHitRate is the distribution of hit tokens / tokens of single requests, as fractions. Requests without tokens are left
// out.
type RequestHitRate struct {
	Distribution
	ZeroShare float64 `json:"zero_share"` // of requests without a hit token
	FullShare float64 `json:"full_share"` // of requests all of whose tokens hit
}

// Distribution summarises many values. Count, Mean and Max are exact. Percentiles are nearest-rank and at most 1 % (of a rate,
// one tenth of a point) off. All are 0 if there is no value.
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

// CumulativeRate is the token hit rate of the first requests, by their share of all counted requests.
type CumulativeRate struct {
	P10  float64 `json:"p10"`
	P25  float64 `json:"p25"`
	P50  float64 `json:"p50"`
	P75  float64 `json:"p75"`
	P100 float64 `json:"p100"`
}
