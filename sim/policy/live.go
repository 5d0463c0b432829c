package policy

import (
	"slices"

	"hashlog/sim"
)

// Live is a cache that follows a log request by request, as it is read. It is not safe for concurrent use.
//
// It does what [Trace.Replay] does, but it can't know whether all chunks will have one size, so it always replays a capacity in bytes
// as such. Only s3fifo and arc, which round parts of their capacity, may do otherwise then.
type Live struct {
	cache *touched
	sizes sizes

	chunks []chunk
	found  []Stretch
}

// Stretch is some chunks of a request that follow each other.
type Stretch struct{ First, N int } // First counts from 0

// NewLive returns an empty cache. The errors are those of [Parse].
func NewLive(spec Spec, c Capacity, order sim.Order) (*Live, error) {
	p, options, err := spec.resolve()
	if err != nil {
		return nil, err
	}
	l := &Live{}
	l.cache = p.newCache(c, options, order, &l.sizes)
	return l, nil
}

// Learn makes new chunks known before they are looked up. Their ids follow those of the chunks that are known already. size is their
// bytes, 0 if unknown, which must not be if the capacity is in bytes.
func (l *Live) Learn(n int, size int64) {
	l.sizes.learn(n, size)
	if l.sizes.n > len(l.cache.room.place) {
		l.cache.grow(l.sizes.n + l.sizes.n/8)
	}
}

// Resident returns which chunks of a request are resident, in prefix order. A hit prefix is the stretch whose First is 0. The result is
// valid until the next call.
func (l *Live) Resident(rows []sim.Row) []Stretch {
	l.found = l.found[:0]
	at, end := 0, -1 // end is that of the last stretch
	for _, r := range rows {
		for _, place := range l.cache.room.place[r.First : int(r.First)+r.N] {
			if place.resident() {
				if at != end {
					l.found = append(l.found, Stretch{First: at})
				}
				l.found[len(l.found)-1].N++
				end = at + 1
			}
			at++
		}
	}
	return l.found
}

// Touch touches the chunks of a request, given in prefix order. now is the time in seconds since the Unix epoch, which never goes back.
// It returns how many chunks it found in the cache, and the bytes written.
func (l *Live) Touch(now float64, rows []sim.Row) (hits, written int64) {
	l.chunks = slices.Grow(l.chunks[:0], 64)
	before := uint32(none)
	for _, r := range rows {
		for id := r.First; id < r.First+uint32(r.N); id++ {
			l.chunks = append(l.chunks, chunk{id, before})
			before = id
		}
	}
	hits = l.cache.touch(now, l.chunks)
	return hits, l.cache.room.tally.written
}

// Chunks returns how many chunks are resident.
func (l *Live) Chunks() int64 { return l.cache.room.chunks }
