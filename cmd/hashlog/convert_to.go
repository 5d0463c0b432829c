package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/log"
	"hashlog/log/foreign"
)

// traced is what convert --to tells at the end.
type traced struct {
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

func (m *traced) text(out io.Writer, quiet bool) {
	fmt.Fprintf(out, "%s of %s, %s to %s (%s)\n", units.Count(m.Requests, "request"), units.Count(m.UniqueChunks, "unique chunk"),
		units.FormatTime(m.FirstTimestamp), units.FormatTime(m.LastTimestamp), units.FormatSpan(m.LastTimestamp-m.FirstTimestamp))
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
	fmt.Fprintf(out, "the trace leaves out model names, sizes in bytes and the date; for the same hits, run: hashlog inspect %s --block-size %d%s\n", name, m.BlockSize, keepTail)
}

// runTo makes a trace of logs.
func (c *convertFlags) runTo(ctx context.Context, env *env, args []string) error {
	files, err := log.Find(ctx, args, env.stdin)
	if err != nil {
		return err
	}
	if err := c.checkTarget(); err != nil {
		return err
	}
	var outputs []string
	if c.output != "" {
		outputs = []string{c.output}
	} else if err := needsStdout(env); err != nil {
		return err
	}
	if err := spareLogs(env, args, files, "file", outputs...); err != nil {
		return err
	}
	t := &tracing{flags: c, env: env, files: files}
	if c.output == "" {
		_, err = await(ctx, func() (struct{}, error) { return struct{}{}, t.write(ctx, env.stdout) })
	} else {
		err = t.writeFile(ctx)
	}
	if err != nil {
		return err
	}
	if err := t.tell(ctx); err != nil {
		return err
	}
	return finish(env, t.stats)
}

// checkTarget refuses to replace what is no file.
func (c *convertFlags) checkTarget() error {
	if c.output == "" {
		return nil
	}
	info, err := os.Stat(c.output)
	folder := os.IsPathSeparator(c.output[len(c.output)-1])
	if err != nil && !folder {
		return nil
	}
	if folder || info.IsDir() {
		return usageError{fmt.Errorf("-o %s is a folder: name a file for the trace", log.Quoted(c.output))}
	}
	if !info.Mode().IsRegular() {
		return usageError{fmt.Errorf("-o %s is not a regular file: omit -o to write the trace to stdout", log.Quoted(c.output))}
	}
	return nil
}

// tracing is a trace being made.
type tracing struct {
	flags   *convertFlags
	env     *env
	files   *log.Files
	encoder foreign.Encoder
	stats   log.Stats
	empty   int64
	first   float64 // timestamps of the rows
	last    float64
}

// survey looks at all records, so that a trace that cannot be made is not begun. What can be
// read only once is not looked at.
func (t *tracing) survey(ctx context.Context) error {
	if t.files.Streams() {
		return nil
	}
	c := t.flags
	passed, stats, err := c.each(ctx, t.files, c.format.opts.Formats(), c.bar(t.env), "surveying", func(e *log.Entry) error {
		t.encoder.Add(e)
		return nil
	})
	if err != nil {
		return err
	}
	if passed.Passed == 0 {
		return c.nothing(t.env, passed, t.files, stats)
	}
	return t.encoder.Err()
}

// write writes the trace.
func (t *tracing) write(ctx context.Context, out io.Writer) error {
	c := t.flags
	t.encoder.IgnoreModel = c.ignoreModel
	if err := t.survey(ctx); err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(out, 1<<16)
	var row []byte
	passed, stats, err := c.each(ctx, t.files, c.format.opts.Formats(), c.bar(t.env), "converting", func(e *log.Entry) (err error) {
		if row, err = t.encoder.Append(row[:0], e); err != nil {
			if t.encoder.Err() == nil {
				err = refused{err}
			}
			return err
		}
		if t.encoder.Rows() == 1 {
			t.first, t.last = e.Timestamp, e.Timestamp
		}
		t.last = max(t.last, e.Timestamp)
		return writing(buffered.Write(row))
	})
	t.stats = stats
	if passed != nil {
		t.empty = passed.Empty
	}
	if err != nil {
		return err
	}
	if t.encoder.Rows() == 0 {
		return c.nothing(t.env, passed, t.files, stats)
	}
	return writing(0, buffered.Flush())
}

// writing says what failed.
func writing(_ int, err error) error {
	if err != nil {
		return fmt.Errorf("writing the trace: %w", err)
	}
	return nil
}

// writeFile writes the trace to a file, which stands under its name once it is whole.
func (t *tracing) writeFile(ctx context.Context) error {
	path := t.flags.output
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	set, err := atomicfile.NewSet(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer set.Abort()
	set.Sweep(filepath.Base(path))
	var failed error // which says itself what was being done
	err = set.Write(ctx, atomicfile.File{Name: filepath.Base(path), Render: func(out io.Writer) error {
		failed = t.write(ctx, out)
		return failed
	}})
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	return set.Commit()
}

// tell prints what the trace is: on stdout, unless that is the trace.
func (t *tracing) tell(ctx context.Context) error {
	c := t.flags
	m := traced{Output: c.output, Format: c.to, Requests: t.encoder.Rows(), UniqueChunks: t.encoder.Chunks(), BlockSize: t.encoder.ChunkSize(),
		KeepTail: t.encoder.Tails(), Empty: t.empty, Skipped: t.stats.Skipped, Torn: t.stats.Torn, Late: t.stats.Late, Damaged: t.stats.Damaged,
		FirstTimestamp: t.first, LastTimestamp: t.last, Notes: append([]string{}, t.files.Notes()...)}
	for _, f := range t.stats.Foreign {
		m.Notes = append(m.Notes, c.readAs(f))
	}
	if empty := t.stats.EmptyNote(); empty != "" {
		m.Notes = append(m.Notes, empty)
	}
	if t.empty > 0 {
		m.Notes = append(m.Notes, units.Count(t.empty, "record")+" with neither chunks nor tokens left out.")
	}
	if n := t.encoder.Stray(); n > 0 {
		m.Notes = append(m.Notes, fmt.Sprintf("%s got an id for a partial tail without a hash, because the first tail with a hash came later: "+
			"with --keep-tail each of these ids is one chunk too many. Convert files instead of a stream to avoid this.", units.Count(n, "request")))
	}
	if c.output == "" {
		if !c.quiet {
			m.text(t.env.stderr, false)
		}
		return nil
	}
	return sumUp(ctx, t.env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, m)
		}
		m.text(out, c.quiet)
		return nil
	})
}
