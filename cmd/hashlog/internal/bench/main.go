// Command bench measures the whole program from outside, against the system's own tools. It prints a table of the figures,
// the bar that each must meet and the aim beyond. It makes its own logs, in bench-data/. Run it from the project's root:
//
//	make bench        # or: go run ./cmd/hashlog/internal/bench -runs 9 -rows '^everything|^memory'
//	make bench-large  # 200 M lookups, 5 GB of logs
//	make bench-data   # the logs alone
//
// The commands of a comparison run alternately, A B A B …, after an uncounted round that brings the logs into the page
// cache. A figure is made from the medians of the runs; its spread is from the smallest to the largest figure of a single
// round. Times are wall-clock times of whole processes, start and end included.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/exit"
)

// errMissed says that a bar was missed. The table shows which.
var errMissed = errors.New("a bar was missed")

// options are the flags.
type options struct {
	hashlog   string         // the program to measure
	runs      int            // of each command
	rows      *regexp.Regexp // rows to measure, by key
	reference string         // folder of the reference conversation, "" where there is none
	large     bool
	data      bool // make the logs and stop
	json      bool
	strict    bool
}

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program. It returns the exit status: 0 done, 1 failed, or a bar missed under -strict, 2 wrong usage,
// 130 interrupted.
func run(args []string, stdout, stderr io.Writer) int {
	var opts *options
	parse := func() (err error) {
		opts, err = parseFlags(args, stderr)
		return err
	}
	return exit.Status("bench", stderr, parse, func(ctx context.Context) error { return bench(ctx, opts, stdout, stderr) })
}

func parseFlags(args []string, stderr io.Writer) (*options, error) {
	opts := &options{rows: regexp.MustCompile("")}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&opts.hashlog, "hashlog", "bin/hashlog", "the `program` to measure")
	flags.IntVar(&opts.runs, "runs", 5, "how often to run each command")
	flags.Func("rows", "measure the rows whose key matches this `regexp` (-json prints the keys)", func(s string) (err error) {
		opts.rows, err = regexp.Compile(s)
		return err
	})
	flags.StringVar(&opts.reference, "reference", os.Getenv("REFERENCE"), "`folder` of the reference conversation (default $REFERENCE)")
	flags.BoolVar(&opts.large, "large", false, "measure 200 M lookups too, which takes 5 GB of disk")
	flags.BoolVar(&opts.data, "data", false, "make the logs and stop")
	flags.BoolVar(&opts.json, "json", false, "print JSON, every run included")
	flags.BoolVar(&opts.strict, "strict", false, "exit with status 1 if a bar is missed")
	err := flags.Parse(args)
	if err == nil && (flags.NArg() > 0 || opts.runs < 1) {
		err = errors.New("bench takes only flags, and -runs must be at least 1")
		fmt.Fprintln(stderr, err)
	}
	return opts, err
}

// bench makes the logs, measures and prints.
func bench(ctx context.Context, opts *options, stdout, stderr io.Writer) error {
	program, err := filepath.Abs(opts.hashlog)
	if err != nil {
		return err
	}
	if _, err := os.Stat(program); err != nil {
		return fmt.Errorf("%w: run make build first", err)
	}
	lab := &lab{dir: dataDir, hashlog: program, runs: opts.runs, progress: stderr}
	if opts.data {
		return lab.makeAll(ctx, opts.large)
	}
	var outcomes []outcome
	for _, h := range heats(opts) {
		of, err := lab.measure(ctx, h, opts.rows)
		if err != nil {
			return err
		}
		outcomes = append(outcomes, of...)
	}
	if err := show(stdout, opts, machine(ctx, program), outcomes); err != nil {
		return err
	}
	if opts.strict && missed(outcomes) {
		return errMissed
	}
	return nil
}

// show prints the figures and the machine.
func show(stdout io.Writer, opts *options, where facts, outcomes []outcome) error {
	if opts.json {
		out := json.NewEncoder(stdout)
		out.SetIndent("", "  ")
		out.SetEscapeHTML(false)
		return out.Encode(map[string]any{"machine": where, "runs": opts.runs, "rows": outcomes})
	}
	_, err := fmt.Fprintf(stdout, "%s%s of each command, in turn, after one that counts for nothing\n\n%s", where, units.Count(int64(opts.runs), "run"), table(outcomes))
	return err
}
