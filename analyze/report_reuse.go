package analyze

// Reuse is how often chunks are looked up, and after which time again. It is the same at every capacity.
type Reuse struct {
	// Popularity has the unique chunks of the counted part by their lookups, the most popular first.
	Popularity []Popularity
	// Intervals have the tokens of chunks that were looked up before, by the time since, shortest first.
	Intervals []ReuseInterval
	// FirstTokens are the tokens of chunks that were not looked up before.
	FirstTokens int64
}

// Popularity is a number of chunks with between LookupsFrom and LookupsTo lookups each, both inclusive.
type Popularity struct {
	LookupsFrom, LookupsTo int64
	Chunks                 int64
	Lookups                int64 // of all of them
}

// ReuseInterval is a number of tokens with From ≤ interval < To, in seconds.
type ReuseInterval struct {
	From, To float64
	Tokens   int64
}
