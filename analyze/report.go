package analyze

import (
	"time"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
)

// Report is the outcome of a replay, from which text, JSON, CSV and pictures are made. [WriteJSON] writes its JSON form.
type Report struct {
	Input    Input    `json:"input"`
	Settings Settings `json:"settings"`
	// Ceiling is nil if Options.MaxCapacity is set: it is unknown then.
	Ceiling *Ceiling `json:"ceiling"`

	Targets []TargetResult `json:"targets"`
	Results []Result       `json:"results"`
	// Tiers is nil unless Options.Tiers is set. It has the order of Options.Tiers.
	Tiers []TierResult `json:"tiers,omitempty"`
	// Notes are remarks on the input that a reader of the figures should know, such as surplus hashes or conflicting sizes.
	Notes []Note `json:"notes"`
	// Assumptions are what the figures rest on, one sentence each.
	Assumptions []string `json:"assumptions"`
	// TTLs is nil unless Options.TTLs is set. It has a result for each TTL and capacity, by TTL in the order of
	// Options.TTLs.
	TTLs []TTLResult `json:"ttls,omitempty"`
	// By is nil unless Options.By is set. It has the order of Options.By.
	By Breakdown `json:"by,omitempty"`
	// Stats is nil unless Options.Stats is set.
	Stats *Stats `json:"stats,omitempty"`
	// Granularities is nil unless Options.Granularities is set. It has its order.
	Granularities []GranularityResult `json:"granularities,omitempty"`
	// Knee is where more memory stops paying. It is nil if the cache evicts in batches and there is no table, or none that
	// shows it, and if it may lie beyond Options.MaxCapacity.
	Knee *Knee `json:"knee"`
	// Topics says what each of Assumptions is about; those beyond its end are about all figures.
	Topics []Topic `json:"-"`
	// Counted is the number of requests after the warm-up, which the figures are about. Input covers all.
	Counted int64 `json:"-"`
	// Assumed is the short form of Assumptions.
	Assumed Assumed `json:"-"`
	// CountedFrom is the timestamp of the first request after the warm-up, in seconds since the Unix epoch; nil without a
	// warm-up.
	CountedFrom *float64 `json:"-"`

	// Curve is exact at every capacity and covers the counted part. If the cache evicts in batches, it is the curve of a
	// plain LRU.
	Curve *Curve `json:"-"`
	// Table is nil unless Options.Grid is set.
	Table *Table `json:"-"`
	// Models is nil unless Options.Models is set.
	Models *Division `json:"-"`
	// Rolling is nil unless Options.Rolling is set.
	Rolling *Rolling `json:"-"`
	// Heat is nil unless Options.Heat is set. Its lines are capacities at fixed steps of the logarithm: all 2^(k/4), rounded to
	// three significant digits in their binary unit, from 1 % of the ceiling's hit tokens to all of them, or between the ends of
	// Options.Grid. If the cache evicts in batches, they are up to 100 capacities of Table. Its windows are those of Rolling,
	// joined where there would be more than 400.
	Heat *Rolling `json:"-"`
	// Requests is nil unless Options.Requests is set.
	Requests *Requests `json:"-"`
	// Reuse is nil unless Options.Reuse is set.
	Reuse *Reuse `json:"-"`
	// TierWindows is nil unless Options.Tiers is set.
	TierWindows []TierWindow `json:"-"`
	// TTLCurve is nil unless Options.TTLs is set.
	TTLCurve *TTLCurve `json:"-"`
	// Audit is nil unless Options.Audit is set.
	Audit *Audit `json:"-"`
	// Log is what the reader met, with the locations of bad records and damage.
	Log log.Stats `json:"-"`

	// MaxCapacity is Options.MaxCapacity.
	MaxCapacity units.Capacity `json:"-"`

	tierWindow time.Duration
	chunkCurve *Curve // the same as Curve, in chunks
}

// Input describes what was replayed, warm-up included.
type Input struct {
	Files           int   `json:"files"`
	Requests        int64 `json:"requests"`
	TotalTokens     int64 `json:"total_tokens"`
	CacheableTokens int64 `json:"cacheable_tokens"` // tokens covered by hashes
	ChunkLookups    int64 `json:"chunk_lookups"`
	// UniqueChunks is nil if Options.MaxCapacity is set: it is unknown then.
	UniqueChunks *int64 `json:"unique_chunks"`

	Filtered int64 `json:"filtered"` // records rejected by the filter
	Skipped  int64 `json:"skipped"`  // bad records
	Torn     int64 `json:"torn"`     // unparsable last lines without a newline
	Late     int64 `json:"late"`     // records too late to be sorted
	Empty    int64 `json:"empty"`    // records with neither chunks nor tokens, dropped
	Damaged  int64 `json:"damaged"`  // files that end early, are corrupt, were truncated or are gone

	EmptyFiles int64 `json:"empty_files"` // files without a line

	FirstTimestamp float64 `json:"first_timestamp"` // seconds since the Unix epoch
	LastTimestamp  float64 `json:"last_timestamp"`

	Models []Model `json:"models"` // in order of first appearance

	BeforeState int64 `json:"before_state"` // records that a state had already: passed over by the last run
}

// Period returns the time from the first to the last request.
func (in Input) Period() units.Period {
	return units.Period{First: in.FirstTimestamp, Last: in.LastTimestamp}
}

// Model is one model's part of the input.
type Model struct {
	Name        string `json:"name"`
	Requests    int64  `json:"requests"`
	TotalTokens int64  `json:"total_tokens"`
	// ChunkSize is in tokens; nil if the model's records disagree.
	ChunkSize *int64 `json:"chunk_size"`
	// BytesPerChunk is nil if it is unknown or the model's records disagree.
	BytesPerChunk *int64 `json:"bytes_per_chunk"`
}

// Ceiling is the hit rate of an unlimited cache and the smallest capacity that reaches it. That capacity is unknown if the
// cache evicts in batches.
type Ceiling struct {
	TokenHitRate   float64 `json:"token_hit_rate"`
	HitTokens      int64   `json:"hit_tokens"`
	CapacityChunks *int64  `json:"capacity_chunks"` // each capacity is nil if it can't be derived
	CapacityBytes  *int64  `json:"capacity_bytes"`
}

// TargetResult is the smallest capacity that reaches a target. If the cache evicts in batches, it is the smallest of those
// simulated: of the table, or of the capacities before that one, one per cent apart.
type TargetResult struct {
	Target string `json:"target"` // as given, "80%" or "95%ofceiling"
	// TokenHitRate is the rate at the capacity found. If the target is not reachable, it is the ceiling or, if the cache
	// evicts in batches, the highest rate of the table. With Options.MaxCapacity it is the rate there.
	TokenHitRate   float64 `json:"token_hit_rate"`
	CapacityChunks *int64  `json:"capacity_chunks"`
	CapacityBytes  *int64  `json:"capacity_bytes"`
	Reachable      bool    `json:"reachable"` // with Options.MaxCapacity: within it
	Exact          bool    `json:"exact"`     // if false, the cache evicts in batches, and a smaller capacity may be enough
}

// Result is what a cache of one capacity would have done with the counted part.
type Result struct {
	CapacityBytes  *int64 `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`

	HitTokens             int64   `json:"hit_tokens"`
	TotalTokens           int64   `json:"total_tokens"`
	CacheableTokens       int64   `json:"cacheable_tokens"`
	TokenHitRate          float64 `json:"token_hit_rate"`
	CacheableTokenHitRate float64 `json:"cacheable_token_hit_rate"`

	ChunkHits    int64   `json:"chunk_hits"` // classic replay, without the prefix rule
	ChunkLookups int64   `json:"chunk_lookups"`
	ChunkHitRate float64 `json:"chunk_hit_rate"`
	// Evictions is nil where the resident chunks before or after the counted part are unknown, as of summaries they may be.
	Evictions *int64 `json:"evictions"`
	// ResidentChunks are those at the end of the replay; nil if unknown.
	ResidentChunks *int64 `json:"resident_chunks"`

	MissTokens MissTokens `json:"miss_tokens"`
	// Models is nil if models × results exceed a hundred thousand; use ModelCount and Model, which always work. In a report of a summary that
	// has not counted models at this capacity it is nil and ModelCount 0.
	Models []ModelResult `json:"models"`
	// Spread is nil unless the cache draws random numbers.
	Spread *Spread `json:"spread"`

	models   modelReader    // nil if Models is filled in
	capacity units.Capacity // the capacity to ask models for
}

// modelReader computes the figures of models on demand.
type modelReader interface {
	count() int
	result(model int, c units.Capacity) ModelResult
}

// ModelCount returns the number of models in the counted part.
func (r *Result) ModelCount() int {
	if r.models != nil {
		return r.models.count()
	}
	return len(r.Models)
}

// Model returns the figures of model i, 0 ≤ i < ModelCount(), in order of first appearance in the counted part.
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

// NoteKind says what a caller can do about a note.
type NoteKind uint8

// The kinds of notes.
const (
	Remark       NoteKind = iota // nothing
	SizesUnknown                 // set Options.Geometry or Options.BytesPerChunk to get sizes in bytes
	ManyModels                   // Options.Geometry describes one model; Filter.Model would replay only one
)

func (n Note) String() string { return n.Text }

// Assumed is what the figures rest on, in short form.
type Assumed struct {
	Words []string // what holds for most replays, a few words each: "plain LRU, head first"
	Facts []string // what is special about this replay, one sentence each
}

// known returns a pointer to a size, or nil for 0, which means unknown.
func known(size int64) *int64 {
	if size == 0 {
		return nil
	}
	return &size
}

// orZero is the inverse of known.
func orZero(size *int64) int64 {
	if size == nil {
		return 0
	}
	return *size
}

// Settings are the options of a replay; nil means that the option was not given.
type Settings struct {
	TouchOrder    string   `json:"touch_order"`
	Cache         string   `json:"cache"`
	EvictTrigger  *float64 `json:"evict_trigger"`          // fraction of the capacity
	EvictRatio    *float64 `json:"evict_ratio"`            // fraction of the resident chunks
	EvictInterval *float64 `json:"evict_interval_seconds"` // minimum time between two batches
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

	Admit         *int      `json:"admit"`          // number of the lookup from which on a chunk is stored
	TTLs          []float64 `json:"ttls_seconds"`   // in seconds
	LengthClasses []int64   `json:"length_classes"` // lower bounds in tokens
	TimeZone      *string   `json:"timezone"`       // of ByHour; nil without it

	MaxCapacity *string `json:"max_capacity"` // such as "64 GiB"

	MatchUnit *string `json:"match_unit"` // such as "4chunks" or "784tokens"
	Rechunk   *int    `json:"rechunk"`    // consecutive chunks that are replayed as one
	TierMode  *string `json:"tier_mode"`  // "inclusive" or "exclusive"; nil without tiers
}
