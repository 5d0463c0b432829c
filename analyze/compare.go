package analyze

import (
	"context"
	"errors"
	"fmt"

	"hashlog/analyze/units"
	"hashlog/log"
)

// CompareOptions say which caches to compare and at which capacities.
type CompareOptions struct {
	// Options say which records count and how large chunks are. Capacities must not be empty. TouchOrder applies to caches
	// that define none themselves. Of Cache only Admit may be set. It applies to all caches but the optimum, and the ceiling does
	// not know it either.
	Options
	// Caches are the caches to compare, in this order; at least one.
	Caches []ComparedCache
	// Points asks for Comparison.Grid with at most this many capacities, at least two: the default ones of a [GridOptions]. Default
	// 0: none.
	Points int
	// OnReplays is called after the pass over the logs, before the caches are replayed. progress returns how many replays are
	// done, and how many there are. Default nil.
	OnReplays func(progress func() (done, total int64))
}

// Comparison is what caches would have done side by side. [json.Marshal] gives its JSON form.
type Comparison struct {
	Input       Input         `json:"input"`
	Settings    Settings      `json:"settings"` // Cache lists the caches
	Ceiling     Ceiling       `json:"ceiling"`
	Caches      []CacheResult `json:"caches"`               // by capacity, then by cache, in the order asked
	Bottlenecks []Bottleneck  `json:"bottlenecks,omitzero"` // in the same order; nil unless the optimum is compared
	Notes       []Note        `json:"notes"`
	Assumptions []string      `json:"assumptions"`

	// Capacities divides Caches and Bottlenecks by capacity.
	Capacities []ComparedCapacity `json:"-"`
	// Grid holds the same for rising capacities, in GridUnit, up to one at which a plain LRU reaches the ceiling; nil unless
	// CompareOptions.Points is set.
	Grid     []ComparedCapacity `json:"-"`
	GridUnit units.Unit         `json:"-"`
	// Enough is the smallest capacity at which a plain LRU has 95 % of the hits of an unlimited one, so that traffic limits it.
	Enough *Size `json:"-"`
	// TotalTokens and ChunkLookups are the denominators of the hit rates.
	TotalTokens, ChunkLookups int64 `json:"-"`
	// Report is that of a plain LRU in the touch order of the settings, from the pass over the logs.
	Report *Report `json:"-"`
}

// ComparedCapacity holds the figures at one capacity.
type ComparedCapacity struct {
	Size
	Asked       units.Capacity // the same, in the unit asked for
	Caches      []CacheResult
	Bottlenecks []Bottleneck // nil unless the optimum is compared
}

// CacheResult is what one cache of one capacity would have done with the counted part. The optimum has two, OptFeasible and
// OptBound, of which only the hit tokens are known.
type CacheResult struct {
	Cache          string   `json:"cache"`          // as given
	TouchOrder     *string  `json:"touch_order"`    // nil for the optimum, which has none
	CapacityBytes  *int64   `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64   `json:"capacity_chunks"`
	HitTokens      int64    `json:"hit_tokens"`
	TokenHitRate   float64  `json:"token_hit_rate"`
	ChunkHits      *int64   `json:"chunk_hits"` // each chunk is one access, without the prefix rule
	ChunkHitRate   *float64 `json:"chunk_hit_rate"`
	Evictions      *int64   `json:"evictions"`
	BytesWritten   *int64   `json:"bytes_written"` // nil if the size of some chunk is unknown
	Spread         *Spread  `json:"spread"`        // nil unless the cache draws random numbers

	// LRU is the smallest capacity at which a plain LRU, in the touch order of the settings, hits as many tokens: that of the
	// cache if it does there, nil if it never does.
	LRU *Size `json:"-"`
}

// IsLRU reports whether the cache is the plain LRU that LRU compares with.
func (r *CacheResult) IsLRU() bool { return r.Cache == presets[0].Name }

// LRUFactor returns how many times the capacity of this cache the plain LRU needs to hit as much. ok is false if either is
// unlimited, or if they are not known in one unit.
func (r *CacheResult) LRUFactor() (factor float64, ok bool) {
	switch {
	case r.LRU == nil:
		return 0, false
	case r.CapacityBytes != nil && r.LRU.Bytes != nil:
		return Rate(*r.LRU.Bytes, *r.CapacityBytes), true
	case r.CapacityChunks != nil && r.LRU.Chunks != nil:
		return Rate(*r.LRU.Chunks, *r.CapacityChunks), true
	}
	return 0, false
}

// First returns the first cache that doesn't know the future; nil if there is none.
func (c *ComparedCapacity) First() *CacheResult {
	for i := range c.Caches {
		if c.Caches[i].TouchOrder != nil {
			return &c.Caches[i]
		}
	}
	return nil
}

// Best returns the cache that hits the most without knowing the future, the first of a tie; nil if there is none.
func (c *ComparedCapacity) Best() (best *CacheResult) {
	for i := range c.Caches {
		if r := &c.Caches[i]; r.TouchOrder != nil && (best == nil || r.HitTokens > best.HitTokens) {
			best = r
		}
	}
	return best
}

// Bound returns what no cache can exceed; nil unless the optimum is compared.
func (c *ComparedCapacity) Bound() *CacheResult {
	for i := range c.Caches {
		if c.Caches[i].Cache == OptBound {
			return &c.Caches[i]
		}
	}
	return nil
}

// Names of the results of the optimum.
const (
	// OptFeasible is what a cache that knows the future reaches, or the best of the compared caches if that hits more.
	OptFeasible = "opt-feasible"
	// OptBound is what no cache can exceed, whatever it evicts or refuses to store.
	OptBound = "opt-bound"
)

// Compare reads the logs once into memory, and replays every cache at every capacity, side by side on all processors.
//
// The log in memory takes at most 8 bytes a lookup, typically far less, and 40 bytes a request (see [policy.Trace]). Each
// replay under way takes some dozen bytes for each unique chunk, and the optimum what [policy.Optimum] says.
//
// Compare fails with the errors of [Run], or with [policy.ErrTooManyWritten].
func Compare(ctx context.Context, files *log.Files, opts CompareOptions) (*Comparison, error) {
	if err := opts.Check(); err != nil {
		return nil, err
	}
	opts.OnHits = nil
	warmup, err := warmupRequests(ctx, files, &opts.Options)
	if err != nil {
		return nil, err
	}
	pass, rec := newReplay(&opts.Options, nil), &recording{caches: opts.Caches}
	pass.recording = rec
	report, err := pass.once(ctx, files, "replaying", warmup)
	if err != nil {
		return nil, err
	}
	report.Settings.Cache = rec.cacheNames()
	report.Ceiling = rec.ceilingOf(report)
	rec.trace.Admit(opts.Cache.Admit)
	r, err := newReplays(report, &rec.trace, &opts)
	if err != nil {
		return nil, err
	}
	if opts.OnReplays != nil {
		opts.OnReplays(r.progress)
	}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	return r.comparison(), nil
}

// Check reports options that are out of range, and options that cannot be combined.
func (o *CompareOptions) Check() error {
	switch {
	case len(o.Capacities) == 0:
		return errors.New("a comparison needs a capacity")
	case len(o.Caches) == 0:
		return errors.New("a comparison needs a cache")
	case o.Points < 0:
		return fmt.Errorf("a comparison at a grid of %d capacities: must not be negative", o.Points)
	case o.Cache != Cache{Admit: o.Cache.Admit}:
		return errors.New("a comparison names its caches itself, and knows no store delay and no TTL")
	}
	if o.MatchUnit != (MatchUnit{}) || len(o.Granularities) > 0 {
		return errors.New("caches are compared with an optimum that counts hits to the chunk, so they have no match unit, and one size of chunks")
	}
	if o.bounded() {
		return errors.New("caches are compared with one that knows the whole log, so they have no largest capacity")
	}
	return o.Options.Check()
}

// comparison builds the comparison from the replays.
func (r *replays) comparison() *Comparison {
	whole := r.report.Curve.totals
	c := &Comparison{Input: r.report.Input, Settings: r.report.Settings, Ceiling: *r.report.Ceiling, Notes: r.report.Notes, Assumptions: r.report.Assumptions,
		GridUnit:    r.report.Curve.Unit,
		TotalTokens: whole.tokens, ChunkLookups: whole.lookups, Report: r.report}
	c.Enough = r.report.reach(c.Ceiling.HitTokens-c.Ceiling.HitTokens/20, r.report.Curve.Unit)
	if r.opts.comparesOptimum() {
		c.Bottlenecks = []Bottleneck{}
	}
	for i, of := range r.of {
		at := r.at(of)
		if i >= r.listed {
			c.Grid = append(c.Grid, at)
			continue
		}
		c.Capacities = append(c.Capacities, at)
		c.Caches = append(c.Caches, at.Caches...)
		c.Bottlenecks = append(c.Bottlenecks, at.Bottlenecks...)
	}
	return c
}

// reach returns the smallest capacity, found in the given unit, at which the report's plain LRU hits that many tokens; nil if
// none does.
func (r *Report) reach(hitTokens int64, unit units.Unit) *Size {
	curve := r.curveIn(unit)
	capacity, ok := curve.Reach(hitTokens)
	if !ok {
		return nil
	}
	var s Size
	s.Bytes, s.Chunks = curve.both(capacity)
	return &s
}

// lruOf returns the smallest capacity at which the plain LRU hits as much as a cache of another capacity does: the same if it
// hits as much there.
func (r *Report) lruOf(hitTokens int64, at units.Capacity) *Size {
	if r.curveIn(at.Unit).At(at.Limit()).HitTokens != hitTokens {
		return r.reach(hitTokens, at.Unit)
	}
	var s Size
	s.Bytes, s.Chunks = r.Curve.listed(at)
	return &s
}

// curveIn returns the curve in a unit; for no bound, in that of the report.
func (r *Report) curveIn(unit units.Unit) *Curve {
	if unit == units.Chunks {
		return r.chunkCurve
	}
	return r.Curve
}
