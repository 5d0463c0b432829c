package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hashlog/analyze"
	"hashlog/analyze/rows"
	"hashlog/analyze/units"
	"hashlog/log"
)

// exportFlags are the flags of export.
type exportFlags struct {
	commonFlags
	cache      cacheFlags
	output     string
	format     rows.Format
	capacities []string // as they were written
}

func newExportCommand(env *env) *cobra.Command {
	var e exportFlags
	cmd := &cobra.Command{
		Use:   "export LOGS… -o FILE [--capacity SIZE]",
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

Sums over rows are the figures of simulate at any capacity, without another
replay. The columns in detail, and queries in SQL and pandas: docs/export.md.

LOGS are files, folders (their lookup_hashes_*.jsonl, .gz and .zst) or - for
stdin. Mooncake and Bailian (Qwen) traces are read too.
SIZE is 64GiB (or 64Gi), 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf.
An existing file is replaced, unless it is one of the logs.
` + exitHelp,
		Example: `  hashlog export /var/log/lmcache -o rows.parquet
  hashlog export /var/log/lmcache -o rows.csv --capacity 64GiB,1TiB
  hashlog export monday tuesday -o rows.parquet --warmup 1h --ttl 30m --json`,
		Args: usageArgs(e.cache.needLogsOrHelp),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runExport(cmd.Context(), env, &e, args)
		},
	}
	flags := cmd.Flags()
	addOutput(flags, &e.output, "file to write, .csv or .parquet").file().kind = "FILE"
	flags.Var(listed("SIZE[,...]", &e.opts.Capacities, e.parseCapacity), "capacity", "capacities that get a column of hit tokens")
	e.commonFlags.add(flags, env.now)
	e.cache.add(flags)
	return cmd
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
	if err := e.cache.apply(&e.opts); err != nil {
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
	return e.commonFlags.check(ctx, logs)
}

func runExport(ctx context.Context, env *env, e *exportFlags, logs []string) error {
	if done, err := e.cache.describe(env.stdout); done {
		return err
	}
	if err := e.check(ctx, logs); err != nil {
		return err
	}
	if e.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	file, err := beginRows(ctx, e.output, rows.New(e.format, rows.Columns{Capacities: e.capacities}))
	if err != nil {
		return err
	}
	defer file.abort()
	e.opts.OnRow = file.rows.Add
	report, err := e.replay(ctx, env, logs, file.end)
	if err != nil {
		return file.cause(err)
	}
	if err := file.set.Commit(); err != nil {
		return err
	}
	if err := e.showSummary(ctx, env, report, file.rows.Summary()); err != nil {
		printProblems(env.stderr, report.Log) // the file stands all the same
		return err
	}
	return finish(env, report.Log)
}
