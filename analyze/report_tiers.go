package analyze

import "hashlog/analyze/units"

// TierResult is one tier's share of what a tiered cache would have hit, and what is written to the tier. A request hits as
// in the largest tier, and each chunk of its hit prefix is served by the smallest tier that holds it. A touched chunk is
// written to every tier that doesn't hold it at that moment.
//
// With exclusive tiers a request hits what any of them holds. A touched chunk is written to the first tier unless it is there, and a
// chunk that moves down is read from its tier and written to the next one.
type TierResult struct {
	Name           string `json:"name"`
	CapacityBytes  *int64 `json:"capacity_bytes"` // nil if it can't be derived; both are nil if unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`
	Tokens         int64  `json:"tokens"`        // tokens served
	Bytes          *int64 `json:"bytes"`         // bytes read, of whole chunks: those served and moved down; nil if a size is unknown
	BytesWritten   *int64 `json:"bytes_written"` // bytes of the chunks written to it; nil if a size is unknown
	// BytesWrittenPerDay is the average per 86,400 seconds; nil if a size is unknown.
	BytesWrittenPerDay *float64 `json:"bytes_written_per_day"`
	EnduranceBytes     *int64   `json:"endurance_bytes"` // bytes written until it is worn out; nil if unknown
	// EnduranceDays is after how many average days the tier is worn out; nil if a size or the endurance is unknown, or if
	// nothing is written.
	EnduranceDays *float64 `json:"endurance_days"`
	TokenHitRate  float64  `json:"token_hit_rate"`
	// Bandwidth is nil if a size is unknown.
	Bandwidth *TierBandwidth `json:"bandwidth"`
	// BytesMovedDown is the part of Bytes that an exclusive tier had no room for and that went to the next one; nil if a size is unknown,
	// and for inclusive tiers, where nothing moves.
	BytesMovedDown *int64 `json:"bytes_moved_down"`

	Capacity units.Capacity `json:"-"` // in the unit asked for
}

// TierBandwidth is how fast a tier is read and written, in bytes per second, measured by time window.
type TierBandwidth struct {
	WindowSeconds float64 `json:"window_seconds"`
	// Average covers the time from the first window with requests to the last, empty windows in between included.
	Average        float64 `json:"average_bytes_per_second"` // reads
	Peak           float64 `json:"peak_bytes_per_second"`    // reads in the busiest window
	PeakStart      float64 `json:"peak_window_start"`        // seconds since the Unix epoch
	AverageWrite   float64 `json:"average_write_bytes_per_second"`
	PeakWrite      float64 `json:"peak_write_bytes_per_second"`
	PeakWriteStart float64 `json:"peak_write_window_start"`
	Available      *int64  `json:"available_bytes_per_second"` // for reads; nil if unknown
	// AvailableWrite equals Available if Shared: reads and writes then share one bandwidth.
	AvailableWrite *int64 `json:"available_write_bytes_per_second"`
	Shared         bool   `json:"available_is_shared"` // whether reads and writes share the available bandwidth
	// Above is the number of windows in which the reads, the writes, or, if Shared, their sum exceed what is available; nil
	// if the available bandwidth is unknown.
	Above *int64 `json:"windows_above_available"`
}

// TierWindow is what the tiers served and what was written to them in one window, [Start, End) in seconds since the Unix
// epoch. With a store delay, a window may have writes but no requests.
type TierWindow struct {
	Start, End   float64
	Requests     int64
	TotalTokens  int64
	Tokens       []int64 // tokens served, by tier
	Bytes        []int64 // bytes read, by tier; nil if a size is unknown
	BytesWritten []int64 // by tier; nil if a size is unknown
	// BytesMovedDown is by tier, as in TierResult.
	BytesMovedDown []int64
}
