package policy

import "hashlog/sim"

// Capacity is the capacity of a cache.
type Capacity struct {
	N       int64 // ≥ 1; math.MaxInt64 is unlimited
	InBytes bool  // or in chunks
}

// Result is what a cache did with the counted requests of a trace.
type Result struct {
	Hit       int64 // what the hit prefixes are worth, in the unit of Request.Limit
	ChunkHits int64 // each chunk is one access, looked up and touched in touch order; no prefix rule
	Evictions int64
	Inserted  int64 // chunks written
	Written   int64 // their bytes; 0 if a size is unknown
}

// Spec names a cache and sets its options.
type Spec struct {
	Name    string
	Options map[string]float64 // those that differ from the default
	Order   *sim.Order         // touch order that the cache itself defines; nil: any
}
