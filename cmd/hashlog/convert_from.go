package main

import (
	"context"
	"fmt"
	"io"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/convert"
	"hashlog/log"
	"hashlog/log/foreign"
)

// logsSummary is the summary of convert --from.
type logsSummary struct {
	Output         string       `json:"output"`
	Format         foreign.Name `json:"format"`
	Files          int64        `json:"files"`
	Bytes          int64        `json:"bytes"` // before compression
	Requests       int64        `json:"requests"`
	TotalTokens    int64        `json:"total_tokens"`
	ChunkLookups   int64        `json:"chunk_lookups"`
	Empty          int64        `json:"empty"` // records with neither chunks nor tokens, left out
	Skipped        int64        `json:"skipped"`
	Torn           int64        `json:"torn"`
	Late           int64        `json:"late"`
	Damaged        int64        `json:"damaged"`
	FirstTimestamp float64      `json:"first_timestamp"`
	LastTimestamp  float64      `json:"last_timestamp"`
	Notes          []string     `json:"notes"`
}

func (d *logsSummary) text(out io.Writer, quiet bool) {
	fmt.Fprintf(out, "%s in %s, %s\n", units.Count(d.Requests, "request"), units.Count(d.Files, "file"),
		units.Period{First: d.FirstTimestamp, Last: d.LastTimestamp})
	fmt.Fprintf(out, "%s; %s\n", units.Count(d.TotalTokens, "token"), units.Count(d.ChunkLookups, "chunk lookup"))
	if !quiet {
		for _, n := range d.Notes {
			fmt.Fprintf(out, "note: %s\n", n)
		}
	}
	fmt.Fprintf(out, "%s holds %s of records: hashlog inspect %s\n", log.Quoted(d.Output), units.FormatBytes(d.Bytes), log.Quoted(d.Output))
}

// runFrom turns traces into logs.
func (c *convertFlags) runFrom(ctx context.Context, env *env, args []string) (err error) {
	if err := refuseLogs(c.output); err != nil {
		return err
	}
	if c.json {
		if err := needsStdout(env); err != nil {
			return err
		}
	}
	files, err := log.Find(ctx, args, env.stdin)
	if err != nil {
		return err
	}
	missing := atomicfile.Missing(c.output)
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	opts := c.writing
	opts.Dir, opts.OnError = c.output, stop // nobody waits for a disk to have room again
	logs := convert.NewLogs(opts, func() (func(), error) { return claimFolder(c.output) })
	defer logs.Release()
	defer func() {
		if logs.Claimed() { // else what is there may be another run's; and before another may claim it
			removeEmptyFolders(missing, &err)
		}
	}()
	read, err := c.writeLogs(working, logs, c.input(env, files))
	closing, cancel := withGrace(working, stopTime)
	defer cancel()
	if closed := logs.Close(closing); err == nil {
		err = closed
	}
	if err := cause(ctx, working, err); err != nil {
		return err
	}
	if logs.Written().Requests == 0 {
		return c.nothing(env, files, read)
	}
	summary := c.summarize(files, logs.Written(), read)
	err = showSummary(ctx, env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, summary)
		}
		summary.text(out, c.quiet)
		return nil
	})
	if err != nil {
		return err
	}
	return finish(env, read.Stats)
}

// writeLogs writes all records.
func (c *convertFlags) writeLogs(ctx context.Context, logs *convert.Logs, in convert.Input) (convert.Read, error) {
	switch c.from {
	case foreign.Table:
		return logs.Tables(ctx, in)
	case foreign.Weka:
		return logs.Conversations(ctx, in, c.startEvery)
	}
	opts := c.format.opts
	opts.Format, opts.ChunkSize, opts.Alone, opts.Lines = c.from, c.chunkSize, in.Files.Len() == 1, true
	in.Formats = opts.Formats()
	return logs.Records(ctx, in)
}

func (c *convertFlags) summarize(files *log.Files, w convert.Written, read convert.Read) *logsSummary {
	stats := read.Stats
	d := &logsSummary{Output: c.output, Format: c.from, Files: w.Files, Bytes: w.Bytes, Requests: w.Requests, TotalTokens: w.Tokens, ChunkLookups: w.Lookups,
		Empty: read.Sieve.Empty, Skipped: stats.Skipped, Torn: stats.Torn, Late: stats.Late, Damaged: stats.Damaged, FirstTimestamp: w.First, LastTimestamp: w.Last,
		Notes: c.notes(files, stats)}
	if _, ok := units.UTC(d.LastTimestamp); !ok {
		d.Notes = append(d.Notes, "Times are read as seconds, and lie beyond the year 9999: are they milliseconds?")
	}
	d.Notes = append(d.Notes, emptyNote(d.Empty)...)
	if w.Disordered > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%s written after a later one, as in the input: a reader restores the order of records that are up to %s lines late.",
			units.Count(w.Disordered, "request"), units.Comma(log.Window-1)))
	}
	return d
}
