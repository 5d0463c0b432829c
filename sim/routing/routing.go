package routing

import (
	"fmt"
	"time"
)

// Routing is a way to deal requests to nodes, with its options. It can be compared with ==.
type Routing struct {
	name string
	k    int // chunks that prefix:K looks at
}

// String returns what Parse reads, such as "round-robin" or "prefix:2".
func (r Routing) String() string {
	if r.k > 0 {
		return fmt.Sprintf("%s:%d", r.name, r.k)
	}
	return r.name
}

// LoadModel says how long a request keeps its node busy, since a log does not tell. If PrefillRate and DecodeTime are 0, a request
// is busy for Window from its arrival on.
type LoadModel struct {
	PrefillRate float64       // tokens a second that a node computes of those that it does not hit; 0: in no time
	DecodeTime  time.Duration // of each request
	Window      time.Duration
}
