package writer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"

	"hashlog/log"
)

// ErrDropped means that a lookup was not logged, because the queue is full or the lookup
// is invalid.
var ErrDropped = errors.New("writer: lookup dropped")

// ErrClosed means that the writer has been closed. The call is not counted.
var ErrClosed = errors.New("writer: closed")

// LossError is the error of [Writer.Close] if lookups were lost that no record in the log
// reports.
type LossError struct {
	Dropped int64 // lookups lost
	Cause   error // why Close could not write what was queued; nil if it could
}

func (e *LossError) Error() string {
	text := fmt.Sprintf("writer: %d lookups dropped at the end", e.Dropped)
	if e.Cause != nil {
		text += ": " + e.Cause.Error()
	}
	return text
}

func (e *LossError) Unwrap() error { return e.Cause }

// Writer logs lookups. It is made with [New] and is safe for concurrent use. A nil *Writer
// is valid and does nothing.
type Writer struct {
	queue *queue
	drain *drain
	opts  Options

	checking sync.Mutex
	checker  log.Checker
}

// New returns a writer that logs to the folder opts.Dir, which is made if it does not
// exist. If opts.Dir is empty, the writer is disabled. New fails with a *[FieldError] if an
// option makes no sense, and with the system's error if the folder cannot be made or
// listed. The caller must Close the writer.
func New(opts Options) (*Writer, error) {
	if opts.Dir == "" {
		return &Writer{}, nil
	}
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	w := &Writer{opts: opts, queue: newQueue(opts.QueueBytes, opts.QueueRecords)}
	if w.drain, err = newDrain(w.queue, opts); err != nil {
		return nil, err
	}
	return w, nil
}

// Enabled reports whether lookups are logged. If not, callers need not build them.
func (w *Writer) Enabled() bool { return w != nil && w.queue != nil }

// Record logs a lookup. It returns at once: nil, [ErrDropped] if the lookup was dropped, or
// [ErrClosed]. It copies l, and keeps no reference to its memory.
func (w *Writer) Record(l Lookup) error {
	if !w.Enabled() {
		return nil
	}
	return w.record(&l)
}

func (w *Writer) record(l *Lookup) error {
	var e entry
	w.measure(&e, l)
	if !e.valid() {
		return w.refuse()
	}
	s, v := w.queue.take(&e)
	switch v {
	case full:
		return ErrDropped
	case shut:
		return ErrClosed
	}
	e.put(w.queue.data(&e), l)
	s.ready.Store(true)
	return nil
}

func (w *Writer) measure(e *entry, l *Lookup) {
	e.measure(l)
	if e.timestamp == 0 {
		e.timestamp = float64(w.opts.now().UnixMicro()) / 1e6
	}
}

// refuse counts a call as dropped, unless the writer is closed.
func (w *Writer) refuse() error {
	if !w.queue.drop() {
		return ErrClosed
	}
	return ErrDropped
}

// RecordWait logs a lookup like [Writer.Record], but waits while the queue is full. If ctx
// ends before there is room, the lookup is dropped, and the error is [ErrDropped] and
// ctx.Err(). A lookup that is larger than the whole queue is accepted once the queue is
// empty.
func (w *Writer) RecordWait(ctx context.Context, l Lookup) error {
	if !w.Enabled() {
		return nil
	}
	var e entry
	w.measure(&e, &l)
	if !e.valid() {
		return w.refuse()
	}
	s, err := w.wait(ctx, &e)
	if err != nil {
		return err
	}
	e.put(w.queue.data(&e), &l)
	s.ready.Store(true)
	return nil
}

// WriteLine logs a record that is a line of JSON already, with or without its newline, byte
// for byte. It waits like [Writer.RecordWait], and copies the line before it returns. A line
// that is not a record is refused with an error that says why, and is not counted.
func (w *Writer) WriteLine(ctx context.Context, line []byte) error {
	if !w.Enabled() {
		return nil
	}
	if n := len(line); n > 0 && line[n-1] == '\n' {
		line = line[:n-1]
	}
	timestamp, err := w.check(line)
	if err != nil {
		return err
	}
	e := entry{line: true, timestamp: timestamp, size: len(line) + 1}
	s, err := w.wait(ctx, &e)
	if err != nil {
		return err
	}
	data := w.queue.data(&e)
	data[copy(data, line)] = '\n'
	s.ready.Store(true)
	return nil
}

func (w *Writer) check(line []byte) (timestamp float64, err error) {
	if bytes.IndexByte(line, '\n') >= 0 {
		return 0, errors.New("more than one line") // JSON allows a newline between two fields
	}
	if len(line) > log.MaxLine {
		return 0, fmt.Errorf("longer than %d bytes", log.MaxLine)
	}
	w.checking.Lock()
	defer w.checking.Unlock()
	return w.checker.Check(line)
}

// wait takes a slot as soon as there is room for an entry.
func (w *Writer) wait(ctx context.Context, e *entry) (*slot, error) {
	for {
		s, space, v := w.queue.takeOrWait(e)
		switch v {
		case taken:
			return s, nil
		case shut:
			return nil, ErrClosed
		}
		select {
		case <-space:
		case <-ctx.Done():
			if err := w.refuse(); err == ErrClosed {
				return nil, err
			}
			return nil, fmt.Errorf("%w: %w", ErrDropped, ctx.Err())
		}
	}
}

// Flush waits until everything recorded before the call has been given to the operating
// system or dropped. If ctx ends first, it returns ctx.Err().
func (w *Writer) Flush(ctx context.Context) error {
	if !w.Enabled() {
		return nil
	}
	done, forget := w.drain.flush()
	defer forget()
	select {
	case <-done:
		return nil
	case <-w.drain.done: // closed meanwhile, and thereby flushed
		return nil
	case <-w.drain.closed: // closed meanwhile, and what was left is dropped
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close writes what is queued, finishes the last segment and all compressions, and ends
// the writer's goroutines. If ctx ends first, what is left is dropped, and a compression
// under way is undone. The error is a *[LossError] if lookups were lost that no record
// reports. A second call only waits for the first to return.
func (w *Writer) Close(ctx context.Context) error {
	if !w.Enabled() {
		return nil
	}
	return w.drain.close(ctx)
}

// Stats is a snapshot of what a writer has done since New, in a form for package expvar.
type Stats struct {
	Recorded int64 `json:"recorded"` // calls of Record, RecordWait and WriteLine
	Written  int64 `json:"written"`  // records given to the operating system
	Dropped  int64 `json:"dropped"`  // records lost
	Queued   int64 `json:"queued"`   // recorded − written − dropped
	Bytes    int64 `json:"bytes"`    // in the lines written, before compression
	Segments int64 `json:"segments"` // begun
	Errors   int64 `json:"errors"`   // faults, every time one occurs

	// What MaxFiles and MaxBytes have deleted: segments, including those of earlier runs
	// and other writers; their bytes on disk; and the records of this writer in them. The
	// records of others are not counted: that would take reading them.
	DeletedFiles   int64 `json:"deleted_files"`
	DeletedBytes   int64 `json:"deleted_bytes"`
	DeletedRecords int64 `json:"deleted_records"`
}

// Stats returns a snapshot. It balances: recorded = written + dropped + queued.
func (w *Writer) Stats() Stats {
	if !w.Enabled() {
		return Stats{}
	}
	a, _ := w.queue.balance()
	deleted := &w.drain.janitor.deleted
	return Stats{Recorded: a.recorded, Written: a.written, Dropped: a.dropped, Queued: a.queued(),
		Bytes: a.bytes, Segments: w.drain.segments.Load(), Errors: w.drain.errors.Load(),
		DeletedFiles: deleted.files.Load(), DeletedBytes: deleted.bytes.Load(), DeletedRecords: deleted.records.Load()}
}
