package analyze

import (
	"hashlog/analyze/units"
	"hashlog/log"
)

// Report is what one replay means: everything that text, JSON, CSV and pictures are made of. Its JSON form is what
// `hashlog simulate --json` prints.
type Report struct {
	Input    Input          `json:"input"`
	Settings Settings       `json:"settings"`
	Ceiling  Ceiling        `json:"ceiling"`
	Targets  []TargetResult `json:"targets"`
	Results  []Result       `json:"results"`
	// Tiers are nil unless they were asked for.
	Tiers []TierResult `json:"tiers,omitempty"`
	// Notes are remarks on the input that a reader of the figures should know (surplus hashes, sizes that disagree).
	Notes []Note `json:"notes"`
	// Assumptions are what the figures rest on, a sentence each.
	Assumptions []string `json:"assumptions"`
	// Assumed is the same in short.
	Assumed Assumed `json:"-"`

	// Curve is exact at every capacity; it covers the counted part. Where the cache evicts in batches it is that of one
	// which doesn't.
	Curve *Curve `json:"-"`
	// Table is nil unless a grid was asked for.
	Table *Table `json:"-"`
	// Rolling is nil unless windows were asked for.
	Rolling *Rolling `json:"-"`
	// TierWindows are nil unless tiers were asked for.
	TierWindows []TierWindow `json:"-"`
	// Audit is nil unless it was asked for.
	Audit *Audit `json:"-"`
	// Log is what the reader met, bad records and damage located.
	Log log.Stats `json:"-"`
}

// Input describes what was replayed, the warm-up included.
type Input struct {
	Files           int   `json:"files"`
	Requests        int64 `json:"requests"`
	TotalTokens     int64 `json:"total_tokens"`
	CacheableTokens int64 `json:"cacheable_tokens"` // tokens covered by hashes
	ChunkLookups    int64 `json:"chunk_lookups"`
	UniqueChunks    int64 `json:"unique_chunks"`

	Filtered int64 `json:"filtered"` // records that the filters kept out
	Skipped  int64 `json:"skipped"`  // bad records
	Torn     int64 `json:"torn"`     // unparsable last lines without a newline
	Late     int64 `json:"late"`     // records too late to be put in order
	Empty    int64 `json:"empty"`    // records with neither chunks nor tokens, dropped
	Damaged  int64 `json:"damaged"`  // files that end early or are corrupt, have been cut short or are gone

	EmptyFiles int64 `json:"empty_files"` // files without a line

	FirstTimestamp float64 `json:"first_timestamp"` // seconds since the Unix epoch
	LastTimestamp  float64 `json:"last_timestamp"`

	Models []Model `json:"models"` // in order of first sight
}

// Model is one model's part of the input.
type Model struct {
	Name        string `json:"name"`
	Requests    int64  `json:"requests"`
	TotalTokens int64  `json:"total_tokens"`
	// ChunkSize is in tokens; nil where the model's records disagree.
	ChunkSize *int64 `json:"chunk_size"`
	// BytesPerChunk is nil where it is unknown or the model's records disagree.
	BytesPerChunk *int64 `json:"bytes_per_chunk"`
}

// Ceiling is the hit rate of an unlimited cache, and the smallest capacity that reaches it, which is not known of a cache
// that evicts in batches.
type Ceiling struct {
	TokenHitRate   float64 `json:"token_hit_rate"`
	HitTokens      int64   `json:"hit_tokens"`
	CapacityChunks *int64  `json:"capacity_chunks"` // nil where it can't be derived
	CapacityBytes  *int64  `json:"capacity_bytes"`
}

// TargetResult is the smallest capacity that reaches a target.
type TargetResult struct {
	Target string `json:"target"` // as it was asked for, "80%" or "95%ofceiling"
	// TokenHitRate is the rate at the capacity found; where the target is not reachable it is the ceiling's, or, of a cache
	// that evicts in batches, the highest of the table.
	TokenHitRate   float64 `json:"token_hit_rate"`
	CapacityChunks *int64  `json:"capacity_chunks"`
	CapacityBytes  *int64  `json:"capacity_bytes"`
	Reachable      bool    `json:"reachable"`
}

// Result is what a cache of one capacity would have done with the counted part.
type Result struct {
	CapacityBytes  *int64 `json:"capacity_bytes"`  // both nil: unlimited
	CapacityChunks *int64 `json:"capacity_chunks"` //

	HitTokens             int64   `json:"hit_tokens"`
	TotalTokens           int64   `json:"total_tokens"`
	CacheableTokens       int64   `json:"cacheable_tokens"`
	TokenHitRate          float64 `json:"token_hit_rate"`
	CacheableTokenHitRate float64 `json:"cacheable_token_hit_rate"`

	ChunkHits      int64   `json:"chunk_hits"` // the classic replay: no prefix rule
	ChunkLookups   int64   `json:"chunk_lookups"`
	ChunkHitRate   float64 `json:"chunk_hit_rate"`
	Evictions      int64   `json:"evictions"`
	ResidentChunks int64   `json:"resident_chunks"` // at the end

	MissTokens MissTokens `json:"miss_tokens"`
	// Models are nil where those of all results are more than a hundred thousand: see ModelCount and Model.
	Models []ModelResult `json:"models"`

	models   *modelTally    // nil where Models are at hand
	capacity units.Capacity // that it knows
}

// ModelCount returns how many models there are in the counted part.
func (r *Result) ModelCount() int {
	if r.models != nil {
		return len(r.models.list)
	}
	return len(r.Models)
}

// Model returns the share of model i in the cache, in the order of Input.Models.
func (r *Result) Model(i int) ModelResult {
	if r.models != nil {
		return r.models.result(i, r.capacity)
	}
	return r.Models[i]
}

// MissTokens says where the tokens that did not hit went. All together are total − hit tokens.
type MissTokens struct {
	Tail         int64 `json:"tail"`          // covered by no hash
	Cold         int64 `json:"cold"`          // never seen before the request
	Capacity     int64 `json:"capacity"`      // seen, but no longer resident
	BrokenPrefix int64 `json:"broken_prefix"` // resident, but behind a miss
	// Expired is what a cache in which nothing expires would hold, but was last touched too long ago; nil where chunks don't
	// expire.
	Expired *int64 `json:"expired,omitempty"`
}

// ModelResult is one model's share of a cache that all models use.
type ModelResult struct {
	Name         string  `json:"name"`
	HitTokens    int64   `json:"hit_tokens"`
	TotalTokens  int64   `json:"total_tokens"`
	TokenHitRate float64 `json:"token_hit_rate"`
}

// Rate returns part / whole, and 0 where there is nothing to take a part of.
func Rate(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}
