package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/memory"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// replay finds the logs, replays them with a progress bar and within the memory limit, and passes the report to output, which
// is subject to the same limit. A summary that stands in the place of logs is read instead. The command line has been checked.
func (c *commonFlags) replay(ctx context.Context, env *env, logs []string, output func(context.Context, *analyze.Report) error) (*analyze.Report, error) {
	if c.state != nil {
		return c.replayState(ctx, env, logs, output)
	}
	if c.input != nil {
		return c.within(ctx, env, func(_ context.Context, opts analyze.Options, bar *progress.Bar) (*analyze.Report, error) {
			return c.reportSummary(opts, bar)
		}, output)
	}
	run := func(ctx context.Context, files *log.Files, opts analyze.Options, _ *progress.Bar) (*analyze.Report, error) {
		return analyze.Run(ctx, files, opts)
	}
	return c.replayBy(ctx, env, logs, run, output)
}

// replayBy is replay with another function in the place of [analyze.Run].
func (c *commonFlags) replayBy(ctx context.Context, env *env, logs []string,
	run func(context.Context, *log.Files, analyze.Options, *progress.Bar) (*analyze.Report, error), output func(context.Context, *analyze.Report) error) (*analyze.Report, error) {
	files, err := c.find(ctx, env, logs)
	if err != nil {
		return nil, err
	}
	return c.within(ctx, env, func(ctx context.Context, opts analyze.Options, bar *progress.Bar) (*analyze.Report, error) {
		return run(ctx, files, opts, bar)
	}, output)
}

// find finds the logs, and makes sure that the outputs destroy none of them.
func (c *commonFlags) find(ctx context.Context, env *env, logs []string) (*log.Files, error) {
	files, err := log.Find(ctx, logs, env.stdin)
	if err != nil {
		return nil, err
	}
	if err := c.checkStreams(files.Streams()); err != nil {
		return nil, err
	}
	return files, refuseOverwriting(env, logs, files, cmp.Or(c.outputKind, "folder"), c.outputs...)
}

// within makes a report with a progress bar and within the memory limit, and passes it to output.
func (c *commonFlags) within(ctx context.Context, env *env,
	run func(context.Context, analyze.Options, *progress.Bar) (*analyze.Report, error), output func(context.Context, *analyze.Report) error) (*analyze.Report, error) {
	var report *analyze.Report
	err := c.watched(ctx, env, func(ctx context.Context, opts analyze.Options, bar *progress.Bar, bounds *memoryBounds) (err error) {
		if report, err = run(ctx, opts, bar); err != nil {
			return err
		}
		bar.Stop()
		bounds.replayed.Store(true)
		explainNotes(report)
		return output(ctx, report)
	})
	if err != nil {
		return nil, err
	}
	return report, nil
}

// watched does a piece of work with a progress bar and within the memory limit.
func (c *commonFlags) watched(ctx context.Context, env *env, work func(context.Context, analyze.Options, *progress.Bar, *memoryBounds) error) error {
	bar := c.bar(env)
	defer bar.Stop()
	bounds := c.memoryBounds(env.machine)
	watched, stop := bounds.watch(ctx, bar)
	defer stop()
	if c.opts.MaxCapacity != (units.Capacity{}) { // memory follows the capacity, not the log
		defer memory.CollectOften()()
	}
	opts := c.opts
	opts.Formats, opts.Blocks = c.format.opts.Formats(), c.format.blocks()
	opts.OnPass = func(what string, r *log.Reader) {
		bounds.reader.Store(r)
		bar.Start(what, r.Progress)
	}
	_, err := await(watched, func() (struct{}, error) { return struct{}{}, work(watched, opts, bar, bounds) })
	var nothing *analyze.NothingError
	if errors.As(err, &nothing) {
		bar.Stop()
		printProblems(env.stderr, nothing.Log)
	}
	var beyond *analyze.BeyondError
	if errors.As(err, &beyond) { // only the logs tell how capacities in bytes and in chunks compare
		err = usageError{err}
	}
	var held *analyze.NotHeldError
	if errors.As(err, &held) { // only a state tells the capacities of its caches
		err = usageError{fmt.Errorf("--capacity: %w", err)}
	}
	if err != nil {
		return bounds.cause(watched, err)
	}
	return nil
}

// bar returns a progress bar, which shows nothing under --quiet.
func (c *commonFlags) bar(env *env) *progress.Bar {
	if c.quiet {
		return &progress.Bar{}
	}
	return progress.New(env.stderr)
}

// printProblems prints where the input was bad: the first problems, and the number of the others.
func printProblems(w io.Writer, stats log.Stats) {
	for _, p := range stats.Problems {
		fmt.Fprintln(w, p.String())
	}
	if more := stats.ProblemCount - int64(len(stats.Problems)); more > 0 {
		fmt.Fprintf(w, "… and %d more\n", more)
	}
}

// finish reports on stderr what was wrong with the input. It returns errPartial if anything was.
func finish(env *env, stats log.Stats) error {
	if stats.ProblemCount == 0 {
		return nil
	}
	printProblems(env.stderr, stats)
	fmt.Fprintf(env.stderr, "hashlog: done, but part of the input was unusable: %d skipped, %d late, %d damaged\n",
		stats.Skipped, stats.Late, stats.Damaged)
	return errPartial
}

// writeJSON renders a value as indented JSON.
func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
