package analyze

import (
	"fmt"

	"hashlog/log"
	"hashlog/sim"
)

// request is the lookup at hand, passed from the replay to the counters. Its contents are valid until the next request.
type request struct {
	time   float64 // timestamp in seconds since the Unix epoch
	name   string  // of its model
	model  int     // the place of that name in modelNames; known to counters only
	source source
	// texts of the record; counters have them only if Options.Audit is set or classes by salt are asked for
	id      []byte // request_id
	session []byte // session_id
	salt    []byte // cache_salt
	dropped int64  // records that the writer lost right before this one
	// tokens that the server found cached, if that was measured
	cached   int64
	measured bool
	tokens   tokens
	unit     int64 // tokens of the match unit; 0: none
	chunks   int
	size     int64 // bytes of each chunk on all ranks; 0: unknown
	logged   int64 // bytes of each chunk as logged, on one rank; 0: unknown
	counted  bool  // whether it comes after the warm-up
	node     int   // that it was dealt to, from 0
	turn     int   // how far into a conversation, from 0; set only if Options.needTurns

	rows  []sim.Row // its chunks, numbered
	runs  []sim.Run // the same, as found in the stack
	sizes sizes     // of all chunks so far, its own included

	// edges are where exclusive tiers end, in chunks (sim.Exclusive.Edges); nil unless there are any.
	edges []int64

	maxAges []sim.MaxAge // of its prefixes; set only if Options.TTLs is
	uses    []use        // of its chunks; set only if Options.needUses

	// Set only if the request is counted: its part of the denominators of figures, but for touches, which come later.
	totals totals
	// Rows of tokens, set only if the request is counted: by demand; by need, of chunks that have not expired; and by need,
	// of chunks that have.
	demand, resident, expired []row
	// prefix are the tokens by demand where those of demand are only the ones in whole match units; set only if there is a match unit.
	prefix []row
	// chunkDemand is the demand of all chunks, with one token each; set only if the request is counted and Options.needChunkDemand.
	chunkDemand []row
	allChunks   []row // memory for it
	// found is what each simulated cache has of the request, in the order of caches.list; set only if the request is counted.
	found []found
}

// source is the location of a record.
type source struct {
	file string
	line int64
	name string // log.Entry.Source
}

// at adds the location, if there is one, to an error.
func (s source) at(err error) error {
	if s == (source{}) {
		return err
	}
	return fmt.Errorf("%s:%d: %w", log.Quoted(s.file), s.line, err)
}

// sizes summarise the sizes of some chunks, in bytes.
type sizes struct {
	known  bool  // all sizes are known
	one    int64 // the common size; 0 if sizes differ, one is unknown, or there is no chunk
	unlike bool  // all sizes are known, and they differ
}

// sizesOf summarises the sizes of all chunks of a stack.
func sizesOf(s *sim.Stack) sizes {
	one, uniform := s.UniformSize()
	known := s.SizesKnown()
	return sizes{known: known, one: one, unlike: known && !uniform && s.UniqueChunks() > 0}
}

// read fills in the request from a record.
func (q *request) read(e *log.Entry) {
	q.time, q.source, q.id, q.dropped = e.Timestamp, source{e.File, e.Line, e.Source}, e.RequestID, e.Dropped
	q.tokens = tokens{chunkSize: e.ChunkSize, seqLen: e.SeqLen}
	q.session, q.salt = e.SessionID, e.CacheSalt
	q.cached, q.measured = e.CachedTokens, e.HasCachedTokens
	q.chunks, q.logged = len(e.Hashes), e.ChunkBytes
	q.name = e.ModelName
}

// meet records what a stack found for the request. s are the sizes of all chunks so far.
func (q *request) meet(rows []sim.Row, runs []sim.Run, s sizes) {
	q.rows, q.runs, q.sizes, q.found = rows, runs, s, nil
	if !q.counted {
		return
	}
	q.demand, q.prefix = q.tokens.demand(q.demand[:0], runs), q.prefix[:0]
	if q.unit > 0 {
		q.prefix, q.demand = q.demand, inUnits(q.prefix, q.demand, q.whole)
	}
	q.totals = totals{tokens: q.tokens.seqLen, cacheable: q.tokens.first(q.chunks), lookups: int64(q.chunks)}
	q.resident, q.expired = q.resident[:0], q.expired[:0]
	first := 0
	for _, run := range runs {
		switch {
		case run.Need.Chunks == sim.Never && run.Refused:
			q.totals.notAdmittedTokens += q.tokens.between(first, first+run.N)
		case run.Need.Chunks == sim.Never:
			q.totals.coldTokens += q.tokens.between(first, first+run.N)
		case run.Expired:
			q.expired = q.tokens.rows(q.expired, run, first, 0, run.N)
		default:
			q.resident = q.tokens.rows(q.resident, run, first, 0, run.N)
		}
		first += run.N
	}
}

// meetChunks records the demand of the chunks of runs, without regard to their tokens. With a match unit, a chunk hits where the first unit
// that reaches into it does.
func (q *request) meetChunks(runs []sim.Run) {
	q.chunkDemand = eachChunk.demand(q.chunkDemand[:0], runs)
	if q.unit > 0 {
		q.allChunks = append(q.allChunks[:0], q.chunkDemand...)
		q.chunkDemand = inUnits(q.chunkDemand[:0], q.allChunks, q.unitChunks)
	}
}

// rowsOf returns the rows of tokens of a quantity that is counted as a request is looked up; nil for any other.
func (q *request) rowsOf(what quantity) []row {
	switch what {
	case hitTokens:
		return q.demand
	case residentTokens:
		return q.resident
	case expiredTokens:
		return q.expired
	case prefixTokens:
		return q.prefix
	}
	return nil
}

// touches are the touches of a request as they take effect.
type touches struct {
	time      float64 // in seconds since the Unix epoch; never goes back
	counted   bool    // whether the request is counted
	source    source  // of the request that is at hand then; zero after the last one
	rows      []sim.Row
	chunks    int
	distances []sim.Distance
	sizes     sizes // of all chunks looked up so far
	disagrees bool  // the request has a different size for a chunk than the chunk's first lookup
	// The hits in each simulated cache and the bytes written to it, in the order of caches.list.
	hits, written []int64
	// moved are the bytes written to each exclusive tier; nil unless there are any.
	moved []int64
}

// found is what a cache has of a request. All but the depth is in tokens.
type found struct {
	// depth is how many chunks at the top of the stack are in the cache, unless they have expired; noStack if the cache is no top of it.
	depth    int64
	chunks   int64 // of the hit prefix, beyond whole match units too; set only if depth is noStack
	hit      int64
	resident int64 // in the hit prefix, or after a miss
	// agelessDepth is the depth of the same cache if chunks did not expire; set only if they do.
	agelessDepth int64
	expired      int64 // of chunks that the cache would hold if they had not expired
	prefix       int64 // of the hit prefix, beyond its whole match units too; set only if there is a match unit
}

// noStack is the depth of a cache that doesn't hold the top of the stack.
const noStack = -1

// hitChunks returns how many chunks of a request the hit prefix has.
func (f *found) hitChunks(q *request) int64 {
	if f.depth == noStack {
		return q.unitChunks(f.chunks)
	}
	return upTo(q.chunkDemand, f.depth)
}

// of returns the tokens of a quantity that is counted as a request is looked up; 0 for any other.
func (f *found) of(what quantity) int64 {
	switch what {
	case hitTokens:
		return f.hit
	case residentTokens:
		return f.resident
	case expiredTokens:
		return f.expired
	case prefixTokens:
		return f.prefix
	}
	return 0
}

// add adds the tokens found of another request.
func (f *found) add(more found) {
	f.hit += more.hit
	f.resident += more.resident
	f.expired += more.expired
	f.prefix += more.prefix
}
