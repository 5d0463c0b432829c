package analyze

import "fmt"

// OtherLogsError says that a comparison was made of other logs, or of other parts of them, than a report.
type OtherLogsError struct{ Compared, Reported int64 }

func (e *OtherLogsError) Error() string {
	return fmt.Sprintf("the comparison covers %d tokens, and the report %d: they are of different logs, or of different parts of them", e.Compared, e.Reported)
}

// SplitMisses fills in the bottlenecks of all caches at each capacity of a table, from the report's ceiling. Where the table
// lacks the optimum, the bound is the ceiling. It fails with an [*OtherLogsError] if the table was made of other logs.
func (r *Report) SplitMisses(t *ComparedTable) error {
	total := r.Curve.totals.tokens
	if t.TotalTokens != total {
		return &OtherLogsError{t.TotalTokens, total}
	}
	for i := range t.Capacities {
		at := &t.Capacities[i]
		at.Bottlenecks = at.split(total, r.Ceiling.HitTokens)
	}
	return nil
}

// split returns the bottlenecks of all caches that don't know the future.
func (c *ComparedCapacity) split(total, ceiling int64) []Bottleneck {
	best := c.Best()
	if best == nil {
		return nil
	}
	bound, feasible := ceiling, best.HitTokens
	for _, r := range c.Caches {
		switch r.Cache {
		case OptBound:
			bound = r.HitTokens
		case OptFeasible:
			feasible = r.HitTokens
		}
	}
	var out []Bottleneck
	for _, r := range c.Caches {
		if r.TouchOrder == nil {
			continue
		}
		b := Bottleneck{Cache: r.Cache, CapacityBytes: r.CapacityBytes, CapacityChunks: r.CapacityChunks, HitTokens: r.HitTokens, CeilingTokens: ceiling,
			Best: best.Cache, BestHitTokens: best.HitTokens, TrafficTokens: total - ceiling, CapacityTokens: ceiling - bound,
			UndecidedTokens: bound - feasible, ForesightTokens: feasible - best.HitTokens, PolicyTokens: best.HitTokens - r.HitTokens}
		b.Bottleneck = b.culprit()
		out = append(out, b)
	}
	return out
}
