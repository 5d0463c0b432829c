package analyze

import (
	"hashlog/analyze/units"
	"hashlog/log"
)

// ending is how things stand at the end of a replay, for those who report.
type ending struct {
	opts     *Options
	followed *followed // nil unless the cache evicts in batches
	sums     *sums

	files int
	paths []string // of the logs
	found []string // what there is to say about the choice of logs
	sieve *Sieve
	stats log.Stats

	chunks, bytes *Curve // in either unit; that in bytes means nothing unless sizesKnown
	curve         *Curve // the one to be shown
	unique        int64  // chunks
	seenOnce      int64  // chunks
	smallest      int64  // size of the smallest chunk, 0 if it is unknown
	sizesKnown    bool
	before, after []int64 // resident chunks before the counted part and behind it, by listed capacity
	memory        int64   // bytes that the replay took
}

// ending looks at the stack, the filter and the reader once all has been replayed.
func (r *replay) ending(p *passed) *ending {
	e := &ending{opts: r.opts, followed: r.followed, sums: r.sums,
		files: p.files.Len(), paths: p.files.Paths(), found: p.files.Notes(), sieve: p.sieve, stats: p.stats,
		unique: r.stack.UniqueChunks(), seenOnce: r.stack.SeenOnce(), smallest: r.stack.SmallestSize(), sizesKnown: r.stack.SizesKnown(),
		before: r.before, after: r.residents(), memory: r.memory(p.held)}
	size, _ := r.stack.UniformSize()
	if e.unique == 0 && r.opts.Grid.inBytes() {
		size = r.sums.input.oneSize()
	}
	e.chunks, e.bytes = r.sums.tally.curves(size)
	e.bytes.SmallestChunk = e.smallest
	e.chunks.unique, e.bytes.unique = e.unique, r.stack.UniqueBytes()
	e.curve = e.chunks
	if e.sizesKnown && (e.unique > 0 || r.opts.Grid.inBytes()) {
		e.curve = e.bytes
	}
	return e
}

// report puts together what was counted.
func (r *replay) report(p *passed) (*Report, error) {
	e := r.ending(p)
	rep := &Report{Settings: r.opts.settings(), Log: p.stats, Curve: e.curve, Ceiling: e.ceiling(), Targets: make([]TargetResult, 0, len(r.opts.Targets))}
	var err error
	if rep.Table, err = e.table(); err != nil {
		return nil, err
	}
	for _, t := range r.opts.Targets {
		rep.Targets = append(rep.Targets, e.target(rep, t))
	}
	rep.Results = e.results()
	r.sums.report(rep, e)
	rep.Notes = e.notes()
	rep.Assumptions, rep.Assumed = e.assumptions()
	return rep, nil
}

// figures returns the figures at capacities of a curve's unit, from the curve or from the caches that are followed one by
// one.
func (e *ending) figures(curve *Curve, capacities []units.Capacity) []Figures {
	if e.sums.batched != nil {
		return e.sums.batched.figures(capacities, curve)
	}
	at := make([]int64, len(capacities))
	for i, c := range capacities {
		at[i] = c.Limit()
	}
	return curve.Table(at)
}

// results returns the figures at the listed capacities.
func (e *ending) results() []Result {
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
		for j, f := range e.figures(curve, at) {
			i := listed[j]
			out[i] = result(f, e.before[i], e.after[i])
			out[i].CapacityBytes, out[i].CapacityChunks = curve.Listed(e.opts.Capacities[i])
		}
	}
	return out
}

// result makes a result of the figures of a capacity. before and after are the resident chunks at the start and at the end of
// the counted part.
func result(f Figures, before, after int64) Result {
	return Result{
		HitTokens: f.HitTokens, TotalTokens: f.TotalTokens, CacheableTokens: f.CacheableTokens,
		TokenHitRate: f.TokenHitRate(), CacheableTokenHitRate: f.CacheableTokenHitRate(),
		ChunkHits: f.ChunkHits, ChunkLookups: f.ChunkLookups, ChunkHitRate: f.ChunkHitRate(),
		Evictions:      f.ChunkLookups - f.ChunkHits + before - after,
		ResidentChunks: after,
		MissTokens:     f.Miss,
	}
}

// ceiling returns what an unlimited cache hits, and, unless the cache evicts in batches, where that is reached.
func (e *ending) ceiling() Ceiling {
	hits := e.curve.ceilingTokens()
	c := Ceiling{HitTokens: hits, TokenHitRate: Rate(hits, e.curve.totals.tokens)}
	if e.sums.batched == nil {
		capacity, _ := e.curve.Reach(hits)
		c.CapacityBytes, c.CapacityChunks = e.curve.both(capacity)
	}
	return c
}

// table returns the figures at the grid that was asked for, nil if none was.
func (e *ending) table() (*Table, error) {
	if e.opts.Grid == nil {
		return nil, nil
	}
	t := &Table{Exact: e.sums.batched == nil, curve: e.curve}
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
	t.Figures = e.figures(t.curve, t.listed())
	return t, nil
}

// target finds the smallest capacity that reaches a target: of all, or of the table's if there is no curve that rises.
func (e *ending) target(rep *Report, t Target) TargetResult {
	curve, batched := e.curve, e.sums.batched != nil
	want := t.hitTokens(curve.totals.tokens, curve.ceilingTokens())
	var capacity, hits int64
	var ok bool
	if batched {
		capacity, hits, ok = rep.Table.reach(want)
		curve = rep.Table.curve
	} else if capacity, ok = curve.Reach(want); ok {
		hits = curve.At(capacity).HitTokens
	}
	switch {
	case !ok && batched:
		return TargetResult{Target: t.String(), TokenHitRate: rep.Table.best()}
	case !ok:
		return TargetResult{Target: t.String(), TokenHitRate: rep.Ceiling.TokenHitRate}
	}
	out := TargetResult{Target: t.String(), TokenHitRate: Rate(hits, curve.totals.tokens), Reachable: true}
	out.CapacityBytes, out.CapacityChunks = curve.both(capacity)
	return out
}
