package main

import (
	"context"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// seeds is how many times a model that draws random numbers is replayed.
const seeds = 20

// predict returns the token hit rate of a cache of so many chunks, on average over a few seeds if it draws random numbers. times are
// those of the requests, in seconds since the Unix epoch.
func predict(ctx context.Context, w *workload, spec policy.Spec, chunks float64, order sim.Order, times []float64) (float64, error) {
	trace, total := w.trace(times)
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

// trace returns the log with other times, and its tokens.
func (w *workload) trace(times []float64) (trace *policy.Trace, tokens int64) {
	trace = new(policy.Trace)
	var rows []sim.Row
	for i, q := range w.requests {
		rows = rows[:0]
		for _, id := range q.chunks {
			rows = append(rows, sim.Row{First: id, N: 1})
		}
		trace.Add(policy.Request{Rows: rows, Time: times[i], Unit: q.unit, Limit: q.tokens, Counted: true})
		tokens += q.tokens
	}
	return trace, tokens
}
