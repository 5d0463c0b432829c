package writer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hashlog/log"
)

// ErrDropped says that a lookup was not logged: the queue is full, or it is not fit
// to be logged.
var ErrDropped = errors.New("writer: lookup dropped")

// ErrClosed says that the writer has been closed. The call is not counted.
var ErrClosed = errors.New("writer: closed")

// LossError says that lookups were lost that no record in the log tells of.
type LossError struct {
	Dropped int64
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

// Writer logs lookups. It is made with New and safe for concurrent use; a nil
// *Writer does nothing.
type Writer struct {
	queue *queue
	drain *drain
	opts  Options

	checking sync.Mutex
	checker  log.Checker
}

// New returns a writer of the folder Options.Dir, which is made if it does not exist;
// without one, a disabled writer. It fails if options make no sense or the folder
// cannot be made or listed. The caller must Close it.
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

// Enabled reports whether lookups are logged, so that callers need not even build
// them where they are not.
func (w *Writer) Enabled() bool { return w != nil && w.queue != nil }

// Record logs a lookup. It returns at once: with nil, with ErrDropped if the lookup
// was dropped, or with ErrClosed.
func (w *Writer) Record(l Lookup) error {
	if !w.Enabled() {
		return nil
	}
	return w.record(&l)
}

func (w *Writer) record(l *Lookup) error {
	var e entry
	w.measure(&e, l)
	if !e.fit() {
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

// refuse drops a call, unless the writer is closed.
func (w *Writer) refuse() error {
	if !w.queue.drop() {
		return ErrClosed
	}
	return ErrDropped
}

// RecordWait logs a lookup like Record, but waits while the queue is full, until the
// context ends. A lookup larger than the whole queue goes through alone, once the
// queue is empty.
func (w *Writer) RecordWait(ctx context.Context, l Lookup) error {
	if !w.Enabled() {
		return nil
	}
	var e entry
	w.measure(&e, &l)
	if !e.fit() {
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

// WriteLine logs a line that is a record already, with or without its newline, as it
// is. It waits like RecordWait. A line that is no record is refused with what is
// wrong with it, and not counted.
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
		return 0, errors.New("more than one line") // between two fields JSON allows it
	}
	if len(line) > log.MaxLine {
		return 0, fmt.Errorf("longer than %d bytes", log.MaxLine)
	}
	w.checking.Lock()
	defer w.checking.Unlock()
	return w.checker.Check(line)
}

// wait takes a slot as soon as there is room.
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

// Flush returns when everything recorded before has been given to the operating
// system or dropped, or when the context ends.
func (w *Writer) Flush(ctx context.Context) error {
	if !w.Enabled() {
		return nil
	}
	done, forget := w.drain.flush()
	defer forget()
	select {
	case <-done:
		return nil
	case <-w.drain.done: // closed meanwhile, and with that flushed
		return nil
	case <-w.drain.closed: // or dropped
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close logs what is queued, finishes the last segment and the compressions under
// way, and ends the writer's goroutines. When the context ends before that, what is
// left is dropped, and compressions under way are undone. Its error is a *LossError
// if lookups were lost that no record tells of. A further call only waits for the
// first to end.
func (w *Writer) Close(ctx context.Context) error {
	if !w.Enabled() {
		return nil
	}
	return w.drain.close(ctx)
}

// Stats is a snapshot of what a writer has done. It is fit for package expvar.
type Stats struct {
	Recorded int64 `json:"recorded"` // calls on the open writer
	Written  int64 `json:"written"`  // given to the operating system
	Dropped  int64 `json:"dropped"`
	Queued   int64 `json:"queued"`   // recorded − written − dropped
	Bytes    int64 `json:"bytes"`    // of the lines written
	Segments int64 `json:"segments"` // begun
	Errors   int64 `json:"errors"`   // faults met, each time

	// What MaxFiles and MaxBytes have cost: segments, those of earlier runs and other
	// writers too; their bytes on disk; and the records that this writer had written to
	// them. How many others had, nobody knows without reading.
	DeletedFiles   int64 `json:"deleted_files"`
	DeletedBytes   int64 `json:"deleted_bytes"`
	DeletedRecords int64 `json:"deleted_records"`
}

// Stats returns a snapshot. Its account balances: recorded = written + dropped +
// queued.
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

// closeGrace is how long Close waits after its context has ended for goroutines that
// hang in a call of the operating system.
const closeGrace = 100 * time.Millisecond
