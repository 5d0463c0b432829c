package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/page"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/log"
	"hashlog/log/s3"
)

// Bounds of what a page holds.
const (
	maxReported       = 40   // --capacity: each is a stop of the slider, and a line of a chart
	maxReportedPoints = 1000 // --points: each is a row of capacity.csv
)

// reportFlags are the flags of report.
type reportFlags struct {
	plotFlags
	title   string
	compare string // folder of caches.csv
}

func newReportCommand(env *env) *cobra.Command {
	var r reportFlags
	cmd := &cobra.Command{
		Use:   "report LOGS… -o FILE.html",
		Short: "Write one page with the answer, the charts and the tables",
		Long: `report replays the logs once (twice for a cache that evicts in batches) and
writes one HTML file that needs no server and no network: send it, open it.

On top it says what the capacities give, what the targets need and what limits
the hit rate. Below are interactive charts: hit rate against capacity, over
time, by kind of miss and by class of requests, and tables to sort, copy and
save as CSV. A slider sets the capacity that the page shows, one of --capacity.
Without JavaScript, and in print, every chart is a picture.

--compare adds what hashlog compare -o DIR has found out about other caches, of
the same logs.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
DURATION is 90s, 30m, 1h30m or 7d.
An existing file is replaced, unless it is one of the logs.
` + exitHelp,
		Example: `  hashlog report /var/log/lmcache -o report.html
  hashlog report /var/log/lmcache -o report.html --title "Cluster A, May" \
      --capacity 64GiB,256GiB,1TiB --target 80%
  hashlog compare /var/log/lmcache --capacity 256GiB -o compared
  hashlog report /var/log/lmcache -o report.html --compare compared`,
		Args: usageArgs(r.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReport(cmd.Context(), env, &r, args)
		},
	}
	r.addFlags(cmd, env.now)
	return cmd
}

func (r *reportFlags) addFlags(cmd *cobra.Command, now time.Time) {
	flags := cmd.Flags()
	addOutput(flags, &r.output, "file to write, such as report.html").file().kind = "FILE"
	flags.Var(parsed("TEXT", "", &r.title, func(s string) (string, error) { return s, nil }), "title", "heading of the page (default Token hit rate of a KV cache)")
	flags.Var(parsed("DIR", "", &r.compare, parseName).folder(), "compare", "folder with the caches.csv that hashlog compare has written of the same logs")
	r.addFigures(cmd, now)
	for _, name := range []string{"max-capacity", "state"} { // see check
		flags.Lookup(name).Hidden = true
	}
	flags.Lookup("to").Usage = "last capacity (default the first step that reaches the ceiling)"
	flags.Lookup("capacity").Usage = "capacities of the rolling lines (default powers of two near 50 % and 90 % of the ceiling, and inf)"
}

// check finds contradictions between flags, and asks for the figures of the page.
func (r *reportFlags) check(ctx context.Context, logs []string) error {
	for _, name := range []string{"max-capacity", "state"} {
		if r.given(name) {
			return usageError{fmt.Errorf("--%s: a page shows all requests and chunks, which are forgotten then: use hashlog plot --%s", name, name)}
		}
	}
	if err := r.applyFigures(); err != nil {
		return err
	}
	if err := r.grains.applyOne(&r.opts, "a page shows one granularity"); err != nil {
		return err
	}
	if n := len(r.rolling.Capacities); n > maxReported {
		return usageError{fmt.Errorf("--capacity names %d capacities, and a page shows at most %d: name fewer", n, maxReported)}
	}
	if r.grid.Points > maxReportedPoints {
		return usageError{fmt.Errorf("--points %d: a page holds at most %d", r.grid.Points, maxReportedPoints)}
	}
	if r.output == "" {
		return usageError{errors.New("report needs a file to write to: -o report.html")}
	}
	if err := checkFile(r.output, "the page", "name another file"); err != nil {
		return err
	}
	r.outputs, r.outputKind = []string{r.output}, "file"
	o := &r.opts
	o.Capacities = r.rolling.Capacities
	if len(o.Targets) == 0 {
		o.Targets = []analyze.Target{defaultTarget}
		if slices.Contains(logs, "-") && o.TakesTargetPass() { // a stream can be read only once
			o.Targets = nil
		}
	}
	if len(o.By) == 0 {
		o.By = []analyze.Dimension{analyze.ByModel} // Requests tells prompt lengths apart
	}
	o.Heat, o.Stats, o.Requests, o.Reuse = true, true, true, true
	if err := r.by.check(o, ""); err != nil {
		return err
	}
	return r.commonFlags.check(ctx, logs)
}

// defaultTarget is what a page answers if no target is asked for.
var defaultTarget = func() analyze.Target {
	t, err := analyze.ParseTarget("90%ofceiling")
	if err != nil {
		panic(err)
	}
	return t
}()

func runReport(ctx context.Context, env *env, r *reportFlags, logs []string) error {
	if done, err := r.cache.describe(env.stdout); done {
		return err
	}
	if err := r.check(ctx, logs); err != nil {
		return err
	}
	if err := refuseSummaries(ctx, env, "report", logs); err != nil {
		return err
	}
	if r.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	compared, err := readCompared(ctx, r.compare)
	if err != nil {
		return err
	}
	file, path, err := newFile(r.output)
	if err != nil {
		return err
	}
	defer file.Abort()
	report, err := r.replay(ctx, env, logs, func(ctx context.Context, report *analyze.Report) error {
		if compared != nil {
			if err := report.SplitMisses(compared); err != nil {
				return fmt.Errorf("--compare %s: %w", log.Quoted(r.compare), err)
			}
		}
		return file.Write(ctx, atomicfile.File{Name: filepath.Base(path), Render: func(out io.Writer) error {
			return page.Write(out, report, page.Options{Title: r.title, Compared: compared})
		}})
	})
	if err != nil {
		return err
	}
	if err := file.Commit(ctx); err != nil {
		return err
	}
	if err := r.showReport(ctx, env, report); err != nil {
		printProblems(env.stderr, report.Log) // the file stands all the same
		return err
	}
	return finish(env, report.Log)
}

// comparedFile is the table that compare writes into its folder.
const comparedFile = "caches.csv"

// readCompared reads the comparison of a folder; nil if none is named.
func readCompared(ctx context.Context, dir string) (*analyze.ComparedTable, error) {
	if dir == "" {
		return nil, nil
	}
	path := inFolder(dir, comparedFile)
	f, err := openFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("--compare: %w (hashlog compare -o DIR writes it)", err)
	}
	defer f.Close()
	t, err := analyze.ReadCachesCSV(f, path)
	if err != nil {
		return nil, fmt.Errorf("--compare: %w", err)
	}
	return t, nil
}

// openFile opens a file or an object.
func openFile(ctx context.Context, path string) (io.ReadCloser, error) {
	if s3.Is(path) {
		f, err := s3.OpenObject(ctx, path)
		if err != nil {
			return nil, err // not a nil *Reader
		}
		return f, nil
	}
	return os.Open(path)
}

// showReport prints what was replayed and the name of the file, or the figures as JSON.
func (r *reportFlags) showReport(ctx context.Context, env *env, report *analyze.Report) error {
	return showSummary(ctx, env, r.json, func(out io.Writer) error {
		if r.json {
			return analyze.WriteJSON(out, report)
		}
		inputText(out, report.Input)
		ceilingText(out, report)
		kneeText(out, report)
		targetsText(out, report)
		leftOutText(out, report.Input)
		remarksText(out, report, r.remarks)
		fmt.Fprintf(out, "%s holds the page\n", log.Quoted(r.output))
		return nil
	})
}
