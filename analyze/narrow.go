package analyze

import (
	"context"
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
)

// TakesTargetPass reports whether Run replays the logs once more to narrow targets. It does so if the cache evicts in batches:
// the table then has an upper bound for a target, and the capacities between that and the one before are simulated too.
func (o *Options) TakesTargetPass() bool { return o.Cache.simulated() && len(o.Targets) > 0 }

// narrowing is how close the capacities lie among which a target is looked for.
const narrowing = 1.01

// narrowDigits is how many significant digits they have.
const narrowDigits = 4

// bracket is where the answer to a target lies.
type bracket struct {
	want  int64   // hit tokens
	tried []int64 // capacities between the one of the table that reaches the target and the one before, rising
}

// narrowTargets looks for smaller capacities that reach the targets of a report, in another pass.
func narrowTargets(ctx context.Context, files *log.Files, opts *Options, warmup int64, rep *Report) error {
	brackets := make([]bracket, len(opts.Targets))
	again := opts.withoutOutput()
	for i, t := range opts.Targets {
		brackets[i] = rep.Table.bracket(t.hitTokens(rep.Curve.totals.tokens, rep.Curve.ceilingTokens()))
		for _, c := range brackets[i].tried {
			again.Capacities = append(again.Capacities, units.Capacity{N: c, Unit: rep.Table.Unit})
		}
	}
	if len(again.Capacities) == 0 {
		return nil
	}
	narrow, err := replayOnce(ctx, files, &again, "narrowing the targets", warmup, &followed{})
	if err != nil {
		return err
	}
	results := narrow.Results
	for i, b := range brackets {
		rep.Targets[i].narrow(rep.Table.curve, b, results[:len(b.tried)])
		results = results[len(b.tried):]
	}
	return nil
}

// bracket returns the capacities to try for so many hit tokens: none if no capacity of the table reaches them, or the first one
// does.
func (t *Table) bracket(want int64) bracket {
	for i, f := range t.Figures {
		switch {
		case f.HitTokens < want:
		case i == 0:
			return bracket{}
		default:
			below, reached := t.Capacities[i-1], t.Capacities[i]
			n := math.Ceil(math.Log(float64(reached)/float64(below)) / math.Log(narrowing))
			list := spaced(below, reached, int(n), narrowDigits)
			return bracket{want, list[1 : len(list)-1]}
		}
	}
	return bracket{}
}

// narrow sets the answer to the first capacity tried that reaches the target, if one does.
func (r *TargetResult) narrow(curve *Curve, b bracket, results []Result) {
	for i, result := range results {
		if result.HitTokens >= b.want {
			r.TokenHitRate = result.TokenHitRate
			r.CapacityBytes, r.CapacityChunks = curve.both(b.tried[i])
			return
		}
	}
}

// withoutOutput returns the same options for a pass of which nothing is reported but a plain curve.
func (o *Options) withoutOutput() Options {
	out := *o
	out.Capacities, out.Targets, out.Grid, out.Rolling, out.Tiers, out.TTLs = nil, nil, nil, nil, nil, nil
	out.By, out.Models, out.LengthClasses, out.TimeZone, out.Granularities = nil, false, nil, nil, nil
	out.Heat, out.Stats, out.Requests, out.Reuse, out.Audit, out.OnRow, out.OnHits = false, false, false, false, false, nil, nil
	return out
}
