package analyze

import (
	"fmt"
	"math"
	"slices"
	"time"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// Options say which records count, how large chunks are and what to report. The zero value replays every record, with sizes
// as logged.
type Options struct {
	Filter

	// IgnoreModel leaves the model name out of the key. Default: model name, cache salt and chunk hash.
	IgnoreModel bool
	// BytesPerChunk overrides the size of every chunk, in bytes. Default 0: as logged.
	BytesPerChunk int64
	// Geometry overrides the logged chunk sizes: a chunk takes chunk_size × the bytes per token on all ranks. BytesPerChunk
	// takes precedence. Default nil: as logged.
	Geometry *geometry.Geometry
	// Ranks multiplies the logged chunk sizes. Default 0: same as 1.
	Ranks int64
	// TouchOrder is the order in which a request's chunks are touched. Default: head first.
	TouchOrder sim.Order
	// MatchUnit is the unit in which hits count. Default none: every chunk counts. Compare, Fleet, summaries and states know no unit.
	MatchUnit MatchUnit
	// Rechunk replays the log as if so many consecutive chunks were one: the last one stands for all, a last group of fewer becomes tail. That is
	// exact if hashes are chained; a log whose hashes are not gives a [*RechunkError]. Capacities in chunks count the larger chunks, and
	// BytesPerChunk is the size of a logged one. Default 0: same as 1. Fleets, summaries and states have the chunks of the log.
	Rechunk int
	// Cache says how the cache differs from a plain LRU that stores at once. Default: not at all.
	Cache Cache
	// MaxCapacity is the largest capacity that is asked about, in bytes or chunks. All figures up to it are exact, in memory in proportion
	// to it rather than to the log; those beyond it are unknown, and with them the ceiling, the number of unique chunks, and which misses are
	// cold. A chunk that comes back after it was forgotten takes the size that its record has then. Default zero: none.
	MaxCapacity units.Capacity
	// Warmup is the first part of the log, replayed without being counted. Default: none.
	Warmup Warmup
	// Strict makes the first bad record fatal.
	Strict bool
	// Formats are the log formats to recognise besides lookup-hash logs. Default: none.
	Formats []log.Format
	// Blocks say how Formats were made to read traces. The replay does not use them, but summaries that differ in them are not joined.
	Blocks Blocks

	// Capacities are those that Report.Results covers, in this order.
	Capacities []units.Capacity
	// Targets are those that Report.Targets answers, in this order.
	Targets []Target
	// Grid asks for Report.Table, the figures at the capacities of a grid. Default nil: no table.
	Grid *GridOptions
	// Rolling asks for Report.Rolling, the hit rate by time window. Default nil: no windows.
	Rolling *RollingOptions
	// Tiers asks for Report.Tiers, what each tier of a cache would serve. Default nil: no tiers.
	Tiers *TierOptions
	// TTLs asks for Report.TTLs, what caches hit with each of several TTLs. All other figures are those without a TTL, so
	// Cache.TTL must be 0. Default nil: none.
	TTLs *TTLOptions
	// Audit asks for Report.Audit, the contents and defects of the log.
	Audit bool
	// By are the dimensions by whose classes the figures are broken down. Default: none.
	By []Dimension
	// LengthClasses are the lower bounds, in tokens, of all classes of lengths but the first, in rising order, for ByLength and
	// Requests. Default: powers of two.
	LengthClasses []int64
	// TimeZone is where the hours of ByHour are counted. Default nil: UTC.
	TimeZone *time.Location
	// Models asks for Report.Models, the figures by model. ByModel in By asks for the same in Report.By. Default false: none.
	Models bool
	// Heat asks for Report.Heat, the hit rate by time window and capacity. It needs Rolling and Grid. Default false: no such
	// figures.
	Heat bool
	// Stats asks for Report.Stats, figures on single requests and chunks. Default false: none.
	Stats bool
	// Requests asks for Report.Requests, what single requests hit. It needs Rolling. Default false: no such figures.
	Requests bool
	// Granularities asks for Report.Granularities, the results with other match units and chunks. Those that differ in the match unit alone
	// come from one stack, each other value of Rechunk from a replay side by side with this one. Default: none.
	Granularities []Granularity
	// Reuse asks for Report.Reuse, how often and how soon chunks are looked up again. Default false: no such figures.
	Reuse bool
	// OnRow is called for each counted request, in the order of the replay; the row is valid during the call. An error ends
	// the replay. Simulated caches have no rows. Default nil: no rows.
	OnRow func(*Row) error
	// OnHits is called for each counted request likewise, whatever the cache, with its hit tokens at Capacities.
	// [Fleet] and [Compare] don't call it. Default nil: no hits.
	OnHits func(*RequestHits) error

	// summary asks for sums that a [Summary] can hold: at all powers of two and the listed capacities.
	summary bool
	// part counts what belongs to the period alone (log.Options.Part).
	part bool
	// leastKnown is how many chunks are known before any beyond MaxCapacity is forgotten. Default 0: defaultKnown.
	leastKnown int

	// OnPass is called before each pass over the logs. what names the purpose of the pass; r reports its progress.
	OnPass func(what string, r *log.Reader)
}

// Blocks say how the blocks of traces become chunks.
type Blocks struct {
	Size     int64 // tokens; 0: as the format says
	KeepTail bool  // a partial block at the end is a chunk
}

// Filter says which records are replayed. The zero value lets all through.
type Filter struct {
	Since       *float64 // seconds since the Unix epoch, inclusive
	Until       *float64 // seconds since the Unix epoch, exclusive; reading stops there
	Model       *string  // the only model to replay; nil: all
	Source      *string  // the only source to replay, as log.Entry has it; nil: all. Summaries and states have all
	MaxRequests int64    // replay at most this many requests; 0: no limit
}

// chunkBytes returns the size in bytes of a record's chunks; 0 if it is unknown or exceeds an int64.
func (o *Options) chunkBytes(e *log.Entry) int64 {
	if o.BytesPerChunk > 0 {
		return timesOrUnknown(o.BytesPerChunk, int64(max(o.Rechunk, 1)))
	}
	if o.Geometry != nil {
		return o.Geometry.ChunkBytes(e.ChunkSize)
	}
	ranks := max(o.Ranks, 1)
	if e.ChunkBytes > math.MaxInt64/ranks {
		return 0
	}
	return e.ChunkBytes * ranks
}

// sizesGiven reports whether the options override the logged sizes.
func (o *Options) sizesGiven() bool { return o.BytesPerChunk > 0 || o.Geometry != nil }

// listed returns all capacities named in the options, except those of the grid.
func (o *Options) listed() []units.Capacity {
	asked := slices.Clone(o.Capacities)
	if o.Rolling != nil {
		asked = append(asked, o.Rolling.Capacities...)
	}
	if o.Tiers != nil {
		for _, t := range o.Tiers.Tiers {
			asked = append(asked, t.Capacity)
		}
	}
	if o.TTLs != nil {
		asked = append(asked, o.TTLs.Capacities...)
	}
	if o.Stats && o.Rolling == nil {
		asked = append(asked, o.statsCapacities(nil)...)
	}
	return asked
}

// inBytes returns a capacity in bytes, from the listed ones, the largest one or from more; nil if there is none.
func (o *Options) inBytes(more []units.Capacity) *units.Capacity {
	asked := append(o.listed(), more...)
	if o.bounded() {
		asked = append(asked, o.MaxCapacity)
	}
	if i := slices.IndexFunc(asked, func(c units.Capacity) bool { return c.Unit == units.Bytes }); i >= 0 {
		return &asked[i]
	}
	return nil
}

// RollingOptions say how to count time windows. The zero value uses the defaults.
type RollingOptions struct {
	// Window is the length of a window, at least a millisecond. Default 0: of the standard lengths from a second to a week,
	// the shortest that gives at most 200 windows from the first request to the last; a week if none does.
	Window time.Duration
	// Capacities are the lines. Default none: the powers of two whose hit rates are nearest to 50 % and 90 % of the
	// ceiling, and an unlimited cache.
	Capacities []units.Capacity
}

// windowLength returns the length of rolling windows; 0 for the default.
func (o *Options) windowLength() time.Duration {
	switch {
	case o.Rolling != nil:
		return o.Rolling.Window
	case o.Tiers != nil:
		return o.Tiers.Window
	}
	return 0
}

// unknownSize says why the chunk size of a request is unknown.
func (o *Options) unknownSize(q *request) string {
	switch {
	case o.Geometry != nil:
		return fmt.Sprintf("with this record's chunks of %d tokens, %d bytes each, the sizes exceed 2^63 bytes in total", q.tokens.chunkSize, o.Geometry.BytesPerToken)
	case q.logged > 0:
		return fmt.Sprintf("with this record's chunks of %d bytes on %d ranks, the sizes exceed 2^63 bytes in total", q.logged, max(o.Ranks, 1))
	}
	return "this record has no dtypes and shapes, so its chunk size is unknown"
}
