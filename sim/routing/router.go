package routing

import "hashlog/sim"

// Request is what a router sees of a request.
type Request struct {
	Time      float64   // of its arrival, in seconds since the Unix epoch; never goes back
	Keys      []sim.Key // of its chunks, in prefix order; valid during the call
	ChunkSize int64     // tokens in a full chunk
	Tokens    int64     // of its prompt, tail included
	Session   string    // its session_id; "" if it has none
}

// Matched returns the tokens in the first chunks of the request.
func (q *Request) Matched(chunks int) int64 { return min(int64(chunks)*q.ChunkSize, q.Tokens) }

// Fleet is what a cache-aware router knows of the nodes as a request arrives.
type Fleet interface {
	// Matches returns by node how many leading chunks of the request it holds. The result is valid until the next call.
	Matches() []int
	// Loads returns how busy each node is, as [Loads] counts it. The result is valid until the next call.
	Loads() []Load
}

// Load is how busy a node is: the requests on it that have arrived and not ended.
type Load struct {
	Requests   int64
	Waiting    int64 // requests that have yet to be computed
	Chunks     int64 // of these requests
	Tokens     int64 // of their prompts
	Misses     int64 // chunks that the node did not hold when they arrived, of the waiting requests
	MissTokens int64 // tokens, tails included, likewise
}

// Router chooses nodes. It is used by one goroutine, in the order of the log.
type Router interface {
	// Route returns the number of the node that serves a request, from 0. fleet is not asked, and may be nil, if the router is
	// oblivious.
	Route(q *Request, fleet Fleet) int
}
