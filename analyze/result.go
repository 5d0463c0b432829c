package analyze

import (
	"math"

	"hashlog/log"
)

// report puts together what was counted.
func (r *replay) report(stats log.Stats) *Report {
	chunks, bytes := r.tally.curves(r.uniform)
	curve := chunks
	if bytes != nil {
		curve = bytes
	}
	in := r.input.Input
	in.Files = r.files.Len()
	in.UniqueChunks = r.stack.UniqueChunks()
	in.Skipped, in.Torn, in.Late, in.Damaged = stats.Skipped, stats.Torn, stats.Late, stats.Damaged
	in.Empty = r.sieve.empty
	rep := &Report{Input: in, Settings: r.opts.settings(), Log: stats, Curve: curve,
		Ceiling: ceiling(curve), Notes: r.notes(), Assumptions: r.assumptions(),
		Targets: make([]TargetResult, 0, len(r.opts.Targets)), Results: make([]Result, 0, len(r.opts.Capacities))}
	for _, t := range r.opts.Targets {
		rep.Targets = append(rep.Targets, target(curve, t))
	}
	after := r.residents()
	for i, c := range r.opts.Capacities {
		from := chunks
		if c.Unit == Bytes {
			from = bytes
			if bytes == nil { // no chunk at all: unknown sizes have been refused before
				from = &Curve{Unit: Bytes, scale: 1, totals: r.tally.totals}
			}
		}
		rep.Results = append(rep.Results, result(from, c, r.before[i], after[i], r.models.results(c)))
	}
	if r.roller != nil {
		rep.Rolling = r.roller.rolling(curve)
	}
	if r.audit != nil {
		rep.Audit = r.audit.report(r, stats)
	}
	return rep
}

// both returns a capacity of the curve in bytes and in chunks, nil where it can't be derived.
func (v *Curve) both(capacity int64) (bytes, chunks *int64) {
	switch {
	case v.Unit == Chunks && v.ChunkBytes == 0:
		return nil, &capacity
	case v.Unit == Bytes && v.ChunkBytes == 0:
		return &capacity, nil
	case v.Unit == Bytes:
		n := capacity / v.ChunkBytes
		return &capacity, &n
	}
	if capacity > math.MaxInt64/v.ChunkBytes {
		return nil, &capacity
	}
	n := capacity * v.ChunkBytes
	return &n, &capacity
}

func ceiling(curve *Curve) Ceiling {
	hits := curve.ceilingTokens()
	c := Ceiling{HitTokens: hits, TokenHitRate: rate(hits, curve.totals.tokens)}
	capacity, _ := curve.Reach(hits)
	c.CapacityBytes, c.CapacityChunks = curve.both(capacity)
	return c
}

// target finds the smallest capacity that reaches a target.
func target(curve *Curve, t Target) TargetResult {
	out := TargetResult{Target: t.String()}
	ceiling := curve.ceilingTokens()
	capacity, ok := curve.Reach(t.hitTokens(curve.totals.tokens, ceiling))
	if !ok {
		out.TokenHitRate = rate(ceiling, curve.totals.tokens)
		return out
	}
	out.Reachable = true
	out.TokenHitRate = curve.At(capacity).TokenHitRate()
	out.CapacityBytes, out.CapacityChunks = curve.both(capacity)
	return out
}

// result reads the curve at one capacity, which is in the curve's unit or unlimited. before and after are the resident
// chunks at the start and at the end of the counted part.
func result(curve *Curve, c Capacity, before, after int64, models []ModelResult) Result {
	at := int64(math.MaxInt64)
	var out Result
	if c.Unit != Unlimited {
		at = c.N
		out.CapacityBytes, out.CapacityChunks = curve.both(at)
	}
	f := curve.At(at)
	out.HitTokens, out.TotalTokens, out.CacheableTokens = f.HitTokens, f.TotalTokens, f.CacheableTokens
	out.TokenHitRate, out.CacheableTokenHitRate = f.TokenHitRate(), f.CacheableTokenHitRate()
	out.ChunkHits, out.ChunkLookups, out.ChunkHitRate = f.ChunkHits, f.ChunkLookups, f.ChunkHitRate()
	out.Evictions = f.ChunkLookups - f.ChunkHits + before - after
	out.ResidentChunks = after
	out.MissTokens = f.Miss
	out.Models = models
	return out
}
