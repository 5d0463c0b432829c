package analyze

import (
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// sharedTier is a pool behind the nodes of a fleet. Every request looks up its chunks in it and touches them there, whoever serves
// them. A chunk that the pool holds has a need of 0 on each node, so what nodes and pool serve together is
// exact at every capacity of a node.
type sharedTier struct {
	capacity units.Capacity
	pool     *node
	served   *tally // tokens of the pool's chunks: hitTokens by demand, residentTokens by what a node needs to serve them itself

	// of the request at hand
	rows    []sim.Row
	touches sim.Touches
	runs    []sim.Run
	parts   []row
}

func newSharedTier(c units.Capacity, opts *Options) *sharedTier {
	return &sharedTier{capacity: c, pool: newNode(opts, nil), served: newTally(false)}
}

// lookUp looks up a request in the pool. It returns the runs of nodes and pool together, valid until the next call; of these, one
// with a Step of 0 may have many chunks with one need. own are the runs on the request's node, s the sizes of all chunks so far.
func (t *sharedTier) lookUp(q *request, keys []sim.Key, own []sim.Run, s sizes, now float64) (_ []sim.Run, err error) {
	if t.rows, err = t.pool.index.Number(keys, t.rows[:0]); err != nil {
		return nil, q.source.at(err)
	}
	t.pool.advance(now)
	var pool []sim.Run
	pool, t.touches = t.pool.stack.LookUp(t.rows, q.size)
	t.served.follow(s)
	t.runs = t.runs[:0]
	inPrefix, deepest := q.counted, nothingNeeded(s)
	var at, there runPlace
	for first := 0; first < q.chunks; {
		held, n := holds(&pool[there.i], there.done, t.capacity)
		n = min(n, own[at.i].N-at.done)
		part := at.take(own, n)
		there.take(pool, n)
		switch {
		case held:
			t.runs = append(t.runs, sim.Run{N: n, Need: nothingNeeded(s), Size: part.Size})
			if inPrefix {
				t.serve(q, first, part, deepest)
			}
		default:
			t.runs = append(t.runs, part)
			inPrefix = inPrefix && part.Need.Chunks != sim.Never && !part.Expired
			deepest = deeper(deepest, part)
		}
		first += n
	}
	return t.runs, nil
}

// touch applies the touches of a request.
func (t *sharedTier) touch(touches sim.Touches, now float64) {
	t.pool.advance(now)
	t.pool.stack.Touch(touches)
}

// nothingNeeded is the need of a chunk that a node without any memory can serve.
func nothingNeeded(s sizes) sim.Depth {
	if !s.known {
		return sim.Depth{Bytes: sim.Never}
	}
	return sim.Depth{}
}

// deeper returns the largest of a need and those of a run.
func deeper(d sim.Depth, run sim.Run) sim.Depth {
	for _, need := range []sim.Depth{run.Need, run.NeedAt(run.N - 1)} {
		if need.Chunks > d.Chunks {
			d = need
		}
	}
	return d
}

// serve counts chunks of the hit prefix, from the first on, that the pool holds. own are their needs on the node, deepest is the
// largest need of the chunks before them.
func (t *sharedTier) serve(q *request, first int, own sim.Run, deepest sim.Depth) {
	tokens := q.tokens.between(first, first+own.N)
	if tokens == 0 {
		return
	}
	t.served.add(hitTokens, row{need: deepest, n: 1, tokens: tokens})
	if own.Need.Chunks == sim.Never || own.Expired {
		return
	}
	for done := 0; done < own.N; {
		part := own
		part.Need = own.NeedAt(done)
		part.N = untilDepth(own, done, deepest.Chunks)
		t.parts = t.parts[:0]
		if part.Need.Chunks <= deepest.Chunks {
			t.parts = append(t.parts, row{need: deepest, n: 1, tokens: q.tokens.between(first+done, first+done+part.N)})
		} else {
			t.parts = q.tokens.rows(t.parts, part, first+done, 0, part.N)
		}
		for _, r := range t.parts {
			t.served.add(residentTokens, r)
		}
		done += part.N
	}
}

// tokens returns the tokens that the pool serves at capacities of a node, given in the unit of a curve of nodes and pool together.
func (t *sharedTier) tokens(curve *Curve, capacities []int64) []int64 {
	chunks, bytes := t.served.curves(curve.ChunkBytes)
	from := chunks
	if curve.Unit == units.Bytes {
		from = bytes
	}
	out := make([]int64, len(capacities))
	for i, f := range from.Table(capacities) {
		out[i] = -f.Miss.BrokenPrefix // what it hits but does not hold itself
	}
	return out
}

// runPlace is one of a request's chunks, which are in runs.
type runPlace struct {
	i    int // of its run
	done int // chunks of the run before it
}

// take returns n chunks of the run at hand, and goes on to the chunk after them.
func (p *runPlace) take(runs []sim.Run, n int) sim.Run {
	run := runs[p.i]
	all := run.N
	run.Need = run.NeedAt(p.done)
	run.N = n
	if p.done += n; p.done == all {
		p.i, p.done = p.i+1, 0
	}
	return run
}

// holds reports whether a cache of some capacity holds chunk i of a run, and for how many chunks from there on the answer is the
// same.
func holds(run *sim.Run, i int, c units.Capacity) (held bool, n int) {
	if run.Need.Chunks == sim.Never || run.Expired {
		return false, run.N - i
	}
	if c.Unit != units.Bytes {
		return run.NeedAt(i).Chunks <= c.Limit(), untilDepth(*run, i, c.Limit())
	}
	need := run.NeedAt(i).Bytes
	held, n = need <= c.N, run.N-i
	switch {
	case run.Size == 0:
	case held && run.Step > 0:
		n = int(min(int64(n), (c.N-need)/run.Size+1))
	case !held && run.Step < 0:
		n = int(min(int64(n), (need-c.N+run.Size-1)/run.Size))
	}
	return held, n
}

// untilDepth returns for how many chunks from chunk i of a run on the needs are on the same side of a depth in chunks.
func untilDepth(run sim.Run, i int, depth int64) int {
	n, need := int64(run.N-i), run.NeedAt(i).Chunks
	switch {
	case need <= depth && run.Step > 0 && depth < math.MaxInt64:
		n = min(n, depth-need+1)
	case need > depth && run.Step < 0:
		n = min(n, need-depth)
	}
	return int(n)
}
