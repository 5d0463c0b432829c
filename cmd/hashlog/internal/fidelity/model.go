package main

import (
	"context"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// seeds is how many times a model that draws random numbers is replayed.
const seeds = 10

// predict returns the token hit rate of a cache of so many chunks, on average over a few seeds if it draws random numbers.
func predict(ctx context.Context, w *workload, spec policy.Spec, chunks float64, order sim.Order, c clock) (float64, error) {
	trace, total := w.trace(c)
	capacity := policy.Capacity{N: int64(chunks + .5)}
	all := spec.Seeds(seeds)
	var hit int64
	for _, spec := range all {
		r, err := trace.Replay(ctx, spec, capacity, order)
		if err != nil {
			return 0, err
		}
		hit += r.Hit
	}
	return float64(hit) / float64(total) / float64(len(all)), nil
}

// trace returns the log with the times of a cache, and its tokens.
func (w *workload) trace(c clock) (trace *policy.Trace, tokens int64) {
	trace = new(policy.Trace)
	var rows []sim.Row
	for _, q := range w.requests {
		rows = rows[:0]
		for _, id := range q.chunks {
			rows = append(rows, sim.Row{First: id, N: 1})
		}
		trace.Add(policy.Request{Rows: rows, Time: c.at(q.time), Unit: q.unit, Limit: q.tokens, Counted: true})
		tokens += q.tokens
	}
	return trace, tokens
}
