package analyze

import (
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
)

// report puts together what was counted.
func (r *replay) report(stats log.Stats) (*Report, error) {
	chunks, bytes := r.curves()
	curve := chunks
	if r.stack.SizesKnown() && (r.stack.UniqueChunks() > 0 || r.opts.Grid.inBytes()) {
		curve = bytes
	}
	in := r.input.Input
	in.Files = r.files.Len()
	in.UniqueChunks = r.stack.UniqueChunks()
	in.Filtered = r.sieve.Read - r.sieve.Passed - r.sieve.Empty
	in.Skipped, in.Torn, in.Late, in.Damaged, in.EmptyFiles = stats.Skipped, stats.Torn, stats.Late, stats.Damaged, stats.EmptyFiles
	in.Empty = r.sieve.Empty
	assumptions, assumed := r.assumptions()
	rep := &Report{Input: in, Settings: r.opts.settings(), Log: stats, Curve: curve,
		Ceiling: r.ceiling(curve), Notes: r.notes(stats), Assumptions: assumptions, Assumed: assumed,
		Targets: make([]TargetResult, 0, len(r.opts.Targets))}
	var err error
	if rep.Table, err = r.table(curve, chunks, bytes); err != nil {
		return nil, err
	}
	for _, t := range r.opts.Targets {
		rep.Targets = append(rep.Targets, r.target(rep, t))
	}
	rep.Results = r.results(chunks, bytes)
	if r.roller != nil {
		rep.Rolling = r.roller.rolling(curve)
	}
	if r.tiers != nil {
		if r.tiers.writes.err != nil { // by touches that took effect after the last request
			return nil, r.tiers.writes.err
		}
		of := chunks
		if r.tiers.unit == units.Bytes {
			of = bytes
		}
		rep.Tiers, rep.TierWindows = r.tiers.results(of, r.stack.SizesKnown())
	}
	if r.audit != nil {
		rep.Audit = r.audit.report(r, stats)
	}
	return rep, nil
}

// curves returns the curves in chunks and in bytes; the second means nothing where a size is unknown.
func (r *replay) curves() (chunks, bytes *Curve) {
	size, _ := r.stack.UniformSize()
	if r.stack.UniqueChunks() == 0 && r.opts.Grid.inBytes() {
		size = r.input.oneSize()
	}
	chunks, bytes = r.tally.curves(size)
	if bytes == nil { // no chunk at all, or a size is unknown, and then nobody asks
		bytes = &Curve{Unit: units.Bytes, totals: r.tally.totals, expires: r.tally.expires, demand: &sparse{}, need: &sparse{}, expired: &sparse{}, distance: &sparse{}}
	}
	bytes.SmallestChunk = r.stack.SmallestSize()
	chunks.unique, bytes.unique = r.stack.UniqueChunks(), r.stack.UniqueBytes()
	return chunks, bytes
}

// results reads the curves at the listed capacities.
func (r *replay) results(chunks, bytes *Curve) []Result {
	out := make([]Result, len(r.opts.Capacities))
	after := r.residents()
	for _, curve := range []*Curve{chunks, bytes} {
		var listed []int
		var at []units.Capacity
		for i, c := range r.opts.Capacities {
			if (c.Unit == units.Bytes) == (curve.Unit == units.Bytes) {
				listed = append(listed, i)
				at = append(at, c)
			}
		}
		for j, f := range r.figures(curve, at) {
			i := listed[j]
			out[i] = result(f, r.before[i], after[i])
			out[i].CapacityBytes, out[i].CapacityChunks = curve.Listed(r.opts.Capacities[i])
			r.models.fill(&out[i], r.opts.Capacities[i], len(out))
		}
	}
	return out
}

// both returns a capacity of the curve in bytes and in chunks, nil where it can't be derived.
func (v *Curve) both(capacity int64) (bytes, chunks *int64) {
	switch {
	case v.Unit == units.Chunks && v.ChunkBytes == 0:
		return nil, &capacity
	case v.Unit == units.Bytes && v.ChunkBytes == 0:
		return &capacity, nil
	case v.Unit == units.Bytes:
		n := capacity / v.ChunkBytes
		return &capacity, &n
	}
	if capacity > math.MaxInt64/v.ChunkBytes {
		return nil, &capacity
	}
	n := capacity * v.ChunkBytes
	return &n, &capacity
}

// figures returns the figures at capacities of a curve's unit, from the curve or from the caches that are followed one by
// one.
func (r *replay) figures(curve *Curve, capacities []units.Capacity) []Figures {
	if r.batched != nil {
		return r.batched.figures(capacities, curve)
	}
	at := make([]int64, len(capacities))
	for i, c := range capacities {
		at[i] = c.Limit()
	}
	return curve.Table(at)
}

func (r *replay) ceiling(curve *Curve) Ceiling {
	hits := curve.ceilingTokens()
	c := Ceiling{HitTokens: hits, TokenHitRate: Rate(hits, curve.totals.tokens)}
	if r.batched == nil {
		capacity, _ := curve.Reach(hits)
		c.CapacityBytes, c.CapacityChunks = curve.both(capacity)
	}
	return c
}

// target finds the smallest capacity that reaches a target: of all, or of the table's where there is no curve that rises.
func (r *replay) target(rep *Report, t Target) TargetResult {
	curve := rep.Curve
	want := t.hitTokens(curve.totals.tokens, curve.ceilingTokens())
	var capacity, hits int64
	var ok bool
	if r.batched != nil {
		capacity, hits, ok = rep.Table.reach(want)
		curve = rep.Table.curve
	} else if capacity, ok = curve.Reach(want); ok {
		hits = curve.At(capacity).HitTokens
	}
	if !ok && r.batched != nil {
		return TargetResult{Target: t.String(), TokenHitRate: rep.Table.best()}
	}
	if !ok {
		return TargetResult{Target: t.String(), TokenHitRate: rep.Ceiling.TokenHitRate}
	}
	out := TargetResult{Target: t.String(), TokenHitRate: Rate(hits, curve.totals.tokens), Reachable: true}
	out.CapacityBytes, out.CapacityChunks = curve.both(capacity)
	return out
}

// result turns the figures of a capacity into a result. before and after are the resident chunks at the start and at the
// end of the counted part.
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
