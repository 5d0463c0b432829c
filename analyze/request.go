package analyze

import (
	"fmt"

	"hashlog/log"
	"hashlog/sim"
)

// request is the lookup at hand on its way from the replay to all that count it. What it holds is good until the next one.
type request struct {
	time    float64 // its timestamp, in seconds since the Unix epoch
	model   int     // the place of its model's name in modelNames
	source  source
	id      []byte // its request_id
	dropped int64  // records that the writer lost right before it
	tokens  tokens
	chunks  int
	size    int64 // bytes of each chunk on all ranks; 0 is unknown
	logged  int64 // bytes of each chunk as logged, on one rank; 0 is unknown
	counted bool  // it lies behind the warm-up

	runs  []sim.Run // its chunks as the stack holds them
	sizes sizes     // of all chunks so far, its own included

	// These are set if it is counted, and are rows of tokens that have one need each: by the capacity from which on tokens hit,
	// by the need of their chunk if that has not expired, and by the need of their chunk if it has.
	demand, resident, expired []row
}

// source is where a record stands.
type source struct {
	file string
	line int64
}

// at locates an error in the record.
func (s source) at(err error) error { return fmt.Errorf("%s:%d: %w", log.Quoted(s.file), s.line, err) }

// sizes are what is known of the sizes of some chunks, in bytes.
type sizes struct {
	known  bool  // all of them
	one    int64 // that all have; 0 if they differ, if one is unknown, or if there is no chunk
	unlike bool  // they are known and differ
}

// sizesOf returns what is known of the sizes of all chunks of a stack.
func sizesOf(s *sim.Stack) sizes {
	one, uniform := s.UniformSize()
	known := s.SizesKnown()
	return sizes{known: known, one: one, unlike: known && !uniform && s.UniqueChunks() > 0}
}

// read makes a request of a record.
func (q *request) read(e *log.Entry) {
	q.time, q.source, q.id, q.dropped = e.Timestamp, source{e.File, e.Line}, e.RequestID, e.Dropped
	q.tokens = tokens{chunkSize: e.ChunkSize, seqLen: e.SeqLen}
	q.chunks, q.logged = len(e.Hashes), e.ChunkBytes
}

// meet takes in what the stack says to the request.
func (q *request) meet(runs []sim.Run, s *sim.Stack) {
	q.runs, q.sizes = runs, sizesOf(s)
	if !q.counted {
		return
	}
	q.demand = q.tokens.demand(q.demand[:0], runs)
	q.resident, q.expired = q.resident[:0], q.expired[:0]
	first := 0
	for _, run := range runs {
		switch {
		case run.Need.Chunks == sim.Never:
		case run.Expired:
			q.expired = q.tokens.rows(q.expired, run, first, 0, run.N)
		default:
			q.resident = q.tokens.rows(q.resident, run, first, 0, run.N)
		}
		first += run.N
	}
}

// touches are the touches of a request as they take effect.
type touches struct {
	time      float64 // when, in seconds since the Unix epoch; it never goes back
	counted   bool    // the request is
	distances []sim.Distance
	sizes     sizes   // of all chunks that have been looked up so far
	disagrees bool    // the request has another size for a chunk than the one that the chunk was first seen with
	hits      []int64 // how many hit in each of the caches that are followed, in their order
}

// cold returns the tokens of chunks that were never stored before the request.
func (q *request) cold() (sum int64) {
	first := 0
	for _, run := range q.runs {
		if run.Need.Chunks == sim.Never {
			sum += q.tokens.between(first, first+run.N)
		}
		first += run.N
	}
	return sum
}
