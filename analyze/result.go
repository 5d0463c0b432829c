package analyze

import (
	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"time"
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

	tierWindow time.Duration
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

	models   modelReader    // nil if Models are at hand
	capacity units.Capacity // that it knows
}

// modelReader finds the figures of models as they are asked for.
type modelReader interface {
	count() int
	result(model int, c units.Capacity) ModelResult
}

// ModelCount returns how many models there are in the counted part.
func (r *Result) ModelCount() int {
	if r.models != nil {
		return r.models.count()
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

// ModelResult is one model's share of a cache that all models use.
type ModelResult struct {
	Name         string  `json:"name"`
	HitTokens    int64   `json:"hit_tokens"`
	TotalTokens  int64   `json:"total_tokens"`
	TokenHitRate float64 `json:"token_hit_rate"`
}

// Note is a remark on the input that a reader of the figures should know. Its JSON form is its text.
type Note struct {
	Kind NoteKind
	Text string // a sentence
}

// NoteKind tells a note that there is something to do about from others.
type NoteKind uint8

// The kinds of notes.
const (
	Remark       NoteKind = iota // there is nothing to do
	SizesUnknown                 // Options.Geometry or Options.BytesPerChunk would give sizes in bytes
	ManyModels                   // Options.Geometry is that of one model: Filter.Model would replay one
)

func (n Note) String() string { return n.Text }

// Assumed is what the figures rest on, in short.
type Assumed struct {
	Words []string // what holds for most replays, a few words each: "plain LRU, head first"
	Facts []string // what sets this replay apart, a sentence each
}

// known returns a pointer to a size, or nil for 0, which is an unknown one.
func known(size int64) *int64 {
	if size == 0 {
		return nil
	}
	return &size
}

// orZero is the opposite of known.
func orZero(size *int64) int64 {
	if size == nil {
		return 0
	}
	return *size
}

// Settings are the options that a replay went by; nil is an option that was not given.
type Settings struct {
	TouchOrder    string   `json:"touch_order"`
	Cache         string   `json:"cache"`
	EvictTrigger  *float64 `json:"evict_trigger"`          // part of the capacity
	EvictRatio    *float64 `json:"evict_ratio"`            // part of the resident chunks
	EvictInterval *float64 `json:"evict_interval_seconds"` // between two batches at least
	StoreDelay    float64  `json:"store_delay_seconds"`
	TTL           *float64 `json:"ttl_seconds"`
	IgnoreModel   bool     `json:"ignore_model"`
	Model         *string  `json:"model"`
	Since         *float64 `json:"since"` // seconds since the Unix epoch
	Until         *float64 `json:"until"`
	MaxRequests   *int64   `json:"max_requests"`
	Warmup        *string  `json:"warmup"`
	BytesPerChunk *int64   `json:"bytes_per_chunk"`
	Ranks         int64    `json:"ranks"`
	Strict        bool     `json:"strict"`

	ModelConfig *geometry.Geometry `json:"model_config"`
}
