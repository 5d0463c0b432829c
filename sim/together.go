package sim

// together is how many requests are looked up at once.
const together = 16

// Request is a request to be numbered.
type Request struct {
	Keys []Key // of its chunks, in prefix order
	Rows []Row // the ids of its chunks, once it is numbered
}

// NumberAll numbers requests one after the other, as [Index.Number] does, and sets their Rows, whose memory it reuses. It is
// faster, because the processor waits for the memory of several requests at once. If a request cannot be numbered, it
// returns the number of those before it and [ErrTooManyChunks].
func (x *Index) NumberAll(requests []Request) (numbered int, err error) {
	for ; numbered < len(requests); numbered++ {
		if numbered%together == 0 {
			x.lookUp(requests[numbered:min(numbered+together, len(requests))])
		}
		r := &requests[numbered]
		if err := x.roomFor(r.Keys); err != nil {
			return numbered, err
		}
		known := 0
		for _, row := range r.Rows {
			known += row.N
		}
		r.Rows = x.numberRest(r.Keys[known:], r.Rows, 0)
	}
	return numbered, nil
}

// lookUp sets the Rows of requests to the ids of their leading known chunks, or of fewer. These ids are final, whatever is
// numbered next: an id never changes.
//
// Each request waits for memory again and again: for a slot, for the key of its id, for the slot of the next chunk that does
// not follow. So the requests take turns, and each fetches what it needs in its next turn.
func (x *Index) lookUp(requests []Request) {
	x.lookups = x.lookups[:0]
	for i := range requests {
		r := &requests[i]
		r.Rows = r.Rows[:0]
		if l := (lookup{request: r, keys: r.Keys}); canPrefetch && x.fetchSlot(&l) {
			x.lookups = append(x.lookups, l)
		}
	}
	for left := x.lookups; len(left) > 0; {
		n := 0
		for i := range left {
			if l := &left[i]; x.turn(l) {
				left[n] = *l
				n++
			}
		}
		left = left[:n]
	}
}

// lookup is the lookup of a request whose leading chunks have been found.
type lookup struct {
	request *Request
	keys    []Key  // of the other chunks
	hash    uint64 // the first of these keys, spread; its slot is being fetched
	id      uint32 // probably of that key, which is being fetched from the list of keys
	hasID   bool
}

// turn takes the next step of a lookup. It returns false at the end.
func (x *Index) turn(l *lookup) (more bool) {
	if l.hasID {
		l.hasID = false
		return x.followOn(l) && x.fetchSlot(l)
	}
	if l.id, l.hasID = x.segment(l.hash).probable(l.hash); l.hasID {
		known := x.keys.from(l.id, len(l.keys))
		prefetchKeys(&known[0], min(len(known), 16))
	}
	return l.hasID
}

// fetchSlot begins to fetch the slot of the next key; more is false if there is none.
func (x *Index) fetchSlot(l *lookup) (more bool) {
	if len(l.keys) == 0 {
		return false
	}
	l.hash = spread(l.keys[0])
	s := x.segment(l.hash)
	at := s.home(l.hash)
	prefetch(&s.tags[at], &s.slots[at])
	return true
}

// followOn takes the keys from the probable id on; more is false if it is the id of another key.
func (x *Index) followOn(l *lookup) (more bool) {
	for {
		n := x.follow(l.keys, l.id)
		if n == 0 {
			return more
		}
		l.request.Rows = appendIDs(l.request.Rows, 0, l.id, n)
		l.id += uint32(n)
		l.keys = l.keys[n:]
		more = true
	}
}
