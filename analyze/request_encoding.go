package analyze

import (
	"encoding/binary"
	"math"
	"math/bits"

	"hashlog/sim"
)

// The encoding of deferred requests is part of the format of files: see summary_file.go.

// The flags of a request.
const (
	countedRequest  = 1 << iota
	lateRequest     // now is later than time
	otherModel      // than that of the request before
	otherChunkSize  // than that of the request before
	otherSize       // than that of the request before
	unlikeRuns      // bytes and sizes do not follow from the depths in chunks
	otherRows       // than the next ids in order
	oddTime         // no whole number of microseconds
	otherArg        // than that of the request before
	requestWithAges // has ages
	otherSalt       // than that of the request before
	endOfFlags
)

// The kinds of runs.
const (
	neverRun = iota
	singleRun
	fallingRun
	risingRun
)

// The flags of an unlike run.
const (
	expiredRun = 1 << iota
	refusedRun
	runWithBytes
)

// requestState is what the encoding of a request refers to: the request before it on its page, and the ids so far.
type requestState struct {
	last  deferredRequest // without its times and slices; zero at first
	times timeEncoding
	next  uint32 // id of the next new chunk
}

// remember makes a request the last one.
func (s *requestState) remember(q *deferredRequest) {
	s.last = deferredRequest{model: q.model, arg: q.arg, salt: q.salt, chunkSize: q.chunkSize, size: q.size}
}

// requestEncoder encodes the requests of a page.
type requestEncoder struct {
	requestState
	b []byte
}

func (e *requestEncoder) uint(n int64) { e.b = binary.AppendUvarint(e.b, uint64(n)) }
func (e *requestEncoder) int(n int64)  { e.b = binary.AppendVarint(e.b, n) }
func (e *requestEncoder) float(f float64) {
	e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(f))
}

// request appends a request.
func (e *requestEncoder) request(q *deferredRequest) {
	chunks, never := countRuns(q.runs)
	time, odd := e.times.encode(q.time)
	flags := e.flags(q, never, odd)
	e.uint(int64(flags))
	e.int(time)
	if flags&lateRequest != 0 {
		e.float(q.now)
	}
	if flags&otherModel != 0 {
		e.uint(int64(q.model))
	}
	if flags&otherChunkSize != 0 {
		e.uint(q.chunkSize)
	}
	if flags&otherSize != 0 {
		e.uint(q.size)
	}
	if flags&otherArg != 0 {
		e.uint(int64(q.arg))
	}
	if flags&otherSalt != 0 {
		e.uint(int64(q.salt))
	}
	e.int(q.seqLen - int64(chunks)*q.chunkSize)
	e.runs(q.runs, flags&unlikeRuns != 0)
	if flags&otherRows != 0 {
		e.rows(q.rows)
	} else {
		e.next += uint32(never)
	}
	if flags&requestWithAges != 0 {
		e.ages(q.ages)
	}
	e.remember(q)
}

// flags returns those of a request with so many never-seen chunks. odd says that its time is no whole number of microseconds.
func (e *requestEncoder) flags(q *deferredRequest, never int, odd bool) (flags uint64) {
	set := func(flag uint64, is bool) {
		if is {
			flags |= flag
		}
	}
	set(countedRequest, q.counted)
	set(lateRequest, q.now != q.time)
	set(otherModel, q.model != e.last.model)
	set(otherChunkSize, q.chunkSize != e.last.chunkSize)
	set(otherSize, q.size != e.last.size)
	set(unlikeRuns, !alike(q.runs, q.size))
	set(otherRows, len(q.rows) != 1 || q.rows[0] != sim.Row{First: e.next, N: never})
	set(oddTime, odd)
	set(otherArg, q.arg != e.last.arg)
	set(requestWithAges, len(q.ages) > 0)
	set(otherSalt, q.salt != e.last.salt)
	return flags
}

func (e *requestEncoder) runs(runs []sim.Run, unlike bool) {
	e.uint(int64(len(runs)))
	for _, r := range runs {
		kind := kindOf(r)
		e.uint(int64(r.N-1)<<2 | kind)
		if kind != neverRun {
			e.uint(r.Need.Chunks)
		}
		if unlike {
			e.unlike(r)
		}
	}
}

// unlike appends what does not follow from a run's depth in chunks.
func (e *requestEncoder) unlike(r sim.Run) {
	flags := int64(0)
	if r.Expired {
		flags |= expiredRun
	}
	if r.Refused {
		flags |= refusedRun
	}
	if r.Need.Bytes != sim.Never {
		flags |= runWithBytes
	}
	e.uint(flags)
	if r.Need.Bytes != sim.Never {
		e.uint(r.Need.Bytes)
	}
	e.uint(r.Size)
}

func (e *requestEncoder) rows(rows []sim.Row) {
	e.uint(int64(len(rows)))
	expected := int64(e.next)
	for _, r := range rows {
		e.int(int64(r.First) - expected)
		e.uint(int64(r.N - 1))
		expected = int64(r.First) + int64(r.N)
		e.next = max(e.next, uint32(expected))
	}
}

func (e *requestEncoder) ages(ages []sim.MaxAge) {
	e.uint(int64(len(ages)))
	for _, a := range ages {
		e.uint(int64(a.N - 1))
		e.float(a.Seconds)
	}
}

// countRuns returns how many chunks runs have, and how many of them were never seen.
func countRuns(runs []sim.Run) (chunks, never int) {
	for _, r := range runs {
		chunks += r.N
		if r.Need.Chunks == sim.Never {
			never += r.N
		}
	}
	return chunks, never
}

func kindOf(r sim.Run) int64 {
	switch {
	case r.Need.Chunks == sim.Never:
		return neverRun
	case r.Step < 0:
		return fallingRun
	case r.Step > 0:
		return risingRun
	}
	return singleRun
}

// alike reports whether all runs are as [alikeRun] makes them.
func alike(runs []sim.Run, size int64) bool {
	for _, r := range runs {
		if r != alikeRun(r.N, kindOf(r), r.Need.Chunks, size) {
			return false
		}
	}
	return true
}

// alikeRun returns a run of chunks that has not expired, of a stack whose chunks all have one size, 0 if unknown.
func alikeRun(n int, kind, depth, size int64) sim.Run {
	if kind == neverRun {
		return sim.Run{N: n, Need: sim.Depth{Chunks: sim.Never, Bytes: sim.Never}}
	}
	r := sim.Run{N: n, Need: sim.Depth{Chunks: depth, Bytes: sim.Never}, Size: size}
	if high, bytes := bits.Mul64(uint64(depth), uint64(size)); size > 0 && high == 0 && bytes < sim.Never {
		r.Need.Bytes = int64(bytes)
	}
	switch kind {
	case fallingRun:
		r.Step = -1
	case risingRun:
		r.Step = 1
	}
	return r
}
