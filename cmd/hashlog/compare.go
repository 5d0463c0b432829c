package main

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/chart"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// comparedPoints is how many capacities caches.csv and caches.png have at most: on most logs, two per octave.
const comparedPoints = 24

// compareFlags are the flags of compare.
type compareFlags struct {
	commonFlags
	caches comparedFlag
	grains granularityFlags
	files  chartFiles
}

func newCompareCommand(env *env) *cobra.Command {
	c := compareFlags{files: chartFiles{stem: "caches"}}
	cmd := &cobra.Command{
		Use:   "compare LOGS… --capacity SIZE [--cache NAMES] [-o DIR]",
		Short: "Compare caches: is it the traffic, the capacity or the policy?",
		Long: `compare reads the logs once into memory and replays every given cache at every
given capacity. With opt, the cache that knows the future, it splits the misses
by what would help, and names the bottleneck: the traffic, the capacity or the
policy. With -o it writes into DIR:

  caches.png, caches.csv       token hit rate against capacity, a line a cache

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
NAMES are caches, with options behind colons (s3fifo:small=0.2), or all.
` + exitHelp,
		Example: `  hashlog compare /var/log/lmcache --capacity 256GiB,1TiB
  hashlog compare /var/log/lmcache --capacity 256GiB --cache all -o report
  hashlog compare /var/log/lmcache --capacity 256GiB \
      --cache lru,lmcache-server:trigger=0.9:ratio=0.1,s3fifo:small=0.2
  hashlog compare --cache help`,
		Annotations: map[string]string{
			"match-unit": ": the optimum counts hits to the chunk (hashlog simulate --match-unit)",
		},
		Args: usageArgs(c.caches.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runCompare(cmd.Context(), env, &c, args)
		},
	}
	flags := cmd.Flags()
	addCapacity(cmd, &c.opts.Capacities, "capacities to compare the caches at")
	flags.Var(c.caches.value(), "cache", "caches to compare, or all; --cache help describes them (default all but the servers, of which only lmcache-server)")
	c.files.add(flags)
	addAdmit(flags, &c.opts.Cache.Admit)
	c.grains.addRechunk(flags)
	c.commonFlags.add(flags, env.now)
	return cmd
}

// check finds contradictions between flags.
func (c *compareFlags) check(ctx context.Context, logs []string) error {
	if len(c.opts.Capacities) == 0 {
		return usageError{errors.New("compare needs --capacity (such as 64GiB,1TiB)")}
	}
	if err := cmp.Or(c.grains.applyOne(&c.opts, "caches are compared with one size of chunks"), c.files.check("compare")); err != nil {
		return err
	}
	return c.commonFlags.check(ctx, logs)
}

func runCompare(ctx context.Context, env *env, c *compareFlags, logs []string) error {
	if c.caches.help {
		return c.caches.describe(env.stdout)
	}
	if err := cmp.Or(c.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	if err := refuseSummaries(ctx, env, "compare", logs); err != nil {
		return err
	}
	var comparison *analyze.Comparison
	report, err := c.chart(ctx, env, logs, &c.files, charted{
		replay: func(ctx context.Context, files *log.Files, opts analyze.Options, bar *progress.Bar) (_ *analyze.Report, err error) {
			compare := analyze.CompareOptions{Options: opts, Caches: c.caches.chosen(), OnReplays: func(done func() (done, total int64)) { bar.Count("comparing", done) }}
			if c.files.folder != "" {
				compare.Points = comparedPoints
			}
			if comparison, err = analyze.Compare(ctx, files, compare); err != nil {
				return nil, err
			}
			return comparison.Report, nil
		},
		files: func(report *analyze.Report) []atomicfile.File {
			comparison.Notes = report.Notes
			return c.files.contents(
				func(out io.Writer, f chart.Format) error { return chart.Caches(out, f, comparison) },
				func(out io.Writer) error { return analyze.WriteCachesCSV(out, comparison) })
		},
		show: func(ctx context.Context) error { return c.show(ctx, env, comparison) },
	})
	if err != nil {
		return err
	}
	return finish(env, report.Log)
}

// show prints the comparison.
func (c *compareFlags) show(ctx context.Context, env *env, comparison *analyze.Comparison) error {
	return showSummary(ctx, env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, comparison)
		}
		compareText(out, comparison, c.remarks)
		c.files.text(out)
		return nil
	})
}
