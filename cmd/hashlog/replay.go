package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// replay finds the logs and replays them, with progress. Everything that can be said about the command line has been
// checked.
func (c *commonFlags) replay(ctx context.Context, env *env, logs []string) (*analyze.Report, error) {
	files, err := log.Find(ctx, logs, env.stdin)
	if err != nil {
		return nil, err
	}
	if err := c.checkWarmup(files.Streams()); err != nil {
		return nil, err
	}
	opts := c.opts
	bar := &progress.Bar{}
	if !c.quiet {
		bar = progress.New(env.stderr)
	}
	opts.OnPass = func(what string, r *log.Reader) { bar.Start(what, r.Progress) }
	report, err := analyze.Run(ctx, files, opts)
	bar.Stop()
	var nothing *analyze.NothingError
	if errors.As(err, &nothing) {
		locate(env.stderr, nothing.Log)
	}
	return report, err
}

// locate prints where the input was bad: the first problems, and how many there are.
func locate(w io.Writer, stats log.Stats) {
	for _, p := range stats.Problems {
		fmt.Fprintln(w, p.String())
	}
	if more := stats.ProblemCount - int64(len(stats.Problems)); more > 0 {
		fmt.Fprintf(w, "… and %d more\n", more)
	}
}

// finish reports on stderr what was wrong with the input, and says so with its error.
func finish(env *env, stats log.Stats) error {
	if stats.ProblemCount == 0 {
		return nil
	}
	locate(env.stderr, stats)
	fmt.Fprintf(env.stderr, "hashlog: done, but part of the input was not usable: %d skipped, %d late, %d damaged\n",
		stats.Skipped, stats.Late, stats.Damaged)
	return errPartial
}

// show writes a whole output at once, so that an error of the stream is not lost.
func show(w io.Writer, render func(*bytes.Buffer) error) error {
	var out bytes.Buffer
	if err := render(&out); err != nil {
		return err
	}
	if _, err := w.Write(out.Bytes()); err != nil {
		return fmt.Errorf("writing the output: %w", err)
	}
	return nil
}

// writeJSON renders a value as indented JSON.
func writeJSON(out io.Writer, v any) error {
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
