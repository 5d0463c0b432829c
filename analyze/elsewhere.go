package analyze

import (
	"hashlog/analyze/units"
	"hashlog/sim"
	"slices"
)

// elsewhere counts, at each listed capacity, the tokens that the best other node of a fleet would have hit beyond what the node of
// a request did. It belongs to the replay, not to a counter, since it looks requests up on other nodes.
type elsewhere struct {
	capacities []units.Capacity
	sums       []FleetMissTokens // by capacity; the kinds from which Elsewhere is taken, which are to be subtracted

	own, best []int64 // hit tokens of the request at hand, by capacity
	// memory for the lookup on another node
	rows  []sim.Row
	other request
	part  []row
}

func newElsewhere(opts *Options) *elsewhere {
	e := &elsewhere{capacities: opts.Capacities, sums: make([]FleetMissTokens, len(opts.Capacities))}
	for i := range e.sums {
		e.sums[i].Elsewhere = new(int64)
		if opts.Cache.TTL > 0 {
			e.sums[i].Expired = new(int64)
		}
	}
	return e
}

// count counts a request, given its chunks by their ids in the fleet, before its touches.
func (e *elsewhere) count(r *replay, q *request, fleet []sim.Row) {
	e.own = hitsIn(e.own[:0], q, r.nodes[q.node], e.capacities)
	if !slices.ContainsFunc(e.own, func(hit int64) bool { return hit < q.totals.cacheable }) {
		return // no node can hit more
	}
	e.best = append(e.best[:0], e.own...)
	for i, n := range r.nodes {
		if i != q.node {
			e.ask(n, q, fleet, r.told, r.shared)
		}
	}
	for i, c := range e.capacities {
		if e.best[i] > e.own[i] {
			*e.sums[i].Elsewhere += e.best[i] - e.own[i]
			e.take(i, c, q, r.nodes[q.node])
		}
	}
}

// ask raises best to what a node hits of the request, together with the shared tier if there is one.
func (e *elsewhere) ask(n *node, q *request, fleet []sim.Row, now float64, shared *sharedTier) {
	n.advance(now)
	var runs []sim.Run
	if shared != nil {
		runs = shared.peek(n, fleet)
	} else if e.rows = n.ids.known(fleet, e.rows[:0]); len(e.rows) > 0 {
		runs = n.stack.Peek(e.rows)
	}
	if len(runs) == 0 {
		return
	}
	e.other.demand = q.tokens.demand(e.other.demand[:0], runs)
	if n.caches != nil {
		e.other.found = n.caches.lookUp(&e.other)
	}
	for i, c := range e.capacities {
		e.best[i] = max(e.best[i], hitIn(&e.other, n, c))
	}
}

// hitsIn appends to dst the tokens that a node hits of a request, by capacity.
func hitsIn(dst []int64, q *request, n *node, capacities []units.Capacity) []int64 {
	for _, c := range capacities {
		dst = append(dst, hitIn(q, n, c))
	}
	return dst
}

// hitIn returns the tokens that a node hits of a request at a capacity. The request has been looked up there.
func hitIn(q *request, n *node, c units.Capacity) int64 {
	if n.caches != nil {
		return q.found[n.caches.index[c]].hit
	}
	return hitsAt(q.demand, c)
}

// take notes the kinds of the tokens from own to best, which are missed on the request's own node.
func (e *elsewhere) take(i int, c units.Capacity, q *request, n *node) {
	from, to := q.tokens.chunksFor(e.own[i]), q.tokens.chunksFor(e.best[i])
	kinds := &e.sums[i]
	first := 0
	for _, run := range q.runs {
		begin, end := max(from-first, 0), min(to-first, run.N)
		if begin < end {
			tokens := q.tokens.between(first+begin, first+end)
			switch resident := e.residentOf(run, first, begin, end, c, q, n); {
			case run.Need.Chunks == sim.Never:
				kinds.Cold += tokens
			case run.Expired:
				*kinds.Expired += resident
				kinds.Capacity += tokens - resident
			default:
				kinds.BrokenPrefix += resident
				kinds.Capacity += tokens - resident
			}
		}
		first += run.N
	}
}

// residentOf returns the tokens of chunks begin to end−1 of a run whose need is at most the capacity. first is the index, within the
// request, of the run's first chunk.
func (e *elsewhere) residentOf(run sim.Run, first, begin, end int, c units.Capacity, q *request, n *node) int64 {
	if run.Need.Chunks == sim.Never {
		return 0
	}
	e.part = q.tokens.rows(e.part[:0], run, first, begin, end)
	if n.caches == nil {
		return hitsAt(e.part, c)
	}
	f := &q.found[n.caches.index[c]]
	if run.Expired {
		return upTo(e.part, f.agelessDepth)
	}
	return upTo(e.part, f.depth)
}
