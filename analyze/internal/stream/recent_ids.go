package stream

// RecentIDs holds the last 64-bit ids of a stream, up to its window, in bounded memory: 16 bytes per id.
type RecentIDs struct {
	window int
	ring   []uint64 // ids in order of arrival; once the window is full, starting at next
	next   int      // the place of the oldest id
	// table gives the latest place of an id in the ring, + 1; 0 means an empty slot. It is a hash table with linear
	// probing, at most half full.
	table []uint32
}

// NewRecentIDs returns an empty RecentIDs. window must be above 0.
func NewRecentIDs(window int) *RecentIDs {
	return &RecentIDs{window: window, table: make([]uint32, 1024)}
}

// Add adds an id, and reports whether the window already contains it.
func (r *RecentIDs) Add(id uint64) (seen bool) {
	seen = r.table[r.slot(id)] != 0
	place := len(r.ring)
	if place < r.window {
		r.ring = append(r.ring, id)
		r.grow()
	} else {
		place = r.next
		r.forget(place)
		r.ring[place] = id
		r.next = (place + 1) % r.window
	}
	r.table[r.slot(id)] = uint32(place + 1)
	return seen
}

// slot returns the table slot of an id, or the free slot for it.
func (r *RecentIDs) slot(id uint64) uint64 {
	mask := uint64(len(r.table) - 1)
	i := id & mask
	for r.table[i] != 0 && r.ring[r.table[i]-1] != id {
		i = (i + 1) & mask
	}
	return i
}

// grow doubles the table if it would become more than half full.
func (r *RecentIDs) grow() {
	if 2*len(r.ring) <= len(r.table) {
		return
	}
	r.table = make([]uint32, 2*len(r.table))
	for place, id := range r.ring[:len(r.ring)-1] {
		r.table[r.slot(id)] = uint32(place + 1)
	}
}

// forget removes the id at a place of the ring from the table, unless the id has occurred again since. Later entries of the
// probe sequence move up as far as their home slots allow.
func (r *RecentIDs) forget(place int) {
	mask := uint64(len(r.table) - 1)
	free := r.slot(r.ring[place])
	if r.table[free] != uint32(place+1) {
		return
	}
	r.table[free] = 0
	for i := (free + 1) & mask; r.table[i] != 0; i = (i + 1) & mask {
		home := r.ring[r.table[i]-1] & mask
		if (i-home)&mask >= (i-free)&mask {
			r.table[free], r.table[i] = r.table[i], 0
			free = i
		}
	}
}

// AddAll adds the ids of another RecentIDs, which came later.
func (r *RecentIDs) AddAll(later *RecentIDs) {
	oldest := later.next
	for i := range later.ring {
		r.Add(later.ring[(oldest+i)%len(later.ring)])
	}
}
