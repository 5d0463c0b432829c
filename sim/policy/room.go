package policy

// room is what every cache has: where each chunk is, how much of the capacity is in use, and what has come and gone.
type room struct {
	place    []place // by id
	capacity int64   // in chunks or bytes, as used and weights are
	used     int64
	weights  []int64 // what each chunk takes of the capacity, by id; nil: all take one
	one      int64

	sizes []int64 // bytes of each chunk, by id; nil: all have size
	size  int64
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

// newRoom returns an empty room.
func (t *Trace) newRoom(c Capacity) *room {
	r := &room{place: make([]place, t.unique), capacity: c.N, one: 1, sizes: t.sizes, size: t.one}
	if t.unknown {
		r.sizes, r.size = nil, 0
	}
	if c.InBytes {
		r.weights, r.one = r.sizes, r.size
	}
	return r
}

// weight returns what a chunk takes of the capacity.
func (r *room) weight(id uint32) int64 {
	if r.weights == nil {
		return r.one
	}
	return r.weights[id]
}

// fits reports whether a chunk is no larger than the whole cache.
func (r *room) fits(id uint32) bool { return r.weight(id) <= r.capacity }

// full reports whether a chunk needs more than what is free.
func (r *room) full(id uint32) bool { return r.weight(id) > r.capacity-r.used }

// insert takes an absent chunk in.
func (r *room) insert(id uint32, at place) {
	r.place[id] = at
	r.used += r.weight(id)
	r.tally.inserted++
	if r.sizes == nil {
		r.tally.written = addWritten(r.tally.written, r.size)
	} else {
		r.tally.written = addWritten(r.tally.written, r.sizes[id])
	}
}

// evict takes a resident chunk out. to is absent, or where the cache remembers it.
func (r *room) evict(id uint32, to place) {
	r.place[id] = to
	r.used -= r.weight(id)
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
