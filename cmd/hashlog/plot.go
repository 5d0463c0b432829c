package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
)

// maxPoints bounds --points. Each is a row of CSV.
const maxPoints = 1_000_000

// plotFlags are the flags of plot.
type plotFlags struct {
	commonFlags
	cache   cacheFlags
	tiers   tierFlags
	by      byFlags
	grains  granularityFlags
	output  string
	charts  []string // names in plottedCharts, or allCharts; none: those that the other flags call for
	leftOut []string // names of charts
	formats []chart.Format
	grid    analyze.GridOptions
	rolling analyze.RollingOptions
}

func newPlotCommand(env *env) *cobra.Command {
	var p plotFlags
	cmd := &cobra.Command{
		Use:   "plot LOGS… -o DIR",
		Short: "Plot hit rate against capacity and over time, as pictures and CSV",
		Long: `plot replays the logs once (more often for a cache that evicts in batches:
before, to find the capacities; after, to narrow a --target) and writes into DIR
a picture and a table for each chart, such as capacity.png and capacity.csv:

  capacity  token hit rate against capacity: exact, or for a cache that evicts
            in batches at a grid of capacities
  rolling   token hit rate over time, at several capacities
  misses    why tokens miss, against capacity: what memory can buy, and what not
  gain      the points that a doubling of the capacity gains (with --linear:
            another 64 GiB), and the knee, beyond which it gains less than one
  models    token hit rate against capacity, by model
  heat      token hit rate by time and capacity
  requests  what single requests hit, and those of each prompt length
  reuse     how often and how soon chunks are looked up again
  tiers     what each of --tiers serves over time, and how busy it is
  ttl       token hit rate by TTL, with several --ttl
  by        token hit rate against capacity, by class of requests, with
            --by length,…: by-length.png and so on, and by.csv
  granularity  token hit rate against capacity, with several --match-unit or
            --rechunk: which chunk size to run

plot.json says what was replayed and how, the ceiling, and the files of this
run. It is written last, so where it exists they are complete.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too. A summary (hashlog map) may stand in their
place.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
DURATION is 90s, 30m, 1h30m or 7d.
` + exitHelp,
		Example: `  hashlog plot /var/log/lmcache -o report
  hashlog plot /var/log/lmcache -o report --target 80% --format png,svg
  hashlog plot /var/log/lmcache -o report --cache lmcache-server
  hashlog plot /var/log/lmcache -o report --by length,turn
  hashlog plot /var/log/lmcache -o report --charts misses,gain
  hashlog plot /var/log/lmcache -o report --tiers dram=512GiB,ssd=4TiB \
      --tier-bandwidth ssd=6GiB/s
  hashlog plot /var/log/lmcache -o report --window 1h --capacity 1TiB,inf \
      --since 2024-03-31`,
		Args: usageArgs(p.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runPlot(cmd.Context(), env, &p, args)
		},
	}
	p.addFlags(cmd, env.now)
	return cmd
}

func (p *plotFlags) addFlags(cmd *cobra.Command, now time.Time) {
	flags := cmd.Flags()
	addOutput(flags, &p.output, "folder to write to, created if it does not exist")
	flags.Var(listed("CHART[,...]", &p.charts, parseChart).among(append(chartNames(), allCharts)...), "charts", "charts to draw; all: every one that the flags allow, and models if there are several (default capacity, rolling, misses, gain, and those that other flags call for: tiers, ttl, by, granularity, and heat if --capacity names more than six)")
	flags.Var(listed("FORMAT[,...]", &p.formats, parsePicture).among("png", "svg", "pdf"), "format", "formats of the pictures: png, svg, pdf (default png)")
	p.addFigures(cmd, now)
}

// addFigures adds the flags that say which figures to make, and of what.
func (p *plotFlags) addFigures(cmd *cobra.Command, now time.Time) {
	flags := cmd.Flags()
	flags.Var(parsed("N", strconv.Itoa(analyze.DefaultPoints), &p.grid.Points, parsePoints), "points", "maximum rows of capacity.csv; by default eight capacities per octave, fewer if that is more rows, at steps that are the same for every log; each takes time if the cache evicts in batches")
	flags.Var(parsed("SIZE", "", &p.grid.From, units.ParseCapacity), "from", "first capacity (default the last step with at most 1 % of the hits at the ceiling)")
	flags.Var(parsed("SIZE", "", &p.grid.To, units.ParseCapacity), "to", "last capacity (default the first step that reaches the ceiling, or --max-capacity)")
	flags.BoolVar(&p.grid.Linear, "linear", false, "space the capacities evenly, in the CSV and the picture")
	flags.Var(parsed("DURATION", "", &p.rolling.Window, parseWindow), "window", "length of a rolling window (default the shortest that gives at most 200 windows)")
	addCapacity(cmd, &p.rolling.Capacities, "capacities of the rolling lines (default powers of two near 50 % and 90 % of the ceiling, and inf; with --max-capacity of the hits there, and that)")
	addTarget(cmd, &p.opts.Targets)
	addMaxCapacity(flags, &p.opts.MaxCapacity)
	addState(flags, &p.statePath)
	p.cache.add(flags)
	p.tiers.add(flags)
	p.by.add(flags)
	p.grains.add(flags)
	p.commonFlags.add(flags, now)
}

func parsePoints(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 2 || n > maxPoints {
		return 0, fmt.Errorf("%q is not a whole number from 2 to %d", s, maxPoints)
	}
	return n, nil
}

func parseWindow(s string) (time.Duration, error) {
	d, err := units.ParseDuration(s)
	if err == nil && d < time.Millisecond {
		err = fmt.Errorf("duration %q: a window must be at least 1ms", s)
	}
	return d, err
}

// check finds contradictions between flags.
func (p *plotFlags) check(ctx context.Context, logs []string) error {
	if err := p.applyFigures(); err != nil {
		return err
	}
	if err := p.adoptSummary(ctx); err != nil {
		return err
	}
	if err := cmp.Or(p.askForCharts(), p.dropWindows(), p.by.check(&p.opts, " or --charts requests")); err != nil {
		return err
	}
	if p.output == "" {
		return usageError{errors.New("plot needs a folder to write to: -o DIR")}
	}
	if err := checkFolderName("plot", p.output); err != nil {
		return err
	}
	return p.commonFlags.check(ctx, logs)
}

// applyFigures sets the options of the figures.
func (p *plotFlags) applyFigures() error {
	p.opts.Rolling, p.opts.Grid = &p.rolling, &p.grid
	if err := p.cache.apply(&p.opts); err != nil {
		return err
	}
	if err := p.tiers.apply(&p.opts); err != nil {
		return err
	}
	if err := cmp.Or(p.by.apply(&p.opts), p.grains.apply(&p.opts)); err != nil {
		return err
	}
	if p.opts.Tiers != nil {
		p.opts.Tiers.Window = p.rolling.Window
	}
	if p.opts.TTLs != nil {
		p.opts.TTLs.Capacities, p.opts.TTLs.Grid = p.rolling.Capacities, true
	}
	for _, c := range []units.Capacity{p.grid.From, p.grid.To} {
		if c.Unit == units.Unlimited {
			return usageError{errors.New("--from and --to must be finite sizes, not inf")}
		}
	}
	from, to, none := p.grid.From, p.grid.To, units.Capacity{}
	if from != none && to != none && from.Unit == to.Unit && from.N >= to.N {
		return usageError{fmt.Errorf("--from %s must be below --to %s", from, to)}
	}
	return nil
}

func runPlot(ctx context.Context, env *env, p *plotFlags, logs []string) error {
	if done, err := p.cache.describe(env.stdout); done {
		return err
	}
	if err := p.useSummary(ctx, env, logs); err != nil {
		return err
	}
	defer p.closeSummary()
	if err := p.check(ctx, logs); err != nil {
		return err
	}
	if p.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	if len(p.formats) == 0 {
		p.formats = []chart.Format{chart.PNG}
	}
	p.formats = distinct(p.formats)
	files, former, err := p.prepare()
	if err != nil {
		return err
	}
	defer files.Abort()
	report, err := p.replay(ctx, env, logs, func(ctx context.Context, report *analyze.Report) error {
		p.leaveOut(report)
		p.noteLeftOut(report)
		if err := cmp.Or(p.checkRange(report), p.checkRoom(p.bar(env), report)); err != nil {
			return err
		}
		return p.write(ctx, files, report)
	})
	if err != nil {
		return err
	}
	if err := files.Commit(ctx, p.stale(former)...); err != nil {
		return err
	}
	if err := p.showSummary(ctx, env, report); err != nil {
		printProblems(env.stderr, report.Log) // the files stand all the same
		return err
	}
	return p.finish(ctx, env, report.Log)
}

// distinct returns the list without repetitions.
func distinct[T comparable](list []T) []T {
	var out []T
	for _, v := range list {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}

// write renders all files under temporary names.
func (p *plotFlags) write(ctx context.Context, files *atomicfile.Set, report *analyze.Report) error {
	var outputs []atomicfile.File
	for _, name := range p.names() {
		outputs = append(outputs, atomicfile.File{Name: name, Render: func(out io.Writer) error { return p.render(out, name, report) }})
	}
	return files.Write(ctx, outputs...)
}

// render writes the file with a name.
func (p *plotFlags) render(out io.Writer, name string, r *analyze.Report) error {
	if name == plotSeal {
		return writeJSON(out, p.summarize(r))
	}
	kind, ext, _ := strings.Cut(name, ".")
	for _, c := range p.chosenCharts() {
		if ext == "csv" {
			if c.name == kind {
				return c.csv(out, r)
			}
			continue
		}
		for _, picture := range c.pictures(&p.opts) {
			if picture.name == kind {
				return picture.draw(out, chart.Format(ext), r)
			}
		}
	}
	return fmt.Errorf("plot has no file %q", name)
}
