package sim

import "math"

// noChunk ends a list of ids.
const noChunk = math.MaxUint32

// recency is what exclusive tiers hold of chunks of unlike sizes: one list of chunks, the most recently touched first, that the tiers
// cut into stretches.
type recency struct {
	tiers     []stretch
	inBytes   bool
	top       uint32       // the chunk touched last; noChunk if there is none
	neighbour []neighbours // by id
}

// stretch is what one tier holds.
type stretch struct {
	capacity, used int64  // in chunks or bytes
	chunks         int64  // in the tier
	last           uint32 // its least recently touched chunk; noChunk if there is none
}

// neighbours are the chunks above and below another, across tiers; noChunk where there is none.
type neighbours struct{ above, below uint32 }

func newRecency(capacities []int64, inBytes bool) *recency {
	r := &recency{inBytes: inBytes, top: noChunk}
	for _, c := range capacities {
		r.tiers = append(r.tiers, stretch{capacity: c, last: noChunk})
	}
	return r
}

// fill makes empty tiers hold the top of a stack: so many chunks, up to edges.
func (r *recency) fill(s *Stack, edges []int64, held int64) {
	r.grow(s)
	tier, n, at := 0, int64(0), uint32(noChunk)
	for c := range s.All() {
		if n == held {
			return
		}
		for n++; n > edges[tier]; {
			tier++
		}
		r.neighbour[c.ID] = neighbours{above: at, below: noChunk}
		if at == noChunk {
			r.top = c.ID
		} else {
			r.neighbour[at].below = c.ID
		}
		t := &r.tiers[tier]
		t.chunks++
		t.used += r.weight(c.Size)
		t.last, at = c.ID, c.ID
	}
}

// grow makes room for all chunks of a stack.
func (r *recency) grow(s *Stack) {
	if n := s.place.len() - len(r.neighbour); n > 0 {
		r.neighbour = append(r.neighbour, make([]neighbours, n)...)
	}
}

// edges sets where the tiers end, in chunks from the top.
func (r *recency) edges(edges []int64) {
	n := int64(0)
	for i := range r.tiers {
		n += r.tiers[i].chunks
		edges[i] = n
	}
}

// touch applies the touches of a request, chunk by chunk, and adds the bytes written to each tier.
func (r *recency) touch(s *Stack, t Touches, distances []Distance, written []int64) {
	r.grow(s)
	left := 0 // touches of the distance at hand
	var d Distance
	for id := range s.order.IDs(t.rows) {
		if left == 0 {
			d, distances = distances[0], distances[1:]
			left = d.N
		}
		left--
		r.touchOne(s, id, &d, written)
	}
}

// touchOne moves a chunk to the top of the first tier, and what has no room down.
func (r *recency) touchOne(s *Stack, id uint32, d *Distance, written []int64) {
	from := r.tierOf(d)
	if from < len(r.tiers) {
		r.take(id, from, d.Size)
	}
	r.push(id, d.Size)
	if from == 0 {
		return
	}
	written[0] = saturatingAdd(written[0], d.Size)
	for tier := range r.tiers {
		if !r.settle(s, tier, written) {
			return
		}
	}
}

// tierOf returns the tier that holds a chunk as it is touched; the number of tiers if none does.
func (r *recency) tierOf(d *Distance) int {
	if d.absent() {
		return len(r.tiers)
	}
	above := int64(0)
	for i := range r.tiers {
		if above += r.tiers[i].chunks; d.Chunks <= above {
			return i
		}
	}
	return len(r.tiers)
}

// take takes a chunk out of its tier.
func (r *recency) take(id uint32, tier int, size int64) {
	r.leave(id, tier, size)
	n := r.neighbour[id]
	if n.above == noChunk {
		r.top = n.below
	} else {
		r.neighbour[n.above].below = n.below
	}
	if n.below != noChunk {
		r.neighbour[n.below].above = n.above
	}
}

// leave takes a chunk out of the account of its tier.
func (r *recency) leave(id uint32, tier int, size int64) {
	t := &r.tiers[tier]
	if t.last == id {
		t.last = noChunk
		if t.chunks > 1 {
			t.last = r.neighbour[id].above
		}
	}
	t.chunks--
	t.used -= r.weight(size)
}

// enter puts a chunk into the account of a tier, as its most recently touched one.
func (r *recency) enter(id uint32, tier int, size int64) {
	t := &r.tiers[tier]
	if t.chunks == 0 {
		t.last = id
	}
	t.chunks++
	t.used += r.weight(size)
}

// push puts a chunk on top of the first tier.
func (r *recency) push(id uint32, size int64) {
	r.neighbour[id] = neighbours{above: noChunk, below: r.top}
	if r.top != noChunk {
		r.neighbour[r.top].above = id
	}
	r.top = id
	r.enter(id, 0, size)
}

// settle moves chunks of a tier down until the rest fits, and adds the bytes written to the next tier. It reports whether it has moved any.
func (r *recency) settle(s *Stack, tier int, written []int64) (moved bool) {
	t := &r.tiers[tier]
	for ; t.used > t.capacity; moved = true {
		id := t.last
		size := s.sizeAt(s.place.at(id))
		if tier == len(r.tiers)-1 {
			r.take(id, tier, size)
			continue
		}
		r.leave(id, tier, size)
		r.enter(id, tier+1, size)
		written[tier+1] = saturatingAdd(written[tier+1], size)
	}
	return moved
}

// keep removes the least recently touched chunks but for so many.
func (r *recency) keep(s *Stack, most int64) {
	held := int64(0)
	for i := range r.tiers {
		held += r.tiers[i].chunks
	}
	for tier := len(r.tiers) - 1; held > most; {
		t := &r.tiers[tier]
		if t.chunks == 0 {
			tier--
			continue
		}
		r.take(t.last, tier, s.sizeAt(s.place.at(t.last)))
		held--
	}
}

// renumber gives the chunks their new ids: kept[i] becomes i.
func (r *recency) renumber(kept []uint32) {
	to := make([]uint32, len(r.neighbour))
	for i, id := range kept {
		if int(id) < len(to) { // a chunk beyond has never been touched
			to[id] = uint32(i)
		}
	}
	renumbered := func(id uint32) uint32 {
		if id == noChunk {
			return id
		}
		return to[id]
	}
	list := make([]neighbours, len(kept))
	for id := r.top; id != noChunk; id = r.neighbour[id].below {
		n := r.neighbour[id]
		list[to[id]] = neighbours{renumbered(n.above), renumbered(n.below)}
	}
	r.neighbour, r.top = list, renumbered(r.top)
	for i := range r.tiers {
		r.tiers[i].last = renumbered(r.tiers[i].last)
	}
}

// weight returns how much of a capacity a chunk takes.
func (r *recency) weight(size int64) int64 {
	if r.inBytes {
		return size
	}
	return 1
}
