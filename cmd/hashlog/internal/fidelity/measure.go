package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"time"

	"golang.org/x/sync/errgroup"

	"hashlog/analyze/units"
)

// session measures.
type session struct {
	log      *workload
	trials   []trial
	versions map[string]string // by program
	results  []result          // of the trials
}

// measure replays a log on every server that is installed, at every capacity. Those that need the time of the log run side by
// side; those that learn it from the client follow, one after another. At the log's own pace none needs to be told.
func measure(ctx context.Context, opts *options, w *workload, stderr io.Writer) ([]result, error) {
	s := &session{log: w, versions: map[string]string{}}
	for _, k := range opts.servers {
		version, err := versionOf(k.program)
		if errors.Is(err, exec.ErrNotFound) {
			fmt.Fprintf(stderr, "without %s: %s is not installed\n", k.preset, k.program)
			continue
		}
		if err != nil {
			return nil, err
		}
		s.versions[k.program] = version
		for _, capacity := range opts.capacities {
			s.trials = append(s.trials, newTrial(k, capacity, opts))
		}
	}
	s.results = make([]result, len(s.trials))
	fmt.Fprintf(stderr, "%s, side by side in %s\n", units.Count(int64(len(s.trials)), "replay"), w.span(opts.faster))
	if err := s.paced(ctx); err != nil {
		return nil, err
	}
	return s.results, s.timed(ctx)
}

// span returns how long a replay takes.
func (w *workload) span(faster float64) time.Duration {
	seconds := (w.last() - w.requests[0].time) / faster
	return time.Duration(seconds * float64(time.Second)).Round(time.Second)
}

// newTrial returns a replay as the flags want it.
func newTrial(k kind, capacity int, opts *options) trial {
	t := trial{k, capacity, opts.order, opts.faster, k.timed && opts.faster != 1}
	if t.timed {
		t.faster = math.Inf(1)
	}
	return t
}

// paced runs the trials that need the time of the log.
func (s *session) paced(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	for i, t := range s.trials {
		if !t.timed {
			group.Go(func() error { return s.run(ctx, i) })
		}
	}
	return group.Wait()
}

// timed runs the others.
func (s *session) timed(ctx context.Context) error {
	for i, t := range s.trials {
		if !t.timed {
			continue
		}
		if err := s.run(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// run runs a trial.
func (s *session) run(ctx context.Context, i int) error {
	t := s.trials[i]
	r, err := t.run(ctx, s.log)
	r.Server += " " + s.versions[t.kind.program]
	s.results[i] = r
	return err
}
