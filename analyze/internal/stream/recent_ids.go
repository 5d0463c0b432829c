package stream

// RecentIDs are the last 64-bit ids of a stream, as many as its window, in memory of a fixed size: 16 bytes each.
type RecentIDs struct {
	window int
	ring   []uint64 // the ids in order of their coming; once there are as many as the window, from next on
	next   int      // the place of the oldest one
	// table tells where in the ring an id stands last: that place + 1, and 0 where there is none. It is a hash table with
	// linear probing, at most half full.
	table []uint32
}

// NewRecentIDs returns no ids yet. window is above 0.
func NewRecentIDs(window int) *RecentIDs {
	return &RecentIDs{window: window, table: make([]uint32, 1024)}
}

// Add takes in an id, and reports whether one of those in the window is the same.
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

// slot returns where in the table an id stands, or is to stand.
func (r *RecentIDs) slot(id uint64) uint64 {
	mask := uint64(len(r.table) - 1)
	i := id & mask
	for r.table[i] != 0 && r.ring[r.table[i]-1] != id {
		i = (i + 1) & mask
	}
	return i
}

// grow doubles the table if it would be more than half full.
func (r *RecentIDs) grow() {
	if 2*len(r.ring) <= len(r.table) {
		return
	}
	r.table = make([]uint32, 2*len(r.table))
	for place, id := range r.ring[:len(r.ring)-1] {
		r.table[r.slot(id)] = uint32(place + 1)
	}
}

// forget takes the id at a place of the ring out of the table, unless it has come again since. What stands behind it moves
// up, as far as it is to be found from where its probing begins.
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

// AddAll takes in the ids of others that came later, as if they came now.
func (r *RecentIDs) AddAll(later *RecentIDs) {
	oldest := later.next
	for i := range later.ring {
		r.Add(later.ring[(oldest+i)%len(later.ring)])
	}
}
