package analyze

import (
	"hashlog/analyze/units"
)

// end collects the final state of the nodes, the filter and the reader.
func (r *replay) end(p *passed) *ending {
	seen := r.seen()
	e := &ending{opts: r.opts, followed: r.followed, recording: r.recording, beside: r.beside, oddities: r.sums.input.oddities,
		paths: p.paths, sources: p.sources, found: p.remarks, sieve: p.sieve, stats: p.stats,
		unique: seen.chunks, seenOnce: seen.once, smallest: seen.smallest, sizesKnown: r.sizes.known, after: r.residentsNow(r.opts.Capacities), memory: r.memory(p.held)}
	if e.before = r.before; e.before == nil { // no counted touch has taken effect yet
		e.before = r.residency()
	}
	size := r.sizes.one
	if e.unique == 0 && r.opts.Grid.inBytes() {
		size = r.sums.input.oneSize()
	}
	e.chunks, e.bytes = r.sums.tally.curves(size)
	e.bytes.SmallestChunk = e.smallest
	e.chunks.unique, e.bytes.unique = e.unique, seen.bytes
	e.curve = e.chunks
	if e.sizesKnown && (e.unique > 0 || r.opts.Grid.inBytes()) && !(r.opts.bounded() && r.opts.MaxCapacity.Unit == units.Chunks && size == 0) {
		e.curve = e.bytes
	}
	if p := r.opts.Cache.Policy; p != nil {
		e.chunks.taken, e.bytes.taken = p.Taken(e.chunks.ChunkBytes), p.Taken(e.bytes.ChunkBytes)
	}
	e.chunks.endAt(r.opts.MaxCapacity)
	e.bytes.endAt(r.opts.MaxCapacity)
	return e
}

// endAt makes a capacity the largest one of the curve; zero: there is none.
func (v *Curve) endAt(c units.Capacity) {
	switch {
	case c == units.Capacity{}:
	case c.Unit == v.Unit:
		v.largest = c.N
	case v.ChunkBytes == 0: // no figure of this curve is known
		v.largest = 1
	case v.Unit == units.Bytes:
		v.largest = c.N * v.ChunkBytes
	default:
		v.largest = c.N / v.ChunkBytes
	}
}

// report builds the report.
func (r *replay) report(p *passed) (*Report, error) {
	if err := r.counted(); err != nil {
		return nil, err
	}
	e := r.end(p)
	rep := &Report{Settings: r.opts.settings(), Log: p.stats, Curve: e.curve, chunkCurve: e.chunks, MaxCapacity: r.opts.MaxCapacity, Ceiling: r.ceiling(e), Targets: make([]TargetResult, 0, len(r.opts.Targets))}
	var err error
	if rep.Table, err = r.table(e); err != nil {
		return nil, err
	}
	rep.Knee = r.knee(rep)
	for _, t := range r.opts.Targets {
		rep.Targets = append(rep.Targets, r.target(rep, e, t))
	}
	rep.Results = r.results(e)
	r.sums.report(rep, e)
	r.reported = true
	rep.Notes = rep.notes(e)
	rep.assume(e)
	return rep, nil
}

// figures returns the figures at capacities in a curve's unit, from the curve or, if the cache evicts in batches, from the
// simulated caches.
func (r *replay) figures(curve *Curve, capacities []units.Capacity) []Figures {
	if r.sums.caching != nil {
		return r.sums.caching.figures(capacities, curve)
	}
	at := make([]int64, len(capacities))
	for i, c := range capacities {
		at[i] = c.Limit()
	}
	return curve.Table(at)
}

// results returns the figures at the listed capacities.
func (r *replay) results(e *ending) []Result {
	out := make([]Result, len(e.opts.Capacities))
	for _, curve := range []*Curve{e.chunks, e.bytes} {
		var listed []int
		var at []units.Capacity
		for i, c := range e.opts.Capacities {
			if (c.Unit == units.Bytes) == (curve.Unit == units.Bytes) {
				listed = append(listed, i)
				at = append(at, c)
			}
		}
		for j, f := range r.figures(curve, at) {
			i := listed[j]
			out[i] = result(f)
			out[i].ResidentChunks = e.after[i]
			out[i].Evictions = e.before.evictions(e.opts.Capacities[i], curve, f, e.after[i])
			out[i].CapacityBytes, out[i].CapacityChunks = curve.listed(e.opts.Capacities[i])
			if r.opts.Cache.Policy != nil {
				r.caches.ofPolicy(e.opts.Capacities[i]).addTo(&out[i])
			}
		}
	}
	return out
}

// result builds a result from the figures at a capacity, but for resident chunks and evictions.
func result(f Figures) Result {
	return Result{
		HitTokens: f.HitTokens, TotalTokens: f.TotalTokens, CacheableTokens: f.CacheableTokens,
		TokenHitRate: f.TokenHitRate(), CacheableTokenHitRate: f.CacheableTokenHitRate(),
		ChunkHits: f.ChunkHits, ChunkLookups: f.ChunkLookups, ChunkHitRate: f.ChunkHitRate(),
		MissTokens: f.Miss,
	}
}

// ceiling returns the hits of an unlimited cache and, unless the cache evicts in batches, the capacity that reaches them. It is
// nil if they are unknown.
func (r *replay) ceiling(e *ending) *Ceiling {
	if e.opts.bounded() {
		return nil
	}
	hits := e.curve.ceilingTokens()
	c := &Ceiling{HitTokens: hits, TokenHitRate: Rate(hits, e.curve.totals.tokens)}
	if r.caches == nil {
		capacity, _ := e.curve.Reach(hits)
		if r.beside != nil {
			capacity = r.beside.ceiling(e.curve.Unit)
		}
		c.CapacityBytes, c.CapacityChunks = e.curve.both(capacity)
	}
	return c
}

// table returns the figures at the capacities of the grid; nil if none was asked for.
func (r *replay) table(e *ending) (*Table, error) {
	if e.opts.Grid == nil {
		return nil, nil
	}
	t := &Table{Exact: r.caches == nil, curve: e.curve}
	if t.Exact {
		var err error
		if t.Grid, err = e.curve.Grid(*e.opts.Grid); err != nil {
			return nil, err
		}
	} else {
		t.Grid, t.curve = e.followed.grid, e.chunks
		if t.Unit == units.Bytes {
			t.curve = e.bytes
		}
	}
	t.Figures = r.figures(t.curve, t.listed())
	for _, c := range t.Capacities {
		bytes, chunks := t.curve.both(c)
		t.Sizes = append(t.Sizes, Size{bytes, chunks})
	}
	if !t.Exact {
		t.LRU = t.curve.Table(t.Capacities)
	}
	t.evictions(e.before, r.residentsNow(t.listed()))
	return t, nil
}

// target finds the smallest capacity that reaches a target: on the curve or, if the cache evicts in batches, in the table
// (see narrowTargets).
func (r *replay) target(rep *Report, e *ending, t Target) TargetResult {
	curve, simulated := e.curve, r.caches != nil
	want := t.hitTokens(curve.totals.tokens, curve.ceilingTokens())
	var capacity, hits int64
	var ok bool
	if simulated {
		capacity, hits, ok = rep.Table.reach(want)
		curve = rep.Table.curve
	} else if capacity, ok = curve.Reach(want); ok {
		hits = curve.At(capacity).HitTokens
	}
	switch {
	case !ok && simulated:
		return TargetResult{Target: t.String(), TokenHitRate: rep.Table.best()}
	case !ok:
		return TargetResult{Target: t.String(), TokenHitRate: Rate(curve.ceilingTokens(), curve.totals.tokens), Exact: true}
	}
	out := TargetResult{Target: t.String(), TokenHitRate: Rate(hits, curve.totals.tokens), Reachable: true, Exact: !simulated}
	out.CapacityBytes, out.CapacityChunks = curve.both(capacity)
	return out
}
