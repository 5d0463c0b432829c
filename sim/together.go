package sim

// probedTogether is how many requests are looked up at once.
const probedTogether = 16

// Request is a request to be numbered.
type Request struct {
	Keys []Key // of its chunks, in prefix order
	Rows []Row // the ids of its chunks, once it is numbered
}

// NumberAll numbers requests one after the other, as [Index.Number] does, and sets their Rows, whose memory it reuses. It is
// faster where there are prefetch instructions, because the processor waits for the memory of several requests at once. If a
// request cannot be numbered, it returns the number of those before it and [ErrTooManyChunks]; the Rows of the others mean
// nothing then.
func (x *Index) NumberAll(requests []Request) (numbered int, err error) {
	for ; numbered < len(requests); numbered++ {
		if numbered%probedTogether == 0 {
			group := requests[numbered:min(numbered+probedTogether, len(requests))]
			for i := range group {
				group[i].Rows = group[i].Rows[:0]
			}
			if canPrefetch {
				x.probeAll(group)
			}
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

// probeAll sets the Rows of requests, which are empty, to the ids of their leading known chunks, or of fewer. These ids are final, whatever is
// numbered next: an id never changes.
//
// Each request waits for memory again and again: for a slot, for the key of its id, for the slot of the next chunk that does
// not follow. So the requests take turns, and each fetches what it needs in its next turn.
func (x *Index) probeAll(requests []Request) {
	x.probes = x.probes[:0]
	for i := range requests {
		r := &requests[i]
		if p := (probe{request: r, keys: r.Keys}); x.fetchSlot(&p) {
			x.probes = append(x.probes, p)
		}
	}
	for left := x.probes; len(left) > 0; {
		n := 0
		for i := range left {
			if p := &left[i]; x.turn(p) {
				left[n] = *p
				n++
			}
		}
		left = left[:n]
	}
}

// probe is the lookup of a request whose leading chunks have been found.
type probe struct {
	request *Request
	keys    []Key  // of the other chunks
	hash    uint64 // the first of these keys, spread; its slot is being fetched
	id      uint32 // probably of that key, which is being fetched from the list of keys
	hasID   bool
}

// turn takes the next step of a probe. It returns false at the end.
func (x *Index) turn(p *probe) (more bool) {
	if p.hasID {
		p.hasID = false
		return x.followOn(p) && x.fetchSlot(p)
	}
	s := x.segment(p.hash)
	slot, ok := s.probable(p.hash, s.home(p.hash))
	if !ok {
		return false
	}
	p.id, p.hasID = s.idAt(slot), true
	known := x.keys.from(p.id, len(p.keys))
	prefetchKeys(&known[0], min(len(known), 16))
	return true
}

// fetchSlot begins to fetch the slot of the next key; more is false if there is none.
func (x *Index) fetchSlot(p *probe) (more bool) {
	if len(p.keys) == 0 {
		return false
	}
	p.hash = spread(p.keys[0])
	s := x.segment(p.hash)
	at := s.home(p.hash)
	prefetch(&s.tags[at], &s.slots[at])
	return true
}

// followOn takes the keys from the probable id on; more is false if it is the id of another key.
func (x *Index) followOn(p *probe) (more bool) {
	for {
		n := x.follow(p.keys, p.id)
		if n == 0 {
			return more
		}
		p.request.Rows = appendIDs(p.request.Rows, 0, p.id, n)
		p.id += uint32(n)
		p.keys = p.keys[n:]
		more = true
	}
}
