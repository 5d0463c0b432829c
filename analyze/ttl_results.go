package analyze

import (
	"io"
	"slices"
	"time"

	"hashlog/analyze/units"
)

// TTLCurve is the token hit rate by TTL, for caches of some capacities. It is exact at each of its TTLs.
type TTLCurve struct {
	TTLs []time.Duration // rising; those of the grid end with the first that is at least as long as the log

	// These have an element per capacity.
	Capacities []units.Capacity
	Sizes      []Size
	Forever    []int64 // hit tokens where no chunk expires

	HitTokens   [][]int64 // by TTL, then by capacity
	TotalTokens int64
}

// TTLResult is what a cache of one capacity would have hit with one TTL.
type TTLResult struct {
	TTL            float64 `json:"ttl_seconds"`
	CapacityBytes  *int64  `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64  `json:"capacity_chunks"`
	HitTokens      int64   `json:"hit_tokens"`
	TokenHitRate   float64 `json:"token_hit_rate"`
}

// results returns the figures at some of the curve's TTLs, in their order.
func (c *TTLCurve) results(ttls []time.Duration) (out []TTLResult) {
	for _, ttl := range ttls {
		at, _ := slices.BinarySearch(c.TTLs, ttl)
		for i, hits := range c.HitTokens[at] {
			out = append(out, TTLResult{TTL: ttl.Seconds(), CapacityBytes: c.Sizes[i].Bytes, CapacityChunks: c.Sizes[i].Chunks,
				HitTokens: hits, TokenHitRate: Rate(hits, c.TotalTokens)})
		}
	}
	return out
}

// WriteTTLCSV writes a curve in long form: a header and one row per TTL and capacity, and at the end one per capacity with
// an empty TTL, for chunks that never expire. TTLs are in seconds; both capacity cells are empty for an unlimited cache.
func WriteTTLCSV(w io.Writer, c *TTLCurve) error {
	out := csvWriter{w: w}
	out.header("ttl_seconds,capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,capacity_label")
	for i, all := range append(slices.Clone(c.HitTokens), c.Forever) {
		for j, hits := range all {
			if i < len(c.TTLs) {
				out.fractions(c.TTLs[i].Seconds())
			} else {
				out.empty(1)
			}
			out.size(c.Sizes[j])
			out.integers(hits, c.TotalTokens)
			out.fractions(Rate(hits, c.TotalTokens))
			out.label(c.Capacities[j])
			if err := out.end(); err != nil {
				return err
			}
		}
	}
	return out.flush()
}
