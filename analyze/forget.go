package analyze

import (
	"cmp"
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// How a replay with a largest capacity K forgets: when half as many chunks again are known as have to be, numbering marks a batch, and
// waits. The replay goes through that batch, lets the stack forget what is deeper than K, and answers with the ids of the chunks that stay
// known. Numbering then lets the index forget the others too. Since it waits, no request is under way in between with ids that have
// changed; only touches may wait (Cache.StoreDelay), and their chunks stay known.

// defaultKnown is how many chunks are known before any is forgotten, so that small capacities do not cost much time.
const defaultKnown = 1 << 14

// knownBefore returns how many chunks may be known before the replay is asked for the first time which to forget; math.MaxInt if it never
// is. How many bytes a chunk takes is unknown then.
func (o *Options) knownBefore() int {
	switch most := o.MaxCapacity; {
	case !o.bounded():
		return math.MaxInt
	case most.Unit == units.Chunks && most.N < sim.MaxChunks:
		return o.knownFrom(int(most.N))
	}
	return o.knownFrom(0)
}

// knownFrom returns how many chunks may be known before the next question, if so many stay known after the last one.
func (o *Options) knownFrom(kept int) int {
	return max(kept+kept/2, cmp.Or(o.leastKnown, defaultKnown))
}

// kept returns how many chunks hide all others from the largest capacity; at least 1, since a stack that knows no chunk has no sizes.
func (r *replay) kept() int64 {
	n := r.bound.capacity.N
	if r.bound.capacity.Unit == units.Bytes {
		n = r.node.stack.Reaching(n)
	}
	return max(n, 1)
}

// forget makes the stack forget the chunks beyond the largest capacity. It returns the ids of those that stay known, or nil if there are
// none beyond.
func (r *replay) forget() []uint32 {
	s, n := r.node.stack, r.kept()
	if n >= s.UniqueChunks() {
		return nil
	}
	if d := r.deferred; d != nil {
		d.keep(r.index)
		d.full = true
	}
	waiting := make([]sim.Touches, len(r.waiting.list))
	for i := range waiting {
		waiting[i] = r.waiting.list[i].touches
	}
	kept := s.Keep(n, waiting...)
	for i := range waiting {
		r.waiting.list[i].touches = waiting[i].Renumber(kept)
	}
	if r.node.tiers != nil {
		r.node.tiers.Keep(kept)
	}
	return kept
}
