package analyze

// Audit is what is in a log beyond what a replay needs, and whether anything is wrong with it.
type Audit struct {
	SpanSeconds       float64 `json:"span_seconds"`
	RequestsPerSecond float64 `json:"requests_per_second"` // over the span

	// Dropped is how many records the writer lost, as the records after them say.
	Dropped int64 `json:"dropped"`

	UniqueBytes    *int64 `json:"unique_bytes"` // what a cache of everything would need; nil where a size is unknown
	ChunksSeenOnce int64  `json:"chunks_seen_once"`

	// ReplayMemoryBytes is about how much memory a replay of the log takes, in whole MiB.
	ReplayMemoryBytes int64 `json:"replay_memory_bytes"`

	OutOfOrder        int64 `json:"out_of_order"`       // records behind a later one of their file; all but the late ones were put right
	SurplusHashes     int64 `json:"surplus_hashes"`     // requests with more hashes than seq_len covers
	SizeDisagreements int64 `json:"size_disagreements"` // requests with another chunk size than the chunk was first seen with
	// RepeatedIDs are the requests whose request_id an earlier one has, of the RepeatWindow that come right before.
	RepeatedIDs int64 `json:"repeated_request_ids"`

	// UsualSpacing is the median of the times between successive requests, in seconds, leaving out those of 0. It is exact
	// unless more than half a million of them differ; then it is right to at least 0.2 %, and mostly far better.
	UsualSpacing      float64 `json:"usual_spacing_seconds"`
	UsualSpacingExact bool    `json:"usual_spacing_exact"`
	// Gaps are the stretches without a request that are longer than ten times the usual spacing, the longest first. Of
	// more than a thousand only the longest thousand are listed; GapCount counts them all.
	Gaps     []Gap `json:"gaps"`
	GapCount int64 `json:"gap_count"`
	// Holes are the numbers that are missing from the names of a folder's files.
	Holes []Hole `json:"sequence_holes"`
	// MissingStarts are the folders that do not begin with a file of number 0: a hole before the first of their files,
	// where retention may have been at work.
	MissingStarts []MissingStart `json:"missing_starts"`
	// Repeats are the first ten of RepeatedIDs.
	Repeats []Repeat `json:"repeats"`
}

// Gap is a stretch without a request, in seconds since the Unix epoch.
type Gap struct {
	Start   float64 `json:"start"`
	Seconds float64 `json:"seconds"`
}

// Repeat is a request whose request_id an earlier one has.
type Repeat struct {
	RequestID string `json:"request_id"`
	File      string `json:"file"`
	Line      int64  `json:"line"`
}

// RepeatWindow is among how many requests a request_id is looked for: those that have one and come right before.
const RepeatWindow = 1 << 20

// Hole is a stretch of missing numbers between two files whose names follow one another.
type Hole struct {
	After   string `json:"after"`
	Before  string `json:"before"`
	Missing int64  `json:"missing"`
}

// MissingStart tells of a folder whose first file has a number above 0. Writers count up from 0 in a new folder, so
// that many files came before it, at least: they were deleted or moved away, or are not among the logs that were given.
type MissingStart struct {
	Before  string `json:"before"`
	Missing int64  `json:"missing"`
}
