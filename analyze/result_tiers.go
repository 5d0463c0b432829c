package analyze

// TierResult is a tier's own share of what a cache with tiers would have hit, and what is written to it. A request hits as
// in the largest tier, and each chunk of its hit prefix is served by the smallest that holds it. A chunk is written to
// every tier that doesn't hold it when it is touched.
type TierResult struct {
	Name           string `json:"name"`
	CapacityBytes  *int64 `json:"capacity_bytes"` // both nil: unlimited
	CapacityChunks *int64 `json:"capacity_chunks"`
	Tokens         int64  `json:"tokens"`        // that it served
	Bytes          *int64 `json:"bytes"`         // of the chunks that it served, whole; nil where a size is unknown
	BytesWritten   *int64 `json:"bytes_written"` // of the chunks that are written to it; nil likewise
	// BytesWrittenPerDay is the average of 86,400 seconds; nil likewise.
	BytesWrittenPerDay *float64 `json:"bytes_written_per_day"`
	EnduranceBytes     *int64   `json:"endurance_bytes"` // that can be written in all; nil where not known
	// EnduranceDays is after how many days as the average one it is worn out; nil where that isn't known, and where nothing
	// is written.
	EnduranceDays *float64 `json:"endurance_days"`
	TokenHitRate  float64  `json:"token_hit_rate"`
	// Bandwidth is nil where a size is unknown.
	Bandwidth *TierBandwidth `json:"bandwidth"`
}

// TierBandwidth is how fast a tier is read and written, in bytes a second, by window of time.
type TierBandwidth struct {
	WindowSeconds float64 `json:"window_seconds"`
	// Average is over the time from the first window with requests to the last, those without between them included.
	Average        float64 `json:"average_bytes_per_second"` // read
	Peak           float64 `json:"peak_bytes_per_second"`    // read in one window
	PeakStart      float64 `json:"peak_window_start"`        // seconds since the Unix epoch
	AverageWrite   float64 `json:"average_write_bytes_per_second"`
	PeakWrite      float64 `json:"peak_write_bytes_per_second"`
	PeakWriteStart float64 `json:"peak_write_window_start"`
	Available      *int64  `json:"available_bytes_per_second"` // to read; nil where not known
	// AvailableWrite is the same as Available where Shared: what there is, is there for reads and writes together.
	AvailableWrite *int64 `json:"available_write_bytes_per_second"`
	Shared         bool   `json:"available_is_shared"`
	// Above is the number of windows in which more is read than there is, or written, or both together where Shared; nil
	// where it is not known what there is.
	Above *int64 `json:"windows_above_available"`
}

// TierWindow is what the tiers served, and what was written to them, in one window, [Start, End) in seconds since the Unix
// epoch. With a store delay there may be windows in which something is written but no request comes.
type TierWindow struct {
	Start, End   float64
	Requests     int64
	TotalTokens  int64
	Tokens       []int64 // by tier
	Bytes        []int64 // by tier; nil where a size is unknown
	BytesWritten []int64 // likewise
}
