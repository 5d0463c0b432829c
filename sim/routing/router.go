package routing

import "hashlog/sim"

// Request is what a router sees of a request.
type Request struct {
	Time    float64   // of its arrival, in seconds since the Unix epoch; never goes back
	Keys    []sim.Key // of its chunks, in prefix order; valid during the call
	Tokens  int64     // of its prompt, tail included
	Session string    // its session_id; "" if it has none
}

// Fleet is what a cache-aware router knows of the nodes as a request arrives.
type Fleet interface {
	// Matches returns by node how many leading chunks of the request it holds. The result is valid until the next call.
	Matches() []int
	// Loads returns how busy each node is. The result is valid until the next call.
	Loads() []Load
}

// Load is how busy a node is: the requests on it that have arrived and not ended, or those of the last moments.
type Load struct {
	Requests int64
	Chunks   int64 // all chunks of these requests
	Misses   int64 // chunks of these requests that their node did not hold when they arrived
	Tokens   int64 // of their prompts
}

// Router chooses nodes. It is used by one goroutine, in the order of the log.
type Router interface {
	// Route returns the number of the node that serves a request, from 0. fleet is nil if the router is oblivious.
	Route(q *Request, fleet Fleet) int
}
