package analyze

import (
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
	// reads count the pool as a tier behind nodes of each listed capacity.
	reads  *tiers
	listed []units.Capacity

	// of the request at hand
	touches sim.Touches
	runs    []sim.Run // of nodes and pool together
	own     []sim.Run // the same stretches as on the request's node
	inPool  []sim.Run // in the pool alone
	nothing sim.Depth // what a node needs for chunks of the pool
	parts   []row
	// memory for the lookup on another node
	rest, known []sim.Row
	other       []sim.Run
}

func newSharedTier(of *FleetOptions, opts *Options) *sharedTier {
	t := &sharedTier{capacity: *of.SharedTier, pool: newNode(opts, nil), served: newTally(false), listed: opts.Capacities}
	as := TierOptions{Window: of.Window}
	for range t.listed {
		as.Tiers = append(as.Tiers, Tier{Name: "shared", Capacity: t.capacity, Bandwidth: of.SharedBandwidth, WriteBandwidth: of.SharedWriteBandwidth})
	}
	t.reads = newTiers(&as)
	return t
}

// lookUp looks up a request in the pool. It returns the runs of nodes and pool together, valid until the next call; of these, one
// with a Step of 0 may have many chunks with one need. rows are its ids in the fleet, valid until its touches, own are the runs on
// the request's node, s the sizes of all chunks so far.
func (t *sharedTier) lookUp(q *request, rows []sim.Row, own []sim.Run, s sizes, now float64) ([]sim.Run, error) {
	t.pool.advance(now)
	t.inPool, t.touches = t.pool.stack.LookUp(rows, q.size)
	t.served.follow(s)
	t.runs, t.own, t.nothing = t.runs[:0], t.own[:0], nothingNeeded(s)
	inPrefix, deepest := q.counted, t.nothing
	var at, there runPlace
	for first := 0; first < q.chunks; {
		held, n := holds(&t.inPool[there.i], there.done, t.capacity)
		n = min(n, own[at.i].N-at.done)
		part := at.take(own, n)
		size := there.take(t.inPool, n).Size
		t.own = append(t.own, part)
		switch {
		case held:
			t.runs = append(t.runs, sim.Run{N: n, Need: t.nothing, Size: size})
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
	if !q.counted {
		return t.runs, nil
	}
	if err := t.read(q); err != nil {
		return nil, q.source.at(err)
	}
	return t.runs, nil
}

// peek looks up the request at hand on another node, given its ids in the fleet. It returns the runs of that node and the pool together, valid
// until the next call, up to the first chunk that the node has never seen and the pool does not hold.
func (t *sharedTier) peek(n *node, fleet []sim.Row) []sim.Run {
	t.other, t.rest = t.other[:0], append(t.rest[:0], fleet...)
	var there runPlace
	for rest := t.rest; len(rest) > 0; {
		if t.known = n.ids.known(rest, t.known[:0]); len(t.known) > 0 {
			rest = withoutFirst(rest, t.peekRuns(n.stack.Peek(t.known), &there))
			continue
		}
		held, _ := holds(&t.inPool[there.i], there.done, t.capacity)
		if !held {
			break
		}
		t.other = append(t.other, sim.Run{N: 1, Need: t.nothing, Size: there.take(t.inPool, 1).Size})
		rest = withoutFirst(rest, 1)
	}
	return t.other
}

// withoutFirst returns rows without their first chunks. It changes the rows.
func withoutFirst(rows []sim.Row, chunks int) []sim.Row {
	for chunks > 0 {
		n := min(chunks, rows[0].N)
		rows[0].First, rows[0].N = rows[0].First+uint32(n), rows[0].N-n
		if chunks -= n; rows[0].N == 0 {
			rows = rows[1:]
		}
	}
	return rows
}

// peekRuns adds runs on another node to those of peek, and returns how many chunks they have. there is their place in the pool.
func (t *sharedTier) peekRuns(runs []sim.Run, there *runPlace) (chunks int) {
	var at runPlace
	for at.i < len(runs) {
		held, n := holds(&t.inPool[there.i], there.done, t.capacity)
		n = min(n, runs[at.i].N-at.done)
		part, size := at.take(runs, n), there.take(t.inPool, n).Size
		if held {
			part = sim.Run{N: n, Need: t.nothing, Size: size}
		}
		t.other = append(t.other, part)
		chunks += n
	}
	return chunks
}

// read counts what the pool serves behind nodes of each listed capacity.
func (t *sharedTier) read(q *request) error {
	t.reads.begin(q)
	for i, c := range t.listed {
		if !t.readBehind(i, c, q.tokens) {
			return ErrTooManyBytes
		}
	}
	t.reads.end(q)
	return nil
}

// readBehind counts what the pool serves behind nodes of listed capacity i, chunk by chunk: those of the hit prefix that the node does
// not hold. ok is false if the bytes served exceed an int64.
func (t *sharedTier) readBehind(i int, c units.Capacity, of tokens) (ok bool) {
	first := 0
	for j, own := range t.own {
		for done := 0; done < own.N; {
			held, n := holds(&own, done, c)
			switch {
			case held:
			case !isHeld(&t.runs[j]):
				return true
			case !t.reads.add(i, of.between(first+done, first+done+n), n, t.runs[j].Size):
				return false
			}
			done += n
		}
		first += own.N
	}
	return true
}

// isHeld reports whether a run of lookUp is of chunks that the pool holds.
func isHeld(run *sim.Run) bool { return run.Need.Chunks == 0 }

// touch applies the touches of a request.
func (t *sharedTier) touch(p *pendingTouches) error {
	t.pool.advance(p.due)
	distances, _ := t.pool.stack.Touch(p.shared)
	if !p.counted {
		return nil
	}
	t.reads.follow()
	return t.reads.writes.add(p.due, distances)
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
