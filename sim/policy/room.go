package policy

import "slices"

// room is what every cache has: where each chunk is, how much of the capacity is in use, and what has come and gone.
type room struct {
	place    []place // by id
	capacity int64   // in chunks or bytes, as used is
	inBytes  bool
	weigh    func(size int64) int64 // what a chunk of some bytes takes of them; nil: as many
	// lastTaken is what weigh returned for lastSize, since chunks one after another mostly have one size.
	lastSize, lastTaken int64
	used                int64
	chunks              int64 // resident

	sizes *sizes
	tally tally // of the request at hand
}

// tally counts what has come and gone. The bytes written are negative from the first overflow on.
type tally struct{ inserted, written, evictions int64 }

// addWritten adds bytes written. The sum is negative if it overflows, or if one of them is negative.
func addWritten(a, b int64) int64 {
	if a < 0 || b < 0 {
		return -1
	}
	return a + b
}

// place says where a chunk is. A cache with several queues numbers them from 1; it sets ghost for the queues of chunks that
// have left the cache and are still remembered.
type place uint8

const (
	absent place = 0
	ghost  place = 0x80
)

// resident reports whether the chunk is in the cache.
func (p place) resident() bool { return p != absent && p < ghost }

// newRoom returns an empty room for chunks of some sizes, more of which may be learnt.
func newRoom(c Capacity, sizes *sizes, weigh func(int64) int64) *room {
	return &room{capacity: c.N, inBytes: c.InBytes, weigh: weigh, sizes: sizes}
}

// growPlaces makes room for ids below n.
func (r *room) growPlaces(n int) { r.place = grown(r.place, n) }

// grown returns a slice of n elements or more: those of s, which has never been longer, and zeros.
func grown[T any](s []T, n int) []T {
	if n <= len(s) {
		return s
	}
	return slices.Grow(s, n-len(s))[:n]
}

// weight returns what a chunk takes of the capacity.
func (r *room) weight(id uint32) int64 {
	switch {
	case !r.inBytes:
		return 1
	case r.weigh != nil:
		if size := r.sizes.of(id); size != r.lastSize {
			r.lastSize, r.lastTaken = size, r.weigh(size)
		}
		return r.lastTaken
	}
	return r.sizes.of(id)
}

// fits reports whether a chunk is no larger than the whole cache.
func (r *room) fits(id uint32) bool { return r.weight(id) <= r.capacity }

// full reports whether a chunk needs more than what is free.
func (r *room) full(id uint32) bool { return r.weight(id) > r.capacity-r.used }

// insert takes an absent chunk in.
func (r *room) insert(id uint32, at place) {
	r.place[id] = at
	r.used += r.weight(id)
	r.chunks++
	r.tally.inserted++
	r.tally.written = addWritten(r.tally.written, r.sizes.of(id))
}

// evict takes a resident chunk out. to is absent, or where the cache remembers it.
func (r *room) evict(id uint32, to place) {
	r.place[id] = to
	r.used -= r.weight(id)
	r.chunks--
	r.tally.evictions++
}

// prefix returns how many leading chunks of the rows are all resident.
func (r *room) prefix(rows []row) (n int) {
	for _, row := range rows {
		for _, at := range r.place[row.first : row.first+row.n] {
			if !at.resident() {
				return n
			}
			n++
		}
	}
	return n
}
