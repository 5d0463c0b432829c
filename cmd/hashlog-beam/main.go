// Command hashlog-beam tells what the caches of many nodes hit, each by itself and as one pool, in a pipeline of Apache Beam. README.md
// says how, and package job what the pipeline does.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/apache/beam/sdks/v2/go/pkg/beam"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/exec/optimized"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/runners"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/dataflow"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/flink"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/prism"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/runners/universal"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog-beam/internal/job"
	"hashlog/cmd/hashlog-beam/internal/store"
)

func main() { os.Exit(run(flag.CommandLine, os.Args[1:], os.Stdout, os.Stderr)) }

// Exit statuses, which are those of hashlog.
const (
	statusFailed  = 1
	statusUsage   = 2
	statusPartial = 3 // done, but part of the logs was unusable

	statusInterrupted = 130
)

// usageError is the error of a command line that makes no sense.
type usageError struct{ error }

var errPartial = errors.New("part of the logs was unusable")

// run runs a command line, to whose flags it adds its own. In a worker that a runner has started, it doesn't return.
func run(set *flag.FlagSet, args []string, stdout, stderr io.Writer) int {
	var f flags
	err := f.parse(set, args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stdout, usage)
		return 0
	case err != nil:
		return status(stderr, usageError{err})
	case f.beamHelp:
		set.SetOutput(stdout)
		set.PrintDefaults()
		return 0
	}
	beam.Init()
	if !f.verbose { // the error of a job has all that matters
		slog.SetDefault(slog.New(slog.DiscardHandler))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return status(stderr, f.run(ctx, stdout, stderr))
}

// status prints an error, and returns the status of the process.
func status(stderr io.Writer, err error) int {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errPartial):
		return statusPartial
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "hashlog-beam: interrupted; the same command goes on from here")
		return statusInterrupted
	}
	fmt.Fprintf(stderr, "hashlog-beam: %v\n", err)
	if errors.As(err, new(usageError)) {
		fmt.Fprintln(stderr, "hashlog-beam --help lists the flags")
		return statusUsage
	}
	return statusFailed
}

// run plans the job, runs it and says what it met.
func (f *flags) run(ctx context.Context, stdout, stderr io.Writer) error {
	if err := f.check(); err != nil {
		return usageError{err}
	}
	work, err := store.Open(ctx, f.work)
	if err != nil {
		return err
	}
	defer work.Close()
	plan, name, err := f.plan(ctx, work, stderr)
	if err != nil {
		return err
	}
	p, s := beam.NewPipelineWithRoot()
	job.Build(s, plan, name, f.work)
	if _, err := beam.Run(ctx, f.runner(), p); err != nil {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case f.verbose:
			return err
		}
		return errors.New(cause(err.Error()))
	}
	met, err := job.ReadMet(ctx, work, name)
	if *jobopts.Async || errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(stdout, "the job is submitted; it writes into %s\n", f.output)
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "%s in %s: %s, %s, %s and %s in %s\n", units.Count(int64(len(plan.Nodes)), "node"), units.Count(int64(len(plan.Cuts)+1), "part"), job.TableFile, job.PooledFile, job.ApartFile, job.NodesDir, f.output)
	return tell(stderr, met)
}

// plan finds out what there is to do, and saves it where workers find it.
func (f *flags) plan(ctx context.Context, work store.Folder, stderr io.Writer) (_ *job.Plan, name string, err error) {
	settings, err := job.NewSettings(f.opts, f.maxPool)
	if err != nil {
		return nil, "", usageError{err}
	}
	plan, notes, err := job.NewPlan(ctx, f.logs, f.cuts, settings, f.output)
	if err != nil {
		return nil, "", err
	}
	for _, note := range notes {
		fmt.Fprintln(stderr, "note:", note)
	}
	out, err := store.Open(ctx, f.output)
	if err != nil {
		return nil, "", err
	}
	defer out.Close()
	if err := out.Check(ctx); err != nil {
		return nil, "", err
	}
	name, err = plan.Save(ctx, work)
	return plan, name, err
}

// runner returns the name of the runner.
func (f *flags) runner() string {
	if *runners.Runner == "" {
		return "prism"
	}
	return *runners.Runner
}

// tell prints what a job met. It returns errPartial if part of the logs was unusable.
func tell(stderr io.Writer, met *job.Met) error {
	for _, note := range met.Notes {
		fmt.Fprintln(stderr, "note:", note)
	}
	if met.Count() == 0 {
		return nil
	}
	for _, p := range met.Problems {
		fmt.Fprintln(stderr, p)
	}
	if more := met.Count() - int64(len(met.Problems)); more > 0 {
		fmt.Fprintf(stderr, "… and %d more\n", more)
	}
	fmt.Fprintf(stderr, "hashlog-beam: done, but part of the input was unusable: %d skipped, %d late, %d damaged\n", met.Skipped, met.Late, met.Damaged)
	return errPartial
}
