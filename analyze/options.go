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

// Options say which records count, what a chunk weighs and what is asked. The zero value replays everything, as logged.
type Options struct {
	Filter

	// IgnoreModel makes the key the chunk hash alone. Default: model name and chunk hash.
	IgnoreModel bool
	// BytesPerChunk is the size of every chunk, whatever the records say. Default 0: as logged.
	BytesPerChunk int64
	// Geometry gives a chunk its chunk_size × the bytes that a token takes on all ranks, whatever the records say, unless
	// BytesPerChunk does. Default nil: as logged.
	Geometry *geometry.Geometry
	// Ranks multiplies a logged chunk size. Default 0: 1.
	Ranks int64
	// TouchOrder is the order in which a request's chunks are touched. Default: head first.
	TouchOrder sim.Order
	// Cache says in what the cache is unlike a plain LRU that stores at once. Default: in nothing.
	Cache Cache
	// Warmup is the part of the log that is replayed without being counted. Default: none.
	Warmup Warmup
	// Strict makes the first bad record fatal.
	Strict bool
	// Formats are those in which logs are recognised beside lookup-hash logs. Default: none.
	Formats []log.Format

	// Capacities are those that Report.Results is about.
	Capacities []units.Capacity
	// Targets are those that Report.Targets is about.
	Targets []Target
	// Grid asks for the figures at the capacities of a grid. Default nil: none.
	Grid *GridOptions
	// Rolling asks for time windows. Default nil: none.
	Rolling *RollingOptions
	// Tiers asks what each tier of a cache would serve. Default nil: there are none.
	Tiers *TierOptions
	// Audit asks what is in the log and whether anything is wrong with it.
	Audit bool

	// OnPass is called before each pass over the logs with what it is for and how to follow its progress.
	OnPass func(what string, r *log.Reader)
}

// Filter says which records are replayed. The zero value lets all through.
type Filter struct {
	Since       *float64 // seconds since the Unix epoch, inclusive
	Until       *float64 // seconds since the Unix epoch, exclusive; the reading ends there
	Model       *string  // name of the only model to replay
	MaxRequests int64    // how many requests to replay at most; 0 is no limit
}

// chunkBytes returns what a chunk of a record weighs, 0 if that is unknown or more than an int64 holds.
func (o *Options) chunkBytes(e *log.Entry) int64 {
	if o.BytesPerChunk > 0 {
		return o.BytesPerChunk
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

// sizesGiven tells whether the sizes that records log are not used.
func (o *Options) sizesGiven() bool { return o.BytesPerChunk > 0 || o.Geometry != nil }

// listed returns all capacities that are asked for by themselves.
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
	return asked
}

// inBytes returns a capacity that is asked for in bytes, by itself or as one of more, nil if there is none.
func (o *Options) inBytes(more []units.Capacity) *units.Capacity {
	asked := append(o.listed(), more...)
	if i := slices.IndexFunc(asked, func(c units.Capacity) bool { return c.Unit == units.Bytes }); i >= 0 {
		return &asked[i]
	}
	return nil
}

// RollingOptions say how to roll. The zero value chooses for itself.
type RollingOptions struct {
	// Window is the length of a window, at least a millisecond. 0: the shortest of the lengths from a second to a day
	// that gives at most 200 windows from the first request to the last.
	Window time.Duration
	// Capacities are the lines. None: of the powers of two, those whose hit rates are nearest to 50 % and 90 % of the
	// ceiling's, and an unlimited cache.
	Capacities []units.Capacity
}

// unknownSize says why the size of a request's chunks is not known.
func (o *Options) unknownSize(q *request) string {
	switch {
	case o.Geometry != nil:
		return fmt.Sprintf("with this record's chunks of %d tokens, %d bytes each, all sizes exceed 2^63 bytes", q.tokens.chunkSize, o.Geometry.BytesPerToken)
	case q.logged > 0:
		return fmt.Sprintf("with this record's chunks of %d bytes on %d ranks all sizes exceed 2^63 bytes", q.logged, max(o.Ranks, 1))
	}
	return "this record has no dtypes and shapes to tell a chunk's size by"
}
