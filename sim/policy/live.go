package policy

import "hashlog/sim"

// Live is a cache that follows a log request by request, as it is read. It is not safe for concurrent use.
//
// It does what [Trace.Replay] does, but it can't know whether all chunks will have one size, so it always replays a capacity in bytes
// as such. Only s3fifo and arc, which round parts of their capacity, may do otherwise then.
type Live struct {
	cache *touched
	log   *Chunks

	chunks []chunk
	found  []Stretch
}

// Stretch is some chunks of a request that follow each other.
type Stretch struct{ First, N int } // First counts from 0

// Chunks are the chunks of a log so far, which all caches that follow it have in common. The zero value has none.
type Chunks struct{ sizes sizes }

// Learn makes the chunks with ids below end known, before any of them is looked up. Those that are known already keep their size. size
// is the bytes of each of the others, 0 if unknown, which must not be if the capacity of a cache is in bytes.
func (c *Chunks) Learn(end int, size int64) { c.sizes.learn(end-c.sizes.n, size) }

// NewLive returns an empty cache for the chunks of a log. The errors are those of [Parse].
func NewLive(spec Spec, c Capacity, order sim.Order, log *Chunks) (*Live, error) {
	p, options, err := spec.resolve()
	if err != nil {
		return nil, err
	}
	return &Live{cache: p.newCache(c, options, order, &log.sizes), log: log}, nil
}

// places returns where the chunks of a log are, after making room for those that it has learnt.
func (l *Live) places() []place {
	if n := l.log.sizes.n; n > len(l.cache.room.place) {
		l.cache.grow(n + n/8)
	}
	return l.cache.room.place
}

// Prefix returns how many leading chunks of a request, given in prefix order, are all resident.
func (l *Live) Prefix(rows []sim.Row) (chunks int) {
	places := l.places()
	for _, r := range rows {
		for _, place := range places[r.First : int(r.First)+r.N] {
			if !place.resident() {
				return chunks
			}
			chunks++
		}
	}
	return chunks
}

// Resident returns which chunks of a request are resident, in prefix order. The result is valid until the next call.
func (l *Live) Resident(rows []sim.Row) []Stretch {
	l.found = l.found[:0]
	at, end := 0, -1 // end is that of the last stretch
	places := l.places()
	for _, r := range rows {
		for _, place := range places[r.First : int(r.First)+r.N] {
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

// Touched is what the touches of a request did.
type Touched struct {
	Hits      int64 // chunks found in the cache
	Inserted  int64
	Written   int64 // bytes inserted, where a chunk of unknown size has none; negative beyond an int64
	Evictions int64
}

// Touch touches the chunks of a request, given in prefix order. now is the time in seconds since the Unix epoch, which never goes back.
func (l *Live) Touch(now float64, rows []sim.Row) Touched {
	l.places()
	l.chunks = l.chunks[:0]
	before := uint32(none)
	for _, r := range rows {
		for id := r.First; id < r.First+uint32(r.N); id++ {
			l.chunks = append(l.chunks, chunk{id, before})
			before = id
		}
	}
	hits := l.cache.touch(now, l.chunks)
	did := &l.cache.room.tally
	return Touched{hits, did.inserted, did.written, did.evictions}
}

// Chunks returns how many chunks are resident.
func (l *Live) Chunks() int64 { return l.cache.room.chunks }
