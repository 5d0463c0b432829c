package policy

import "hashlog/sim"

// Trace is a log in memory, to be replayed again and again. The zero value is an empty trace. Adding requests is not safe for
// concurrent use; once they are all there, any number of replays may read the trace at the same time.
//
// It takes 8 bytes for each row of consecutive ids, which is at most 8 bytes a lookup and typically far less, 40 bytes for
// each request, and 8 bytes for each unique chunk if sizes differ. It grows in steps, so up to a quarter more is set aside, and
// while a part is moved that part is there twice. Requests are numbered with 32 bits.
type Trace struct {
	requests []request
	rows     []row
	lookups  int64
	sizes    sizes
	// from holds, by id, the first request that touches the chunk; nil: all touch all of theirs.
	from []uint32
}

// row is a stretch of consecutive ids.
type row struct{ first, n uint32 }

// request is one request of a trace.
type request struct {
	rows    int // end of its rows in Trace.rows; they begin where those of the request before end
	time    float64
	unit    int64
	limit   int64
	counted bool
}

// Request is a request to add to a trace.
type Request struct {
	Rows []sim.Row // ids of its chunks in prefix order, numbered in order of first sight; not kept
	// Bytes of each chunk, 0 if unknown; a chunk keeps the size of its first sight. A size is unknown too if these chunks could
	// take the sum of all sizes beyond an int64.
	Size int64
	// Time is when the touches take effect, in seconds since the Unix epoch. It never goes back.
	Time float64
	// A hit prefix of k chunks is worth min(k × Unit, Limit). In tokens: the chunk size and the length of the request.
	Unit, Limit int64
	Counted     bool // whether its hits count; false during a warm-up
}

// Add appends a request.
func (t *Trace) Add(q Request) {
	n := 0
	for _, r := range q.Rows {
		t.rows = append(t.rows, row{r.First, uint32(r.N)})
		n += r.N
	}
	t.lookups += int64(n)
	q.Size = t.sizes.affordable(n, q.Size)
	for _, r := range q.Rows {
		t.sizes.learn(int(r.First)+r.N-t.sizes.n, q.Size)
	}
	t.requests = append(t.requests, request{len(t.rows), q.Time, q.Unit, q.Limit, q.Counted})
}

// Requests returns how many requests the trace has.
func (t *Trace) Requests() int { return len(t.requests) }

// Lookups returns how many chunks the requests have, those of the warm-up included.
func (t *Trace) Lookups() int64 { return t.lookups }

// UniqueChunks returns how many different chunks the requests have.
func (t *Trace) UniqueChunks() int { return t.sizes.n }

// SizesKnown reports whether the size of every chunk is known, so that capacities may be in bytes.
func (t *Trace) SizesKnown() bool { return !t.sizes.unknown }

// UniformSize returns the bytes that every chunk has. ok is false if sizes differ or are unknown, or if there is no chunk.
func (t *Trace) UniformSize() (size int64, ok bool) { return t.sizes.uniform() }

// touchedBy appends the chunks that request i touches, in prefix order.
func (t *Trace) touchedBy(i int, to []chunk) []chunk {
	before := uint32(none)
	for _, r := range t.rowsOf(i) {
		for id := r.first; id < r.first+r.n; id++ {
			if t.from == nil || t.from[id] <= uint32(i) {
				to = append(to, chunk{id, before})
			}
			before = id
		}
	}
	return to
}

// rowsOf returns the rows of request i.
func (t *Trace) rowsOf(i int) []row {
	start := 0
	if i > 0 {
		start = t.requests[i-1].rows
	}
	return t.rows[start:t.requests[i].rows]
}

// worth returns what a hit prefix of k chunks is worth.
func (q *request) worth(k int) int64 {
	if q.unit > 0 && int64(k) > q.limit/q.unit {
		return q.limit
	}
	return int64(k) * q.unit
}
