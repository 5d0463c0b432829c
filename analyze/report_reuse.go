package analyze

// Reuse is how often chunks are looked up, and after which time again. It is the same at every capacity.
type Reuse struct {
	// Popularity has the unique chunks of the counted part by their lookups, the most popular first. The first thousand chunks
	// and those with fewer than 256 lookups have their exact number of lookups. All others are in classes, 128 for each power of
	// two.
	Popularity []Popularity
	// Intervals have the tokens of chunks that an earlier request looked up, by the time since, shortest first. The classes end
	// at a millisecond and at ten points, evenly spaced on a logarithmic axis, for each factor of ten. Those without tokens are
	// left out.
	Intervals []ReuseInterval
	// FirstTokens are the tokens of chunks that no earlier request looked up.
	FirstTokens int64
}

// Popularity is a number of chunks with between LookupsFrom and LookupsTo lookups each, both inclusive. A chunk that a request
// names twice has two lookups.
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
