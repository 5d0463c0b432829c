package main

import (
	"cmp"
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// simulateFlags are the flags of simulate.
type simulateFlags struct {
	commonFlags
	cache  cacheFlags
	tiers  tierFlags
	by     byFlags
	grains granularityFlags
	window time.Duration
}

func newSimulateCommand(env *env) *cobra.Command {
	var s simulateFlags
	cmd := &cobra.Command{
		Use:   "simulate LOGS… [--capacity SIZE] [--target RATE]",
		Short: "Compute the hit rates of caches of given capacities",
		Long: `simulate replays the logs once and prints what caches of the given capacities
would have hit; with --target, the smallest capacity that reaches a hit rate;
with --tiers, what each tier of a cache would have served, and what is written
to it; with --by, whose hits and misses they are; with --stats, how requests and
chunks are spread around these averages.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too. A summary (hashlog map) may stand in their
place.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
DURATION is 90s, 30m, 1h30m or 7d.
A target is a share of all tokens (80%) or of what an unlimited cache hits
(95%ofceiling).
` + exitHelp,
		Example: `  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB
  hashlog simulate /var/log/lmcache --target 80%,95%ofceiling --warmup 1h
  hashlog simulate /var/log/lmcache --tiers gpu=40GiB,dram=512GiB,ssd=4TiB \
      --tier-bandwidth ssd=6GiB/s:3GiB/s
  hashlog simulate trace.jsonl --model-config config.json --ranks 4 \
      --kv-dtype fp8 --capacity 300GiB
  hashlog simulate /var/log/lmcache --capacity 64GiB --cache lmcache-server
  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB --by length,hour
  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB --stats
  hashlog simulate /var/log/lmcache --capacity 64GiB,1TiB --rechunk 1,2,4
  hashlog simulate /var/log/year --capacity 1TiB --max-capacity 2TiB
  hashlog simulate /var/log/lmcache --target 80% --state cache.state --until 1m
  zcat old.jsonl.gz | hashlog simulate - --capacity 5000chunks --json`,
		Args: usageArgs(s.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runSimulate(cmd.Context(), env, &s, args)
		},
	}
	flags := cmd.Flags()
	addCapacity(cmd, &s.opts.Capacities, "capacities to simulate")
	addTarget(cmd, &s.opts.Targets)
	addMaxCapacity(flags, &s.opts.MaxCapacity)
	addState(flags, &s.statePath)
	flags.Var(parsed("DURATION", "", &s.window, parseWindow), "window", "length of the windows in which reads and writes of --tiers are measured (default the shortest that gives at most 200 windows)")
	flags.BoolVar(&s.opts.Stats, "stats", false, "add statistics of single requests and chunks: hit rates, hit prefixes, how often and how soon chunks are used again")
	s.cache.add(flags)
	s.tiers.add(flags)
	s.by.add(flags)
	s.grains.add(flags)
	s.commonFlags.add(flags, env.now)
	return cmd
}

func addCapacity(cmd *cobra.Command, target *[]units.Capacity, usage string) {
	cmd.Flags().Var(listed("SIZE[,...]", target, units.ParseCapacity), "capacity", usage)
}

func addTarget(cmd *cobra.Command, target *[]analyze.Target) {
	cmd.Flags().Var(listed("RATE[,...]", target, analyze.ParseTarget), "target", "find the smallest capacity that reaches a token hit rate: 80% of all tokens, or 95%ofceiling")
}

// check finds contradictions between flags.
func (s *simulateFlags) check(ctx context.Context, logs []string) error {
	if err := s.cache.apply(&s.opts); err != nil {
		return err
	}
	if err := s.tiers.apply(&s.opts); err != nil {
		return err
	}
	if s.opts.Tiers != nil {
		s.opts.Tiers.Window = s.window
	}
	if err := cmp.Or(s.by.apply(&s.opts), s.grains.apply(&s.opts)); err != nil {
		return err
	}
	if err := cmp.Or(s.adopt(ctx, s.window), s.by.check(&s.opts, "")); err != nil {
		return err
	}
	if s.opts.TTLs != nil {
		s.opts.TTLs.Capacities, s.opts.TTLs.Grid = s.opts.Capacities, false
	}
	switch {
	case len(s.opts.By) > 0 && len(s.opts.Capacities) == 0:
		return usageError{errors.New("--by needs --capacity (such as 64GiB,1TiB)")}
	case s.opts.Tiers != nil:
	case s.window > 0:
		return usageError{errors.New("--window needs --tiers")}
	case len(s.opts.Capacities) == 0 && len(s.opts.Targets) == 0 && s.opts.TTLs == nil && !s.opts.Stats && !s.grains.several():
		return usageError{errors.New("simulate needs --capacity (such as 64GiB,1TiB), --target (such as 80%), --tiers (such as gpu=40GiB,dram=512GiB), several TTLs (--ttl 5m,1h), match units (--match-unit 1,2,4) or chunks (--rechunk 1,2,4), or --stats")}
	}
	return s.commonFlags.check(ctx, logs)
}

func runSimulate(ctx context.Context, env *env, s *simulateFlags, logs []string) error {
	if done, err := s.cache.describe(env.stdout); done {
		return err
	}
	if err := s.useSummary(ctx, env, logs); err != nil {
		return err
	}
	defer s.closeSummary()
	if err := cmp.Or(s.check(ctx, logs), needsStdout(env)); err != nil {
		return err
	}
	report, err := s.replay(ctx, env, logs, func(ctx context.Context, report *analyze.Report) error {
		return show(ctx, env.stdout, func(out io.Writer) error {
			if s.json {
				return analyze.WriteJSON(out, report)
			}
			simulateText(out, report, s.remarks)
			return nil
		})
	})
	if err != nil {
		return err
	}
	return s.finish(ctx, env, report.Log)
}
