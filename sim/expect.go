package sim

import "math/bits"

// Together is for how many requests [Index.Expect] and [Stack.Expect] are best called at once: few enough for what they
// read to stay in the caches.
const Together = 16

// probe is the search for one key, in steps that each wait for memory once.
type probe struct {
	keys []Key   // of the request, from the key that is searched on
	slot *uint64 // where it could be, nil if nowhere
	id   uint32  // what stands there
}

// Expect reads what the numbering of some requests will need. It is a rehearsal that changes nothing: each step is taken
// for all of the requests before the next one, so that their waits for memory overlap, where the numbering would wait for
// one after the other. What it leaves in the caches is found there by [Index.Number].
func (x *Index) Expect(requests [][]Key) {
	const rounds = 16 // a system prompt, the turns of a conversation, what is new; nearly always fewer
	x.probes = x.probes[:0]
	for _, keys := range requests {
		if len(keys) > 0 {
			x.probes = append(x.probes, probe{keys: keys})
		}
	}
	for range rounds {
		if len(x.probes) == 0 {
			break
		}
		x.lookAhead()
	}
}

// lookAhead searches for the first key of all probes, and goes on to the first one that doesn't follow it. Probes that find
// nothing are done.
func (x *Index) lookAhead() {
	var sum uint64
	for _, p := range x.probes {
		hash := spread(p.keys[0])
		s := x.segment(hash)
		sum += s.group(s.home(hash))
	}
	for i := range x.probes {
		p := &x.probes[i]
		if p.slot = x.candidate(p.keys[0]); p.slot != nil {
			sum += *p.slot
		}
	}
	for i := range x.probes {
		p := &x.probes[i]
		if p.slot != nil {
			p.id = uint32(*p.slot) - 1
			sum += uint64(x.keys.at(p.id))
		}
	}
	x.read += sum
	going := x.probes[:0]
	for _, p := range x.probes {
		if p.slot == nil {
			x.warm(p.keys[:min(readAhead, len(p.keys))])
			continue
		}
		if p.keys = p.keys[x.follow(p.keys, p.id):]; len(p.keys) > 0 {
			going = append(going, p)
		}
	}
	x.probes = going
}

// candidate returns the first slot that a key could be in by its tag, nil if there is none near its home.
func (x *Index) candidate(key Key) *uint64 {
	hash := spread(key)
	s := x.segment(hash)
	at := s.home(hash)
	group := s.group(at)
	alike := zeros(group ^ everyTag*uint64(tagOf(hash)))
	if empty := zeros(group); empty != 0 {
		alike &= empty&-empty - 1
	}
	if alike == 0 {
		return nil
	}
	return &s.slots[(at+uint64(bits.TrailingZeros64(alike)/8))&uint64(len(s.slots)-1)]
}

// Expect reads what the replay of some requests will need, likewise.
func (s *Stack) Expect(requests [][]Row) {
	var sum uint32
	for _, rows := range requests {
		for _, r := range rows {
			if int(r.First) < s.place.len() {
				sum += s.place.at(r.First)
			}
		}
	}
	s.read += sum
}
