package sim

import "math"

// Key identifies a chunk: equal keys are the same chunk. Method AppendKeys of log.Entry makes the keys of a lookup.
type Key = uint64

// Order is the order in which the chunks of a request are touched.
type Order uint8

const (
	HeadFirst Order = iota // chunk 0 … n−1: the last chunk ends most recent
	TailFirst              // chunk n−1 … 0: the first chunk ends most recent
)

// Never is the need of a chunk that has not been seen before: no capacity is large enough.
const Never = math.MaxInt64

// Depth is how large a cache must be to hold a chunk, in both units.
type Depth struct {
	Chunks int64 // number of chunks down to and including this one, or Never
	Bytes  int64 // sum of their sizes, or Never; Never too where a size is unknown
}

var never = Depth{Never, Never}

// Run is a stretch of a request's consecutive chunks whose needs differ by one chunk a step.
type Run struct {
	N    int   // number of chunks, ≥ 1
	Need Depth // of the first chunk, as the request arrives
	Step int64 // −1: the need falls from chunk to chunk; +1: it rises; 0: all are Never, or N is 1
	Size int64 // bytes of each chunk of the run; 0 where unknown
	// Expired: the chunks are in the stack, but were last touched too long ago.
	Expired bool
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

// Distance is a stretch of consecutive touches with one classic stack distance.
type Distance struct {
	N int // number of touches, ≥ 1
	Depth
	Size    int64 // bytes of each chunk; 0 where unknown
	Expired bool  // as in Run
}

// Steps is what a request meets in the stack. The slices are valid until the next request.
type Steps struct {
	Runs      []Run      // in prefix order; their N add up to the number of chunks
	Distances []Distance // in touch order; likewise
	// SizeDisagrees reports that the size of a chunk differs from the one that its key was first seen with.
	SizeDisagrees bool
}
