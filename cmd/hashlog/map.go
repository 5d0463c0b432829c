package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/cmd/hashlog/internal/progress"
)

// mapFlags are the flags of map.
type mapFlags struct {
	commonFlags
	cache  cacheFlags
	tiers  tierFlags
	by     byFlags
	window time.Duration
	output string
	cuts   int64 // 0: not given
}

func newMapCommand(env *env) *cobra.Command {
	var m mapFlags
	cmd := &cobra.Command{
		Use:   "map LOGS… -o FILE [--since TIME] [--until TIME]",
		Short: "Summarize a part of the logs, to be joined with others",
		Long: `map replays a part of the logs and writes a summary of it, a file that hashlog
merge joins with those of the parts before and after. Joined in order of time,
summaries give what one replay of all logs gives, to the last token:

  simulate, plot and inspect read a summary where they take LOGS.

The parts of a year can be made one by one, on many machines, and be kept when
the logs are gone. With --max-capacity memory and summary follow the capacity
rather than the log.

Curves, targets and tables are exact at every capacity. Hit rates by model, time
window, class and TTL are counted at the powers of two and at --capacity.

--cuts N reads next to nothing and prints N lines of flags, one for each part,
of which the logs are nearly equal in size.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
A part without records gives an empty summary, with status 0.
` + exitHelp,
		Example: `  hashlog map /var/log/lmcache --until 2024-04-01 -o march.sum
  hashlog map /var/log/lmcache --since 2024-04-01 -o april.sum --capacity 1TiB
  hashlog merge march.sum april.sum -o spring.sum
  hashlog map /var/log/lmcache --cuts 64 |
      xargs -P8 -L1 hashlog map /var/log/lmcache`,
		Annotations: map[string]string{
			"stats":      ": statistics of requests and chunks need the whole log (hashlog simulate --stats)",
			"target":     ": targets are asked of a summary (hashlog simulate part.sum --target)",
			"match-unit": ": a summary counts hits to the chunk (hashlog simulate --match-unit)",
			"rechunk":    ": a summary has the chunks of the log (hashlog simulate --rechunk)",
			"charts":     ": charts are drawn of a summary (hashlog plot part.sum -o DIR)",
		},
		Args: usageArgs(m.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runMap(cmd.Context(), env, &m, args)
		},
	}
	flags := cmd.Flags()
	addOutput(flags, &m.output, "file to write, or - for stdout").file().kind = "FILE"
	flags.Var(parsed("N", "", &m.cuts, parsePositive), "cuts", "write nothing: print the flags of N parts, cut at beginnings of logs")
	addCapacity(cmd, &m.opts.Capacities, "capacities at which models, windows, classes and TTLs are counted, besides the powers of two")
	flags.Var(parsed("DURATION", "", &m.window, parseWindow), "window", "length of the windows (default lengths that grow with the part)")
	addMaxCapacity(flags, &m.opts.MaxCapacity)
	m.cache.add(flags)
	m.tiers.add(flags)
	m.by.add(flags)
	m.commonFlags.add(flags, env.now)
	flags.Lookup("verbose").Usage = settingsHelp
	return cmd
}

// check finds contradictions between flags, and what cannot be joined.
func (m *mapFlags) check(ctx context.Context, logs []string) error {
	if err := cmp.Or(m.cache.apply(&m.opts), m.tiers.apply(&m.opts), m.by.apply(&m.opts)); err != nil {
		return err
	}
	o := &m.opts
	o.By = slices.Clone(o.By)
	o.Rolling = &analyze.RollingOptions{Window: m.window}
	if o.Tiers != nil {
		o.Tiers.Window = m.window
	}
	if o.TTLs != nil {
		o.TTLs.Grid = true
	}
	if err := cmp.Or(m.by.check(o, ""), m.refuse(), m.checkOutput()); err != nil {
		return err
	}
	return m.commonFlags.check(ctx, logs)
}

// checkOutput finds contradictions between -o and --cuts.
func (m *mapFlags) checkOutput() error {
	switch {
	case m.cuts > 0 && m.output != "":
		return usageError{errors.New("--cuts writes no summary: its lines have an -o each")}
	case m.cuts > 0:
		return nil
	case m.output == "":
		return usageError{errors.New("map needs a file to write to: -o part.sum, or -o - for stdout")}
	}
	if m.output != "-" {
		m.outputs, m.outputKind = []string{m.output}, "file"
	}
	return checkSummaryFile(m.output)
}

// refuse names the way out for what a part of the logs cannot tell.
func (m *mapFlags) refuse() error {
	o := &m.opts
	switch {
	case o.Cache.Watermark != nil:
		return usageError{fmt.Errorf("--cache %s: what a cache that evicts in batches holds depends on all that came before, so parts cannot be joined: %s", o.Cache.Name, useState)}
	case o.Cache.Policy != nil:
		return usageError{fmt.Errorf("--cache %s: what it holds depends on all that came before, so parts cannot be joined: replay the whole log (hashlog simulate)", o.Cache.Name)}
	case o.Cache.StoreDelay > 0:
		return usageError{errors.New("--store-delay: touches of a part take effect within the next, so parts cannot be joined: " + useState)}
	case o.Cache.Admit > 0:
		return usageError{errors.New("--admit counts the lookups of all parts before, so parts cannot be joined: " + useState)}
	case o.Tiers != nil && o.Tiers.Mode == analyze.Exclusive:
		return usageError{errors.New("--tier-mode exclusive: what a tier holds depends on all that came before, so parts cannot be joined: leave it out, or replay all logs with hashlog simulate")}
	case o.Warmup.Fraction > 0 || o.Warmup.Duration > 0:
		return usageError{errors.New("--warmup of a fraction or a duration begins with the first part: give the time at which it ends (--warmup 2024-03-31T20:00:00Z), the same to all parts")}
	case o.MaxRequests > 0:
		return usageError{errors.New("--max-requests counts the requests of all parts before: cut by time (--since, --until)")}
	case slices.Contains(o.By, analyze.ByTurn):
		return usageError{errors.New("--by turn needs the whole log: hashlog simulate --by turn")}
	}
	return nil
}

// useState is the way out where parts cannot be joined.
const useState = "simulate --state goes on with what was replayed before"

func runMap(ctx context.Context, env *env, m *mapFlags, logs []string) error {
	if done, err := m.cache.describe(env.stdout); done {
		return err
	}
	if err := m.check(ctx, logs); err != nil {
		return err
	}
	if m.json || m.cuts > 0 || m.output == "-" {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	if err := refuseSummaries(ctx, env, "map", logs); err != nil {
		return err
	}
	files, err := m.find(ctx, env, logs)
	if err != nil {
		return err
	}
	if m.cuts > 0 {
		return m.printCuts(ctx, env, files)
	}
	return m.writeSummary(ctx, env, m.output, func(ctx context.Context, opts analyze.Options, _ *progress.Bar) (*analyze.Summary, error) {
		return analyze.Summarize(ctx, files, opts)
	})
}
