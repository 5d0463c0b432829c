package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"time"

	"golang.org/x/sync/errgroup"
)

// measure replays a log on every server at every capacity. Those that need its time run side by side; then those that learn it
// from the client, one after another. At the log's own pace all run side by side.
func measure(ctx context.Context, opts *options, w *workload, stderr io.Writer) ([]result, error) {
	var trials []trial
	for _, k := range opts.servers {
		for _, capacity := range opts.capacities {
			t := trial{k, capacity, opts.order, opts.faster, k.timed && opts.faster != 1}
			if t.timed {
				t.faster = math.Inf(1)
			}
			trials = append(trials, t)
		}
	}
	took := time.Duration((w.last() - w.requests[0].time) / opts.faster * float64(time.Second))
	fmt.Fprintf(stderr, "%d servers in about %s\n", len(trials), took.Round(time.Second))
	versions := map[string]string{}
	for _, k := range opts.servers {
		version, err := versionOf(k.program)
		if err != nil {
			return nil, err
		}
		versions[k.program] = version
	}
	results := make([]result, len(trials))
	one := func(ctx context.Context, i int) error {
		out, pace, err := trials[i].run(ctx, w)
		if err == nil {
			results[i] = trials[i].result(out, pace, versions[trials[i].kind.program])
		}
		return err
	}
	all, paced := errgroup.WithContext(ctx)
	for i, t := range trials {
		if !t.timed {
			all.Go(func() error { return one(paced, i) })
		}
	}
	if err := all.Wait(); err != nil {
		return nil, err
	}
	for i, t := range trials {
		if !t.timed {
			continue
		}
		if err := one(ctx, i); err != nil {
			return nil, err
		}
	}
	return results, nil
}
