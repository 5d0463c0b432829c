package holders

import (
	"fmt"
	"math"

	"hashlog/sim"
)

// Options say what the caches of the nodes are like. Nodes is required; the zero value of the other fields is an unlimited LRU
// cache that touches head first and never expires a chunk.
type Options struct {
	Nodes     int            // number of nodes, from 1 to math.MaxUint32
	Capacity  int64          // of each node, ≥ 0; 0 means unlimited
	InBytes   bool           // the capacity is in bytes; otherwise it is in chunks
	Order     sim.Order      // in which the chunks of a request are touched
	TTL       float64        // seconds that a chunk stays after its last touch, ≥ 0; 0 means forever
	Watermark *sim.Watermark // nil: the least recent chunk goes whenever there is no room
}

// check panics if an option is out of range.
func (o *Options) check() {
	switch {
	case o.Nodes < 1 || int64(o.Nodes) > math.MaxUint32:
		panic(fmt.Sprintf("holders: %d nodes", o.Nodes))
	case o.Capacity < 0:
		panic(fmt.Sprintf("holders: a capacity of %d", o.Capacity))
	case !(o.TTL >= 0):
		panic(fmt.Sprintf("holders: a TTL of %g s", o.TTL))
	}
	if o.Watermark != nil {
		if err := o.Watermark.Check(); err != nil {
			panic("holders: " + err.Error())
		}
	}
}

// Holders follows the caches of all nodes of a fleet. It is made with New and not safe for concurrent use.
type Holders struct {
	opts    Options
	now     float64 // in seconds; −Inf before the first Advance
	nodes   []node
	pages   []page // by id / pageChunks
	recency recency
	prefix  prefix
}

// node is the cache of a node.
type node struct {
	recent    queue // of stretches
	chunks    int64 // resident
	used      int64 // of the capacity
	lastBatch float64
}

// New returns empty caches. It panics if an option is out of range.
func New(o Options) *Holders {
	o.check()
	if o.Capacity == 0 {
		o.InBytes = false // sizes make no difference
	}
	h := &Holders{opts: o, now: math.Inf(-1), nodes: make([]node, o.Nodes), recency: newRecency(), prefix: newPrefix(o.Nodes)}
	for i := range h.nodes {
		h.nodes[i].lastBatch = math.Inf(-1)
	}
	return h
}

// Resident returns how many chunks a node holds.
func (h *Holders) Resident(node int) int64 { return h.nodes[node].chunks }
