package main

import (
	"context"
	"fmt"
	"io"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/convert"
	"hashlog/log"
	"hashlog/log/foreign"
)

// traceSummary is the summary of convert --to.
type traceSummary struct {
	Output         string       `json:"output"` // "" is stdout
	Format         foreign.Name `json:"format"`
	Requests       int64        `json:"requests"`
	UniqueChunks   int64        `json:"unique_chunks"`
	BlockSize      int64        `json:"block_size"` // to read the trace with
	KeepTail       bool         `json:"keep_tail"`  // to read the trace with
	Empty          int64        `json:"empty"`      // records with neither chunks nor tokens, left out
	Skipped        int64        `json:"skipped"`
	Torn           int64        `json:"torn"`
	Late           int64        `json:"late"`
	Damaged        int64        `json:"damaged"`
	FirstTimestamp float64      `json:"first_timestamp"` // seconds since the Unix epoch, 0 in the trace
	LastTimestamp  float64      `json:"last_timestamp"`
	Notes          []string     `json:"notes"`
}

func (m *traceSummary) text(out io.Writer, quiet bool) {
	fmt.Fprintf(out, "%s of %s, %s\n", units.Count(m.Requests, "request"), units.Count(m.UniqueChunks, "unique chunk"),
		units.Period{First: m.FirstTimestamp, Last: m.LastTimestamp})
	if !quiet {
		for _, n := range m.Notes {
			fmt.Fprintf(out, "note: %s\n", n)
		}
	}
	keepTail, name := "", "TRACE"
	if m.KeepTail {
		keepTail = " --keep-tail"
	}
	if m.Output != "" {
		name = log.Quoted(m.Output)
	}
	fmt.Fprintf(out, "the trace leaves out model names, sessions, salts, sources, cached tokens, sizes in bytes and the date; for the same hits, run: hashlog inspect %s --block-size %d%s\n", name, m.BlockSize, keepTail)
}

// runTo turns logs into a trace.
func (c *convertFlags) runTo(ctx context.Context, env *env, args []string) error {
	files, err := log.Find(ctx, args, env.stdin)
	if err != nil {
		return err
	}
	var outputs []string
	if c.output != "" {
		if err := checkFile(c.output, "the trace", "omit -o to write the trace to stdout"); err != nil {
			return err
		}
		outputs = []string{c.output}
	} else if err := needsStdout(env); err != nil {
		return err
	}
	if err := refuseOverwriting(env, args, files, "file", outputs...); err != nil {
		return err
	}
	t := &convert.Trace{Input: c.input(env, files), IgnoreModel: c.ignoreModel}
	write := func(out io.Writer) error {
		if err := t.Write(ctx, out); err != nil {
			return err
		}
		if t.Encoder.Rows() == 0 {
			return c.nothing(env, files, t.Read)
		}
		return nil
	}
	if c.output == "" {
		_, err = await(ctx, func() (struct{}, error) { return struct{}{}, write(env.stdout) })
	} else {
		err = writeFile(ctx, c.output, write)
	}
	if err != nil {
		return err
	}
	if err := c.showTrace(ctx, env, t); err != nil {
		return err
	}
	return finish(env, t.Read.Stats)
}

// showTrace prints the summary: on stdout, unless the trace is there.
func (c *convertFlags) showTrace(ctx context.Context, env *env, t *convert.Trace) error {
	stats := t.Read.Stats
	m := traceSummary{Output: c.output, Format: c.to, Requests: t.Encoder.Rows(), UniqueChunks: t.Encoder.Chunks(), BlockSize: t.Encoder.ChunkSize(),
		KeepTail: t.Encoder.Tails(), Empty: t.Read.Sieve.Empty, Skipped: stats.Skipped, Torn: stats.Torn, Late: stats.Late, Damaged: stats.Damaged,
		FirstTimestamp: t.First, LastTimestamp: t.Last, Notes: c.notes(t.Files, stats)}
	m.Notes = append(m.Notes, emptyNote(m.Empty)...)
	if n := t.Encoder.Stray(); n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%s got an id for a partial tail without a hash, because the first tail with a hash came later: "+
			"with --keep-tail each of these ids is one chunk too many. Convert files instead of a stream to avoid this.", units.Count(n, "request")))
	}
	if c.output == "" {
		if !c.quiet {
			m.text(env.stderr, false)
		}
		return nil
	}
	return showSummary(ctx, env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, m)
		}
		m.text(out, c.quiet)
		return nil
	})
}
