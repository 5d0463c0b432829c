package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/analyze/reconcile"
	"hashlog/analyze/reconcile/measured"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// reconcileFlags are the flags of reconcile.
type reconcileFlags struct {
	commonFlags
	cache    cacheFlags
	grains   granularityFlags
	measured []string // files; none: the logs say themselves what was measured
	reading  measured.Options
	window   time.Duration
	nodes    nodesFlag
	files    chartFiles
}

func newReconcileCommand(env *env) *cobra.Command {
	r := reconcileFlags{files: chartFiles{stem: "reconcile"}}
	cmd := &cobra.Command{
		Use:   "reconcile LOGS… --capacity SIZE [--measured FILE] [-o DIR]",
		Short: "Compare the prediction with what a server measured, and say why",
		Long: `reconcile replays the logs through a cache of the given capacity, holds its hit
rate in each window against what the server measured, and explains the
difference in steps: another denominator, touch order, watermark, store delay,
capacity, granularity, retries that are counted otherwise, requests that the log
lacks. It searches them in the first half of the windows and judges them in the
second. With -o it writes into DIR:

  reconcile.png, reconcile.csv  both hit rates and their difference over time

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), or the same
in an object store (s3://bucket/prefix). They are read dozens of times.
What was measured is a CSV with the columns time, hit_tokens and
requested_tokens, or the answer of Prometheus' /api/v1/query_range for the
counters of LMCache, vLLM or SGLang (docs/metrics.md). Without --measured it is
the cached_tokens of the logs.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes) or 5000chunks.
DURATION is 90s, 30m, 1h30m or 7d.
` + exitHelp,
		Example: `  hashlog reconcile /var/log/lmcache --capacity 512GiB --measured hits.csv
  hashlog reconcile /var/log/lmcache --capacity 512GiB \
      --cache lmcache-server --measured hits.json --measured requests.json
  hashlog reconcile dynamo.jsonl.gz --nodes sources --capacity 40GiB -o report`,
		Args: usageArgs(r.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runReconcile(cmd.Context(), env, &r, args)
		},
	}
	flags := cmd.Flags()
	addCapacity(cmd, &r.opts.Capacities, "capacity of the server's cache")
	flags.Var(listed("FILE[,...]", &r.measured, parseName).file(), "measured", "what the server measured: a CSV, or answers of Prometheus, which may be several files")
	flags.Var(parsed("counters|deltas", "", &r.reading.Form, measured.ParseForm).among("counters", "deltas"), "measured-as", "whether the rows of a CSV count from the start of the server or from the row before (default found out)")
	flags.Var(parsed("NAME", "", &r.reading.Metric, parseName), "metric", "counter to read where there are several pairs")
	flags.Var(parsed("DURATION", "", &r.window, parseWindow), "window", "length up to which measured windows are joined (default the shortest that gives at most 200 windows)")
	flags.Var(r.nodes.value(), "nodes", "sources: each of LOGS, or source that records name, has a cache of its own")
	r.files.add(flags)
	r.cache.add(flags)
	r.grains.add(flags)
	r.commonFlags.add(flags, env.now)
	return cmd
}

// check finds contradictions between flags.
func (r *reconcileFlags) check(ctx context.Context, logs []string) error {
	if err := cmp.Or(r.cache.apply(&r.opts), r.grains.applyOne(&r.opts, "a server has one granularity"), r.files.check("reconcile")); err != nil {
		return err
	}
	switch {
	case len(r.opts.Capacities) != 1:
		return usageError{errors.New("reconcile needs one --capacity, that of the server's cache (such as 512GiB)")}
	case r.opts.TTLs != nil:
		return usageError{errors.New("the server's cache has one TTL: give --ttl one duration")}
	case len(r.measured) == 0 && (r.given("measured-as") || r.given("metric")):
		return usageError{errors.New("--measured-as and --metric say how to read --measured")}
	case len(r.nodes.counts) > 0:
		return usageError{errors.New("--nodes: the log of a server says itself how many nodes it has: give sources, not a number")}
	case r.nodes.sources && r.opts.MaxRequests > 0:
		return usageError{errors.New("--max-requests counts the requests of all sources, and --nodes sources replays each by itself: give --until")}
	case slices.Contains(logs, "-"):
		return errReconcileTwice
	}
	return r.commonFlags.check(ctx, logs)
}

var errReconcileTwice = usageError{errors.New("reconcile reads the logs several times, and a stream can be read only once: give files")}

func runReconcile(ctx context.Context, env *env, r *reconcileFlags, logs []string) error {
	if done, err := r.cache.describe(env.stdout); done {
		return err
	}
	if err := cmp.Or(r.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	if err := refuseSummaries(ctx, env, "reconcile", logs); err != nil {
		return err
	}
	series, err := r.series()
	if err != nil {
		return err
	}
	var result *reconcile.Result
	report, err := r.chart(ctx, env, logs, &r.files, charted{
		replay: func(ctx context.Context, logs *log.Files, opts analyze.Options, _ *progress.Bar) (_ *analyze.Report, err error) {
			if logs.Streams() {
				return nil, errReconcileTwice
			}
			if result, err = reconcile.Run(ctx, logs, reconcile.Options{Options: opts, Measured: series, Window: r.window, Sources: r.nodes.sources}); err != nil {
				return nil, err
			}
			return result.Report, nil
		},
		files: func(*analyze.Report) []atomicfile.File {
			return r.files.contents(
				func(out io.Writer, f chart.Format) error { return chart.Reconcile(out, f, result) },
				func(out io.Writer) error { return reconcile.WriteCSV(out, result) })
		},
		show: func(ctx context.Context) error { return r.show(ctx, env, result) },
	})
	if err != nil {
		return err
	}
	return finish(env, report.Log)
}

// series reads what was measured; nil if the logs say it.
func (r *reconcileFlags) series() (*measured.Series, error) {
	if len(r.measured) == 0 {
		return nil, nil
	}
	series, err := measured.Read(r.measured, r.reading)
	if err != nil {
		return nil, fmt.Errorf("--measured: %w", err)
	}
	return series, nil
}

// show prints the outcome.
func (r *reconcileFlags) show(ctx context.Context, env *env, result *reconcile.Result) error {
	return showSummary(ctx, env, r.json, func(out io.Writer) error {
		if r.json {
			return writeJSON(out, result)
		}
		reconcileText(out, result, r.remarks)
		r.files.text(out)
		return nil
	})
}
