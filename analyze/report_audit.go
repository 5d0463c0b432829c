package analyze

// Audit describes a log beyond what a replay needs, and what is wrong with it.
type Audit struct {
	SpanSeconds       float64 `json:"span_seconds"`
	RequestsPerSecond float64 `json:"requests_per_second"` // over the span

	// Dropped is how many records the writer lost, according to the records that follow them.
	Dropped int64 `json:"dropped"`

	UniqueBytes    *int64 `json:"unique_bytes"` // size of a cache that holds every chunk; nil if a size is unknown
	ChunksSeenOnce int64  `json:"chunks_seen_once"`

	// ReplayMemoryBytes estimates the memory that a replay of the log takes, in whole MiB.
	ReplayMemoryBytes int64 `json:"replay_memory_bytes"`

	OutOfOrder        int64 `json:"out_of_order"`       // records after a later one in their file, late ones included
	SurplusHashes     int64 `json:"surplus_hashes"`     // requests with more hashes than seq_len covers
	SizeDisagreements int64 `json:"size_disagreements"` // requests whose size for a chunk differs from the first
	// RepeatedIDs counts requests whose request_id equals that of one of the RepeatWindow requests before them.
	RepeatedIDs int64 `json:"repeated_request_ids"`

	// UsualSpacing is the median time between successive requests, in seconds, leaving out times of 0. It is exact unless
	// more than half a million distinct times occur; then its error is at most 0.2 %, and usually far smaller.
	UsualSpacing      float64 `json:"usual_spacing_seconds"`
	UsualSpacingExact bool    `json:"usual_spacing_exact"`
	// Gaps are the stretches without a request that are longer than ten times the usual spacing, longest first. At most the
	// longest thousand are listed; GapCount counts all.
	Gaps     []Gap `json:"gaps"`
	GapCount int64 `json:"gap_count"`
	// Holes are the numbers missing from the file names of a folder.
	Holes []Hole `json:"sequence_holes"`
	// MissingStarts are the folders whose first file has a number above 0: earlier files are missing, perhaps because
	// retention deleted them.
	MissingStarts []MissingStart `json:"missing_starts"`
	// Repeats are the first ten requests counted in RepeatedIDs.
	Repeats []Repeat `json:"repeats"`

	// Sessions and CacheSalts are how many different ones there are, not counting the empty one, and the others how many requests
	// have one.
	Sessions        int64 `json:"sessions"`
	SessionRequests int64 `json:"session_requests"`
	CacheSalts      int64 `json:"cache_salts"`
	SaltedRequests  int64 `json:"salted_requests"`

	Measured Measured `json:"measured"`
}

// Measured is what the log says that servers hit, in records with cached_tokens.
type Measured struct {
	Requests     int64    `json:"requests"`       // with cached_tokens
	TotalTokens  int64    `json:"total_tokens"`   // of these requests
	CachedTokens int64    `json:"cached_tokens"`  // of these tokens
	TokenHitRate *float64 `json:"token_hit_rate"` // nil if there is no such request
}

// Gap is a stretch without a request. Start is in seconds since the Unix epoch.
type Gap struct {
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
}

// Repeat is a request whose request_id an earlier request has too.
type Repeat struct {
	RequestID string `json:"request_id"`
	File      string `json:"file"`
	Line      int64  `json:"line"`
}

// RepeatWindow is how many preceding requests are searched for a repeated request_id. Requests without one do not count.
const RepeatWindow = 1 << 20

// Hole is a run of missing numbers between two successive files of a folder.
type Hole struct {
	After   string `json:"after"`
	Before  string `json:"before"`
	Missing int64  `json:"missing"`
}

// MissingStart describes a folder whose first file has a number above 0. Writers count from 0 in a new folder, so at least
// that many files came before it: they were deleted, moved away, or not given.
type MissingStart struct {
	Before  string `json:"before"`
	Missing int64  `json:"missing"`
}
