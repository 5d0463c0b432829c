package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/atomicfile"
	"hashlog/cmd/hashlog/internal/progress"
	"hashlog/log"
	"hashlog/log/foreign"
	"hashlog/writer"
)

// converted is what convert --from tells at the end.
type converted struct {
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

	disordered int64 // requests written behind a later one
}

func (d *converted) text(out io.Writer, quiet bool) {
	fmt.Fprintf(out, "%s in %s, %s to %s (%s)\n", units.Count(d.Requests, "request"), units.Count(d.Files, "file"),
		units.FormatTime(d.FirstTimestamp), units.FormatTime(d.LastTimestamp), units.FormatSpan(d.LastTimestamp-d.FirstTimestamp))
	fmt.Fprintf(out, "%s; %s\n", units.Count(d.TotalTokens, "token"), units.Count(d.ChunkLookups, "chunk lookup"))
	if !quiet {
		for _, n := range d.Notes {
			fmt.Fprintf(out, "note: %s\n", n)
		}
	}
	fmt.Fprintf(out, "%s holds %s of records: hashlog inspect %s\n", log.Quoted(d.Output), units.FormatBytes(d.Bytes), log.Quoted(d.Output))
}

// runFrom makes logs of traces.
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
	s := &sink{flags: c, fail: stop, done: converted{Output: c.output, Format: c.from, Notes: []string{}}}
	defer s.unclaim()
	defer func() {
		if s.release != nil { // else what is there may be another run's; and before another may claim it
			removeMade(missing, &err)
		}
	}()
	passed, stats, err := s.convert(working, files, c.bar(env))
	closing, cancel := afterwards(working, stopTime)
	defer cancel()
	if closed := s.close(closing); err == nil {
		err = closed
	}
	if err := ended(ctx, working, err); err != nil {
		return err
	}
	if s.done.Requests == 0 {
		return c.nothing(env, passed, files, stats)
	}
	s.done.Empty = passed.Empty
	s.tally(files, stats)
	err = sumUp(ctx, env, c.json, func(out io.Writer) error {
		if c.json {
			return writeJSON(out, s.done)
		}
		s.done.text(out, c.quiet)
		return nil
	})
	if err != nil {
		return err
	}
	return finish(env, stats)
}

// sink writes records to logs. It begins with the first one.
type sink struct {
	flags   *convertFlags
	fail    func(error) // ends it all: nobody waits for a disk to have room again
	release func()      // lets others have the folder; nil until it is ours
	w       *writer.Writer
	last    float64 // latest timestamp that w was given
	apart   bool    // the next record comes from another file than the last
	done    converted
}

// convert writes all records.
func (s *sink) convert(ctx context.Context, files *log.Files, bar *progress.Bar) (*analyze.Sieve, log.Stats, error) {
	c := s.flags
	if c.from == foreign.Table {
		return s.table(ctx, files, bar)
	}
	opts := c.format.opts
	opts.Format, opts.ChunkSize, opts.Alone, opts.Lines = c.from, c.chunkSize, files.Len() == 1, true
	return c.each(ctx, files, opts.Formats(), bar, "converting", func(e *log.Entry) error { return s.put(ctx, e) })
}

// put writes a record that has been rendered.
func (s *sink) put(ctx context.Context, e *log.Entry) error {
	if s.apart && s.w != nil && e.Timestamp < s.last {
		if err := s.close(ctx); err != nil {
			return err
		}
	}
	s.apart = false
	if s.w == nil {
		if err := s.open(); err != nil {
			return err
		}
		s.last = e.Timestamp
	}
	switch err := s.w.WriteLine(ctx, e.Text); {
	case errors.Is(err, writer.ErrDropped), errors.Is(err, writer.ErrClosed):
		return err
	case err != nil:
		return refused{err}
	}
	d := &s.done
	if d.Requests++; d.Requests == 1 {
		d.FirstTimestamp, d.LastTimestamp = e.Timestamp, e.Timestamp
	}
	if e.Timestamp < s.last {
		d.disordered++
	}
	s.last = max(s.last, e.Timestamp)
	d.FirstTimestamp, d.LastTimestamp = min(d.FirstTimestamp, e.Timestamp), max(d.LastTimestamp, e.Timestamp)
	d.TotalTokens += e.SeqLen
	d.ChunkLookups += int64(len(e.Hashes))
	return nil
}

// open begins logs. It claims the folder for the first.
func (s *sink) open() (err error) {
	if s.release == nil {
		if s.release, err = claimFolder(s.flags.output); err != nil {
			return err
		}
	}
	opts := s.flags.writing
	opts.Dir, opts.MaxFiles, opts.FollowTimestamps, opts.OnError = s.flags.output, -1, true, s.fail
	s.w, err = writer.New(opts)
	return err
}

// unclaim lets others have the folder.
func (s *sink) unclaim() {
	if s.release != nil {
		s.release()
	}
}

// close ends the logs. Records that follow begin another, so that a reader puts them in order of time with these.
func (s *sink) close(ctx context.Context) error {
	err := s.w.Close(ctx)
	of := s.w.Stats()
	s.done.Files += of.Segments
	s.done.Bytes += of.Bytes
	s.w = nil
	return err
}

// tally adds what was met on the way.
func (s *sink) tally(files *log.Files, stats log.Stats) {
	d := &s.done
	d.Skipped, d.Torn, d.Late, d.Damaged = stats.Skipped, stats.Torn, stats.Late, stats.Damaged
	d.Notes = append(d.Notes, files.Notes()...)
	for _, f := range stats.Foreign {
		d.Notes = append(d.Notes, s.flags.readAs(f))
	}
	if empty := stats.EmptyNote(); empty != "" {
		d.Notes = append(d.Notes, empty)
	}
	if _, ok := units.UTC(d.LastTimestamp); !ok {
		d.Notes = append(d.Notes, "Times are read as seconds, and lie beyond the year 9999: are they milliseconds?")
	}
	if d.Empty > 0 {
		d.Notes = append(d.Notes, units.Count(d.Empty, "record")+" with neither chunks nor tokens left out.")
	}
	if d.disordered > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%s written after a later one, as in the input: a reader restores the order of records that are up to %s lines late.",
			units.Count(d.disordered, "request"), units.Comma(log.Window-1)))
	}
}
