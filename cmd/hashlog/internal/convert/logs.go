package convert

import (
	"context"
	"errors"

	"hashlog/log"
	"hashlog/writer"
)

// Logs writes records to logs. It begins them with the first record.
type Logs struct {
	opts    writer.Options
	claim   func() (release func(), err error)
	release func() // lets others have the folder; nil until it is claimed

	w     *writer.Writer // nil between logs
	last  float64        // latest timestamp that w was given
	apart bool           // the next record comes from another file than the last
	total Written
}

// Written is what a Logs has written.
type Written struct {
	Files, Bytes int64 // bytes before compression
	Requests     int64
	Tokens       int64
	Lookups      int64   // of chunks
	First, Last  float64 // timestamps
	Disordered   int64   // requests written after a later one
}

// NewLogs returns a Logs that writes with some options; it sees to those about the number of files and the times in their
// names. Before the first record it claims the folder.
func NewLogs(opts writer.Options, claim func() (release func(), err error)) *Logs {
	opts.MaxFiles, opts.FollowTimestamps = -1, true
	return &Logs{opts: opts, claim: claim}
}

// Records writes the records of an input whose formats render them (foreign.Options.Lines).
func (l *Logs) Records(ctx context.Context, in Input) (Read, error) {
	return in.each(ctx, "converting", func(e *log.Entry) error { return l.put(ctx, e) })
}

// put writes a record that has been rendered.
func (l *Logs) put(ctx context.Context, e *log.Entry) error {
	if l.apart && l.w != nil && e.Timestamp < l.last {
		if err := l.Close(ctx); err != nil {
			return err
		}
	}
	l.apart = false
	if l.w == nil {
		if err := l.open(); err != nil {
			return err
		}
		l.last = e.Timestamp
	}
	switch err := l.w.WriteLine(ctx, e.Text); {
	case errors.Is(err, writer.ErrDropped), errors.Is(err, writer.ErrClosed):
		return err
	case err != nil:
		return refused{err}
	}
	t := &l.total
	if t.Requests++; t.Requests == 1 {
		t.First, t.Last = e.Timestamp, e.Timestamp
	}
	if e.Timestamp < l.last {
		t.Disordered++
	}
	l.last = max(l.last, e.Timestamp)
	t.First, t.Last = min(t.First, e.Timestamp), max(t.Last, e.Timestamp)
	t.Tokens += e.SeqLen
	t.Lookups += int64(len(e.Hashes))
	return nil
}

// open begins logs. It claims the folder for the first.
func (l *Logs) open() (err error) {
	if l.release == nil {
		if l.release, err = l.claim(); err != nil {
			return err
		}
	}
	l.w, err = writer.New(l.opts)
	return err
}

// Close ends the logs. Records that follow begin others, so that a reader puts them in order of time with these.
func (l *Logs) Close(ctx context.Context) error {
	if l.w == nil {
		return nil
	}
	err := l.w.Close(ctx)
	of := l.w.Stats()
	l.total.Files += of.Segments
	l.total.Bytes += of.Bytes
	l.w = nil
	return err
}

// Written returns what has been written; files and bytes are those of closed logs.
func (l *Logs) Written() Written { return l.total }

// Claimed reports whether the folder has been claimed.
func (l *Logs) Claimed() bool { return l.release != nil }

// Release lets others have the folder.
func (l *Logs) Release() {
	if l.release != nil {
		l.release()
	}
}
