package analyze

import (
	"encoding/binary"
	"fmt"
	"math"

	"hashlog/log"
	"hashlog/sim"
)

// requestDecoder decodes the requests of a page. Whatever the page, it returns only requests that can be counted, and takes memory in
// proportion to the bytes that it has read.
type requestDecoder struct {
	requestState
	rest []byte
	now  float64
	err  error
}

// newRequestDecoder begins a page, given the id of the first chunk that its requests bring.
func newRequestDecoder(data []byte, first uint32) *requestDecoder {
	return &requestDecoder{requestState: requestState{next: first}, rest: data, now: math.Inf(-1)}
}

// more reports whether the page has more requests.
func (d *requestDecoder) more() bool { return len(d.rest) > 0 && d.err == nil }

// request decodes the next request. It reuses the slices of q.
func (d *requestDecoder) request(q *deferredRequest) error {
	flags := uint64(d.uint(endOfFlags-1, "flags"))
	*q = deferredRequest{counted: flags&countedRequest != 0, model: d.last.model, arg: d.last.arg, salt: d.last.salt, chunkSize: d.last.chunkSize, size: d.last.size,
		runs: q.runs[:0], rows: q.rows[:0], ages: q.ages[:0]}
	d.when(q, flags)
	if flags&otherModel != 0 {
		q.model = int32(d.uint(math.MaxInt32, "a model"))
	}
	if flags&otherChunkSize != 0 {
		q.chunkSize = d.uint(math.MaxInt64, "a chunk size")
	}
	if flags&otherSize != 0 {
		q.size = d.uint(math.MaxInt64, "a size")
	}
	if flags&otherArg != 0 {
		q.arg = int32(d.uint(math.MaxInt32, "an argument"))
	}
	if flags&otherSalt != 0 {
		q.salt = int32(d.uint(math.MaxInt32, "a salt"))
	}
	tail := d.int()
	d.runs(q, flags&unlikeRuns != 0)
	chunks, never := countRuns(q.runs)
	q.seqLen = tail + int64(chunks)*q.chunkSize
	first := d.next
	d.rows(q, flags&otherRows != 0, never)
	q.brings = int(d.next - first)
	if flags&requestWithAges != 0 {
		d.ages(q, chunks)
	}
	if q.chunkSize < 1 || q.seqLen < 0 {
		d.fail("a request of %d tokens in chunks of %d", q.seqLen, q.chunkSize)
	}
	d.remember(q)
	return d.err
}

// when decodes the times of a request.
func (d *requestDecoder) when(q *deferredRequest, flags uint64) {
	q.time = d.times.decode(d.int(), flags&oddTime != 0)
	if q.now = q.time; flags&lateRequest != 0 {
		q.now = d.float()
	}
	if !(math.Abs(q.time) <= log.MaxTimestamp && math.Abs(q.now) <= log.MaxTimestamp && q.now >= q.time && q.now >= d.now) {
		d.fail("a request at %g s, when it was %g s, after %g s", q.time, q.now, d.now)
	}
	d.now = q.now
}

func (d *requestDecoder) runs(q *deferredRequest, unlike bool) {
	chunks := int64(0)
	for range d.uint(sim.MaxChunks, "a number of runs") {
		n := d.uint(sim.MaxChunks<<2, "a run")
		kind, n := n&3, n>>2+1
		depth := int64(1)
		if kind != neverRun {
			depth = d.uint(sim.MaxChunks, "a depth")
		}
		r := alikeRun(int(n), kind, depth, q.size)
		if unlike {
			d.unlike(&r)
		}
		if chunks += n; chunks > sim.MaxChunks || !possible(r) {
			d.fail("an impossible run of %d chunks at a depth of %d", n, depth)
		}
		if d.err != nil {
			return
		}
		q.runs = append(q.runs, r)
	}
}

// unlike decodes what does not follow from a run's depth in chunks.
func (d *requestDecoder) unlike(r *sim.Run) {
	flags := d.uint(2*runWithBytes-1, "flags")
	r.Expired, r.Refused = flags&expiredRun != 0, flags&refusedRun != 0
	if r.Need.Bytes = sim.Never; flags&runWithBytes != 0 {
		r.Need.Bytes = d.uint(math.MaxInt64, "a depth")
	}
	r.Size = d.uint(math.MaxInt64, "a size")
}

// possible reports whether the depths of a run are depths of chunks of a stack.
func possible(r sim.Run) bool {
	switch {
	case r.Need.Chunks == sim.Never:
		return r.Need.Bytes == sim.Never
	case r.N > 1 && r.Step == 0, r.Need.Chunks < 1, r.Need.Chunks+r.Step*int64(r.N-1) < 1:
		return false
	case r.Need.Bytes == sim.Never:
		return true
	case r.Size < 1 || r.Size > math.MaxInt64/int64(r.N):
		return false
	case r.Step > 0:
		return r.Need.Bytes >= r.Size && r.Need.Bytes < math.MaxInt64-r.Size*int64(r.N-1)
	}
	return r.Need.Bytes >= r.Size*int64(r.N)
}

// rows decodes the ids of the never-seen chunks.
func (d *requestDecoder) rows(q *deferredRequest, other bool, never int) {
	if !other {
		d.row(q, 0, int64(never))
		return
	}
	expected, left := int64(d.next), int64(never)
	for range d.uint(left, "a number of rows") {
		first := expected + d.int()
		n := d.uint(left-1, "a row") + 1
		if expected = d.row(q, first-int64(d.next), n); d.err != nil {
			return
		}
		left -= n
	}
	if left > 0 {
		d.fail("%d chunks that were never seen have no number", left)
	}
}

// row adds a row, from some chunks behind the next new one on. It returns the id behind the row.
func (d *requestDecoder) row(q *deferredRequest, behind, n int64) (end int64) {
	first := int64(d.next) + behind
	end = first + n
	if behind > 0 || first < 0 || n < 1 || end > sim.MaxChunks {
		d.fail("impossible numbers of %d chunks", n)
		return 0
	}
	q.rows = append(q.rows, sim.Row{First: uint32(first), N: int(n)})
	d.next = max(d.next, uint32(end))
	return end
}

// ages decodes the largest ages of the prefixes of a request.
func (d *requestDecoder) ages(q *deferredRequest, chunks int) {
	oldest, left := 0.0, int64(chunks)
	for range d.uint(int64(chunks), "a number of ages") {
		a := sim.MaxAge{N: int(d.uint(left-1, "chunks of an age")) + 1, Seconds: d.float()}
		if left -= int64(a.N); !(a.Seconds >= oldest) || !finite(a.Seconds) {
			d.fail("an age of %g s after one of %g s", a.Seconds, oldest)
		}
		if d.err != nil {
			return
		}
		oldest = a.Seconds
		q.ages = append(q.ages, a)
	}
}

// uint decodes an integer from 0 to most. what names it.
func (d *requestDecoder) uint(most int64, what string) int64 {
	n, size := binary.Uvarint(d.rest)
	switch {
	case size <= 0:
		d.fail("it ends within a request")
	case most < 0 || n > uint64(most):
		d.fail("%s of %d, above %d", what, n, most)
	default:
		d.rest = d.rest[size:]
		return int64(n)
	}
	return 0
}

func (d *requestDecoder) int() int64 {
	n, size := binary.Varint(d.rest)
	if size <= 0 {
		d.fail("it ends within a request")
		return 0
	}
	d.rest = d.rest[size:]
	return n
}

func (d *requestDecoder) float() float64 {
	if len(d.rest) < 8 {
		d.fail("it ends within a request")
		return 0
	}
	n := binary.LittleEndian.Uint64(d.rest)
	d.rest = d.rest[8:]
	return math.Float64frombits(n)
}

// fail keeps the first error.
func (d *requestDecoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, args...)
	}
	d.rest = nil
}
