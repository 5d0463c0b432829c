package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
)

// Row is what a replay finds of one counted request. It is valid until the next one.
type Row struct {
	Timestamp  float64 // seconds since the Unix epoch
	RequestID  []byte
	Model      string
	Source     string // log.Entry.Source
	SeqLen     int64  // tokens in the request
	Chunks     int64
	Turn       int64   // how far into a conversation, from 0
	TailTokens int64   // tokens that no hash covers
	ColdTokens int64   // tokens of chunks that were never stored before the request, and not because they weren't admitted
	Hits       []int64 // hit tokens by Options.Capacities
	Demand     []Step  // hit tokens at every capacity; below the first step there are none
	Sizes      RowSizes
	Node       string // of the request in a fleet, as FleetNode.Node
	// CachedTokens are the tokens that the server found cached; 0 unless HasCachedTokens, which says whether that was measured.
	CachedTokens    int64
	HasCachedTokens bool
}

// RowSizes says what is known of the sizes of all chunks up to and including those of a row, and so in which units its steps
// are. While all chunks have one size, a capacity in bytes is one in chunks × that size. Once sizes differ, no step has
// stairs. Once a size is unknown, no step has a capacity in bytes, until the end of the replay.
type RowSizes struct {
	Known  bool  // all sizes are known
	One    int64 // bytes of each chunk, if all have one size; 0 if sizes differ, one is unknown, or there is no chunk
	Unlike bool  // all sizes are known, and they differ
}

// Step is a capacity from which on a request hits more. If Stairs is 1, it hits HitTokens there. If Stairs is n, these are n
// steps, each one chunk deeper than the one before, and each with as many tokens more as the first has more than the step
// before it (than 0, if it is the first of all).
type Step struct {
	Chunks    int64 // the capacity of the first step
	Bytes     int64 // the same in bytes; 0 if a size is unknown
	HitTokens int64 // of all chunks down to the first step
	Stairs    int64 // number of steps, ≥ 1
}

// rowMaker makes the rows of requests.
type rowMaker struct {
	capacities []units.Capacity
	nodes      []string // their names; nil unless there is a fleet
	out        func(*Row) error
	row        Row // at hand
}

// newRowMaker returns nil if nobody asks for rows.
func newRowMaker(opts *Options) *rowMaker {
	if opts.OnRow == nil {
		return nil
	}
	return &rowMaker{capacities: opts.Capacities, out: opts.OnRow}
}

// ofNodes gives the rows the names of their nodes.
func (m *rowMaker) ofNodes(names []string) {
	if m != nil {
		m.nodes = names
	}
}

// lookUp hands out the row of a counted request.
func (m *rowMaker) lookUp(q *request) error {
	if m == nil || !q.counted {
		return nil
	}
	covered := q.tokens.first(q.chunks)
	m.row = Row{Timestamp: q.time, RequestID: q.id, Model: q.name, Source: q.source.name, SeqLen: q.tokens.seqLen, Chunks: int64(q.chunks),
		Turn: int64(q.turn), TailTokens: q.tokens.seqLen - covered, ColdTokens: q.totals.coldTokens,
		CachedTokens: q.cached, HasCachedTokens: q.measured,
		Sizes: RowSizes{q.sizes.known, q.sizes.one, q.sizes.unlike}, Hits: m.row.Hits[:0], Demand: appendSteps(m.row.Demand[:0], q.demand, q.sizes.unlike)}
	if m.nodes != nil {
		m.row.Node = m.nodes[q.node]
	}
	for _, c := range m.capacities {
		m.row.Hits = append(m.row.Hits, hitsAt(q.demand, c))
	}
	return m.out(&m.row)
}

// appendSteps appends to dst the running sums of a request's tokens by demand, and gives stairs one step, unless each is to be
// a single one.
func appendSteps(dst []Step, demand []row, single bool) []Step {
	var hits int64       // so far
	var lowest sim.Depth // of the steps so far
	for _, r := range demand {
		if r.need == lowest { // these chunks need no more than those before them
			hits += r.tokens
			dst = raiseLast(dst, lowest, hits)
			continue
		}
		lowest = r.needAt(r.n - 1)
		if !single {
			dst = append(dst, newStep(r.need, hits+r.tokens, r.n))
			hits += r.n * r.tokens
			continue
		}
		for i := range r.n {
			hits += r.tokens
			dst = append(dst, newStep(r.needAt(i), hits, 1))
		}
	}
	return dst
}

func newStep(at sim.Depth, hits, stairs int64) Step {
	s := Step{Chunks: at.Chunks, HitTokens: hits, Stairs: stairs}
	if at.Bytes != sim.Never {
		s.Bytes = at.Bytes
	}
	return s
}

// raiseLast sets the hit tokens of the last step, which ends stairs if it is one of them.
func raiseLast(steps []Step, at sim.Depth, hits int64) []Step {
	last := &steps[len(steps)-1]
	if last.Stairs == 1 {
		last.HitTokens = hits
		return steps
	}
	last.Stairs--
	return append(steps, newStep(at, hits, 1))
}
