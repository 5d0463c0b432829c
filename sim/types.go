package sim

import (
	"iter"
	"math"
)

// Key identifies a chunk: equal keys are the same chunk. Method AppendKeys of log.Entry makes the keys of a lookup.
type Key = uint64

// Order is the order in which the chunks of a request are touched.
type Order uint8

const (
	HeadFirst Order = iota // chunk 0 … n−1: the last chunk ends most recent
	TailFirst              // chunk n−1 … 0: the first chunk ends most recent
)

// IDs yields the ids of rows in this order.
func (o Order) IDs(rows []Row) iter.Seq[uint32] {
	return func(yield func(uint32) bool) {
		for i := range rows {
			r := rows[i]
			if o == TailFirst {
				r = rows[len(rows)-1-i]
			}
			for j := range uint32(r.N) {
				id := r.First + j
				if o == TailFirst {
					id = r.First + uint32(r.N) - 1 - j
				}
				if !yield(id) {
					return
				}
			}
		}
	}
}

// Never is the need of a chunk that was never seen before: no cache is large enough.
const Never = math.MaxInt64

// Depth is how large a cache must be to hold a chunk, in chunks and in bytes.
type Depth struct {
	Chunks int64 // number of chunks down to and including this one, or Never
	Bytes  int64 // sum of their sizes; Never if Chunks is Never, or if the size of any chunk seen so far is unknown
}

var never = Depth{Never, Never}

// Run is a stretch of consecutive chunks of a request whose needs differ by one chunk from each to the next.
type Run struct {
	N    int   // number of chunks, ≥ 1
	Need Depth // of the first chunk, as the request arrives
	Step int64 // −1: the need falls from chunk to chunk; +1: it rises; 0: all are Never, or N is 1
	Size int64 // bytes of each chunk; 0 if unknown
	// Expired reports that the last touches of these chunks are longer ago than the TTL, so no cache holds them, whatever
	// their need.
	Expired bool
	// Refused reports that the chunks were looked up before, and never touched: [Stack.SetAdmission] was against it each time.
	// Their need is Never, like that of chunks that are new, or whose first touch has yet to take effect.
	Refused bool
}

// NeedAt returns the need of chunk i of the run, 0 ≤ i < N.
func (r Run) NeedAt(i int) Depth {
	d := r.Need
	d.Chunks += r.Step * int64(i)
	if d.Bytes != Never {
		d.Bytes += r.Step * int64(i) * r.Size
	}
	return d
}

// Distance is a stretch of consecutive touches that all have one classic stack distance.
type Distance struct {
	N int // number of touches, ≥ 1
	Depth
	Size    int64 // bytes of each chunk; 0 if unknown
	Expired bool  // as in Run
}
