package analyze

import (
	"math"
	"math/bits"

	"hashlog/analyze/internal/histogram"
	"hashlog/sim"
)

// writeTally counts the bytes that are written to caches of the capacities of a table. A touch that doesn't find its chunk
// writes it: it is a classic miss.
type writeTally struct {
	tally   *tally      // its chunk hits × size are bytes while all chunks have one size
	caching *cacheTally // nil unless caches are simulated

	touched int64 // bytes of all counted touches
	tooMany bool  // for an int64
	// hits are the bytes of the touches that hit, by classic stack distance in bytes. It is nil while all chunks have one size, if
	// a size is unknown, and if caches are simulated.
	hits  *histogram.Sparse
	sizes sizes // of all chunks so far
}

// newWriteTally returns an empty tally, which counts and merges before the one that it reads from does.
func newWriteTally(y *tally, caching *cacheTally) *writeTally {
	return &writeTally{tally: y, caching: caching, sizes: sizes{known: true}}
}

// follow starts the histogram in bytes when chunk sizes begin to differ, and drops it when a size turns out to be unknown.
func (y *writeTally) follow(now sizes) {
	now = y.sizes.and(now)
	switch {
	case y.caching != nil || y.tooMany:
	case !now.known:
		y.hits = nil
	case now.unlike && !y.sizes.unlike:
		y.hits = y.scaled()
	}
	y.sizes = now
}

// scaled returns the histogram in bytes while all chunks have one size.
func (y *writeTally) scaled() *histogram.Sparse {
	one := y.sizes.one
	return y.tally.chunks.Scaled(int(chunkHits), one).Times(one)
}

// spans returns how many spans the histogram holds.
func (y *writeTally) spans() int64 {
	if y == nil || y.hits == nil {
		return 0
	}
	return int64(y.hits.Len())
}

func (y *writeTally) lookUp(q *request) error {
	y.follow(q.sizes)
	return nil
}

func (y *writeTally) touch(t *touches) error {
	y.follow(t.sizes)
	if !t.counted {
		return nil
	}
	for i := range t.distances {
		d := &t.distances[i]
		n := int64(d.N)
		over, bytes := bits.Mul64(uint64(n), uint64(d.Size))
		if over > 0 || bytes > uint64(math.MaxInt64-y.touched) {
			y.tooMany, y.hits = true, nil
		}
		if y.tooMany {
			return nil
		}
		y.touched += int64(bytes)
		if y.hits != nil && d.Bytes != sim.Never && !d.Expired {
			y.hits.Add(histogram.Span{Lo: d.Bytes, N: 1, Weight: n * d.Size})
		}
	}
	return nil
}

func (y *writeTally) merge(later counter) error {
	from := later.(*writeTally)
	y.follow(from.sizes)
	if y.tooMany = y.tooMany || from.tooMany || from.touched > math.MaxInt64-y.touched; y.tooMany {
		y.hits = nil
		return nil
	}
	y.touched += from.touched
	switch {
	case y.hits == nil:
	case from.hits != nil:
		y.hits.Merge(from.hits)
	default:
		y.hits.Merge(from.scaled())
	}
	return nil
}

// report adds the bytes to the report's table.
func (y *writeTally) report(rep *Report, end *ending) {
	t := rep.Table
	if t == nil { // a summary counts without being asked
		return
	}
	t.BytesWritten = make([]*int64, len(t.Capacities))
	if y.tooMany || !end.sizesKnown {
		return
	}
	for i, n := range y.written(t) {
		t.BytesWritten[i] = &n
	}
}

// written returns the bytes written at each capacity of a table.
func (y *writeTally) written(t *Table) []int64 {
	switch {
	case y.caching != nil:
		return y.caching.written(t.listed())
	case y.hits != nil:
		out := y.hits.Sums(t.Capacities)
		for i, hit := range out {
			out[i] = y.touched - hit
		}
		return out
	}
	out := make([]int64, len(t.Capacities))
	for i, f := range t.Figures {
		out[i] = (f.ChunkTouches - f.ChunkHits) * t.curve.ChunkBytes
	}
	return out
}
