package sim

import (
	"math"
	"slices"
)

// Exclusive is an LRU cache of several tiers that hold each chunk once. A touch moves a chunk to the top of the first tier. While a
// tier is over its capacity, its least recently touched chunk moves to the top of the next one, and from the last one out of
// the cache. So a chunk that is larger than a tier flushes it, itself included. Expired chunks leave the tier that they are in.
// It is made with NewExclusive or NewExclusiveInBytes.
//
// The tiers hold the top of a [Stack], each the stretch below that of the tier before it. While all chunks have one size, every
// tier but the last ones is full, so the stretches are as long as the tiers are. Otherwise a chunk that moves up leaves another
// hole than the ones that move down fill, and the lengths depend on the past. An Exclusive then replays the tiers (recency.go),
// beginning with what they hold when the first chunk of another size is looked up.
type Exclusive struct {
	capacities []int64
	inBytes    bool
	edges      []int64  // what Edges returns
	written    []int64  // what Touch returns
	tiers      *recency // nil while all chunks have one size
}

// NewExclusive returns empty tiers with capacities in chunks. It panics if there are none, or if one is < 1.
func NewExclusive(chunks []int64) *Exclusive { return newExclusive(chunks, false) }

// NewExclusiveInBytes returns empty tiers with capacities in bytes. It panics if there are none, or if one is < 1.
func NewExclusiveInBytes(bytes []int64) *Exclusive { return newExclusive(bytes, true) }

func newExclusive(capacities []int64, inBytes bool) *Exclusive {
	if len(capacities) == 0 {
		panic("sim: a cache without tiers")
	}
	for _, c := range capacities {
		needsCapacity(c)
	}
	n := len(capacities)
	return &Exclusive{capacities: slices.Clone(capacities), inBytes: inBytes, edges: make([]int64, n), written: make([]int64, n)}
}

// Edges tells what each tier holds: the chunks that have not expired and need at most edges[0] chunks are in the first tier, those
// that need more and at most edges[1] in the second, and so on; those that need more than the last are in none. It belongs after
// each [Stack.LookUp], before further touches. The result is valid until the next call of a method. Edges panics if a capacity is in bytes and the size
// of a chunk is unknown.
func (x *Exclusive) Edges(s *Stack) []int64 {
	if x.inBytes {
		s.needsSizes()
	}
	if x.tiers == nil {
		x.full(s.size)
		if s.weights == nil {
			return x.edges
		}
		x.begin(s)
	}
	x.tiers.edges(x.edges)
	return x.edges
}

// full sets the edges of full tiers for chunks that all have one size; 0 if there is none.
func (x *Exclusive) full(size int64) {
	edge := int64(0)
	for i, c := range x.capacities {
		switch {
		case x.inBytes && size > 0:
			c /= size
		case x.inBytes:
			c = 0
		}
		edge = min(saturatingAdd(edge, c), Never-1)
		x.edges[i] = edge
	}
}

// begin takes over what full tiers hold of a stack in which all chunks still have one size.
func (x *Exclusive) begin(s *Stack) {
	x.tiers = newRecency(x.capacities, x.inBytes)
	held := min(s.Resident(), x.edges[len(x.edges)-1])
	x.tiers.fill(s, x.edges, held)
}

// Expire removes the chunks that have expired in the stack. It belongs after each [Stack.Advance].
func (x *Exclusive) Expire(s *Stack) {
	if x.tiers != nil {
		x.tiers.keep(s, s.Resident())
	}
}

// Touch makes the touches of a request take effect, given the distances that [Stack.Touch] returned for them. It returns the bytes
// written to each tier, of chunks that come from outside or from another tier. They are valid until the next call. Chunks of unknown size
// count 0 bytes, and no number exceeds math.MaxInt64.
func (x *Exclusive) Touch(s *Stack, t Touches, distances []Distance) (written []int64) {
	clear(x.written)
	if x.tiers != nil {
		x.tiers.touch(s, t, distances, x.written)
		return x.written
	}
	if t.Len() == 0 {
		return x.written
	}
	x.full(s.size)
	live := s.Resident() // before each touch
	for i := range distances {
		if d := &distances[i]; d.absent() {
			live -= int64(d.N)
		}
	}
	for i := range distances {
		d := &distances[i]
		x.moves(d, live)
		if d.absent() {
			live += int64(d.N)
		}
	}
	return x.written
}

// moves counts what touches of one distance write to full tiers. A chunk that moves up from a tier or comes from outside pushes a
// chunk out of each full tier above. live is the number of chunks in the stack before the first touch.
func (x *Exclusive) moves(d *Distance, live int64) {
	n := int64(d.N)
	for tier := range x.edges {
		above := x.edges[max(tier-1, 0)]
		pushed := n
		switch {
		case !d.absent() && d.Chunks <= above:
			return // it is above this tier, so the tiers below stay as they are
		case d.absent() && tier > 0:
			pushed = min(max(live+n-above, 0), n) // the first ones fill the tiers above
		}
		x.written[tier] = saturatingAdd(x.written[tier], saturatingMul(pushed, d.Size))
	}
}

// absent reports whether no cache holds the chunks as they are touched.
func (d *Distance) absent() bool { return d.Chunks == Never || d.Expired }

// Keep follows [Stack.Keep], which has kept chunks under new ids: all those that the tiers hold must be among them.
func (x *Exclusive) Keep(kept []uint32) {
	if x.tiers != nil {
		x.tiers.renumber(kept)
	}
}

func saturatingAdd(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func saturatingMul(a, b int64) int64 {
	if b > 0 && a > math.MaxInt64/b {
		return math.MaxInt64
	}
	return a * b
}
