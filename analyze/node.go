package analyze

import (
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// node is a cache with requests of its own: one of a fleet, or the only one of a replay.
type node struct {
	ids    *nodeIDs // nil if the node gets all requests
	stack  *sim.Stack
	caches *caches        // nil unless caches are simulated
	tiers  *sim.Exclusive // nil unless there are tiers that hold each chunk once
}

// newNode returns an empty node. followed is nil unless caches are simulated.
func newNode(opts *Options, followed *followed) *node {
	n := &node{stack: sim.NewStack(opts.TouchOrder)}
	if opts.Cache.TTL > 0 {
		n.stack.SetTTL(opts.Cache.TTL.Seconds())
	}
	if opts.Cache.Admit > 0 {
		n.stack.SetAdmission(opts.Cache.Admit)
	}
	if opts.TTLs != nil {
		n.stack.KeepAges()
	}
	if opts.Cache.simulated() {
		n.caches = newCaches(append(opts.listed(), followed.listed()...), opts.Cache, n.stack, opts.TouchOrder)
		if followed != nil {
			n.caches.grid = followed.grid
		}
	}
	if opts.Tiers.exclusive() {
		n.tiers = opts.Tiers.newExclusive()
	}
	return n
}

// advance tells the stack and the caches the current time. Before the first request it is −∞, and there is nothing to tell.
func (n *node) advance(now float64) {
	if math.IsInf(now, -1) {
		return
	}
	n.stack.Advance(now)
	if n.caches != nil {
		n.caches.expire()
	}
	if n.tiers != nil {
		n.tiers.Expire(n.stack)
	}
}

// residents returns how many chunks are resident now, by capacity.
func (n *node) residents(capacities []units.Capacity) []int64 {
	if n.caches != nil {
		return n.caches.residents(capacities)
	}
	out := make([]int64, len(capacities))
	for i, c := range capacities {
		switch c.Unit {
		case units.Bytes:
			out[i] = n.stack.ResidentInBytes(c.N)
		case units.Chunks:
			out[i] = n.stack.ResidentInChunks(c.N)
		case units.Unlimited:
			out[i] = n.stack.Resident()
		}
	}
	return out
}

// seenChunks sum up the chunks that were looked up on some nodes. A chunk on two nodes counts twice.
type seenChunks struct {
	chunks   int64
	once     int64 // as Stack.SeenOnce counts them
	bytes    int64 // at most math.MaxInt64; too few unless all sizes are known
	smallest int64 // bytes; 0 if a size is unknown or if there is no chunk
}

// seen sums up the chunks of all nodes.
func (r *replay) seen() (sum seenChunks) {
	if r.beside != nil {
		return r.beside.seen
	}
	for _, n := range r.nodes {
		s := n.stack
		sum.add(seenChunks{s.UniqueChunks(), s.SeenOnce(), s.UniqueBytes(), s.SmallestSize()})
	}
	return sum
}

// add adds chunks of other nodes.
func (s *seenChunks) add(more seenChunks) {
	if more.chunks == 0 {
		return
	}
	if s.chunks == 0 || more.smallest < s.smallest {
		s.smallest = more.smallest
	}
	s.chunks += more.chunks
	s.once += more.once
	s.bytes += min(more.bytes, math.MaxInt64-s.bytes)
}
