package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/rows"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
)

// exportFlags are the flags of export.
type exportFlags struct {
	commonFlags
	cache      cacheFlags
	grains     granularityFlags
	nodes      dealtRows
	output     string
	format     rows.Format
	capacities []string // as they were written
	given      func(flag string) bool
}

func newExportCommand(env *env) *cobra.Command {
	var e exportFlags
	cmd := &cobra.Command{
		Use:   "export LOGS… -o FILE [--capacity SIZE] [--nodes N]",
		Short: "Write a row for each request, with what it hits at every capacity",
		Long: `export replays the logs once and writes a row for each request, in the order of
the replay, to a file whose name ends in .csv or .parquet:

  timestamp, request_id, model_name, source, seq_len, chunks, turn, tail_tokens,
  cold_tokens          what the request is; source is the path given here, turn
                       how far into a conversation it is
  hit_tokens@SIZE      what it hits at each --capacity, named as written here
  demand               what it hits at every capacity, as steps: in CSV
                       "chunks:tokens", or "chunks:tokens*n" for n steps of one
                       chunk each; "bytes:tokens" if chunks differ in size

With --nodes, requests are dealt to nodes as by hashlog fleet. A last column,
node, says to which, and cold tokens, hit tokens and demand are those of that
node. A routing that looks at the caches needs one --capacity.

Sums over rows are the figures of simulate (or fleet) at any capacity, without
another replay. The columns in detail, and queries in SQL and pandas:
docs/export.md.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst), the same in
an object store (s3://bucket/prefix) or - for stdin. Mooncake, Bailian (Qwen)
and Dynamo traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
An existing file is replaced, unless it is one of the logs.
` + exitHelp,
		Example: `  hashlog export /var/log/lmcache -o rows.parquet
  hashlog export /var/log/lmcache -o rows.csv --capacity 64GiB,1TiB
  hashlog export monday tuesday -o rows.parquet --warmup 1h --ttl 30m --json
  hashlog export /var/log/lmcache -o rows.parquet --nodes 16 --routing prefix:2`,
		Args: usageArgs(e.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExport(cmd.Context(), env, &e, args)
		},
	}
	flags := cmd.Flags()
	e.given = flags.Changed
	addOutput(flags, &e.output, "file to write, .csv or .parquet").file().kind = "FILE"
	flags.Var(listed("SIZE[,...]", &e.opts.Capacities, e.parseCapacity), "capacity", "capacities that get a column of hit tokens")
	e.nodes.deal.add(flags)
	e.commonFlags.add(flags, env.now)
	e.cache.add(flags)
	e.grains.add(flags)
	return cmd
}

// needLogsOrHelp requires logs, except with --routing help and --cache help.
func (e *exportFlags) needLogsOrHelp(cmd *cobra.Command, args []string) error {
	return e.nodes.deal.needLogsOrHelp(cmd, args, &e.cache)
}

// parseCapacity reads a capacity and keeps how it was written.
func (e *exportFlags) parseCapacity(s string) (units.Capacity, error) {
	c, err := units.ParseCapacity(s)
	name := strings.TrimSpace(s)
	if err == nil && slices.Contains(e.capacities, name) {
		err = fmt.Errorf("%s is given twice, and each capacity makes a column of its own name", name)
	}
	e.capacities = append(e.capacities, name)
	return c, err
}

// check finds contradictions between flags.
func (e *exportFlags) check(ctx context.Context, logs []string) error {
	if err := cmp.Or(e.cache.apply(&e.opts), e.grains.applyOne(&e.opts, "a row says what a request hits with one granularity"), e.nodes.apply(e.given, len(e.capacities))); err != nil {
		return err
	}
	if e.opts.TTLs != nil {
		return usageError{errors.New("export takes one --ttl: a row says what a request hits with it")}
	}
	if e.output == "" {
		return usageError{errors.New("export needs a file to write to: -o rows.csv or -o rows.parquet")}
	}
	var err error
	if e.format, err = rows.FormatOf(e.output); err != nil {
		return usageError{fmt.Errorf("-o %s: %w", log.Quoted(e.output), err)}
	}
	if n := len(e.capacities); n > rows.MaxCapacities {
		return usageError{fmt.Errorf("--capacity names %s, and there are columns for %s: name fewer, since demand tells the hits at any capacity",
			units.Comma(int64(n)), units.Comma(rows.MaxCapacities))}
	}
	if err := checkFile(e.output, "the rows", "name another file"); err != nil {
		return err
	}
	e.outputs, e.outputKind = []string{e.output}, "file"
	e.opts.OnRow = func(*analyze.Row) error { return nil } // until the file is begun
	return cmp.Or(e.commonFlags.check(ctx, logs), e.nodes.check(e.opts))
}

func runExport(ctx context.Context, env *env, e *exportFlags, logs []string) error {
	if done, err := e.nodes.deal.describe(env.stdout, &e.cache); done {
		return err
	}
	if err := e.check(ctx, logs); err != nil {
		return err
	}
	if err := refuseSummaries(ctx, env, "export", logs); err != nil {
		return err
	}
	if e.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	file, err := beginRows(ctx, e.output, rows.New(e.format, rows.Columns{Capacities: e.capacities, Node: e.nodes.fleet != nil}))
	if err != nil {
		return err
	}
	defer file.abort()
	e.opts.OnRow = file.rows.Add
	var fleet *analyze.FleetReport // nil unless there are nodes
	replay := func(ctx context.Context, files *log.Files, opts analyze.Options, _ *progress.Bar) (report *analyze.Report, err error) {
		report, fleet, err = e.nodes.run(ctx, files, opts)
		return report, err
	}
	report, err := e.replayBy(ctx, env, logs, replay, file.end)
	if err != nil {
		return file.cause(err)
	}
	if err := file.set.Commit(ctx); err != nil {
		return err
	}
	if err := e.showSummary(ctx, env, report, fleet, file.rows.Summary()); err != nil {
		printProblems(env.stderr, report.Log) // the file stands all the same
		return err
	}
	if fleet != nil {
		return finishFleet(env, fleet)
	}
	return finish(env, report.Log)
}
