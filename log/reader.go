package log

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"hashlog/log/internal/source"
	"hashlog/log/s3"
)

// Reader yields the records of some logs in order of time. It must be used by one goroutine,
// except for Progress.
type Reader struct {
	ctx       context.Context
	cancel    context.CancelFunc
	opts      Options
	opener    source.Opener
	store     *s3.Store // nil if no log is an object
	scheduler *scheduler
	inputs    heap[*mergeInput]
	memory    memoryUse
	current   *item
	free      []*item  // to be reused
	last      position // the latest one reached by a record
	stats     counts
	preceding counts // what belongs to earlier parts
	within    bool   // stats count what is met now, not preceding
	files     *Files
	tallies   []tally // by rank
	settled   bool    // the pass has been compared with that before
	err       error
	cut       bool // closed before the end
	read      atomic.Int64
	total     int64
}

// newReader returns a reader of f.
func newReader(ctx context.Context, f *Files, opts Options) (*Reader, error) {
	opts = opts.withDefaults(f.streams())
	idle := source.NewDecompressors(runtime.GOMAXPROCS(0)) // as many logs are decoded at once, mostly
	tallies := newTallies(f.logs, opts.Behind)
	survey, err := newSurvey(ctx, f, opts, idle, tallies)
	if err != nil {
		return nil, err
	}
	r := &Reader{
		opts:      opts,
		opener:    source.Opener{Pool: source.NewPool(opts.MaxOpen), Stdin: f.stdin, MaxLine: opts.maxLine, Decompressors: idle},
		scheduler: newScheduler(),
		store:     f.store,
		files:     f,
		tallies:   tallies,
		last:      position{timestamp: math.Inf(-1)},
		total:     f.Bytes(),
		within:    !opts.Part || opts.Since == nil,
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.opener.Read = &r.read
	for rank := range f.logs {
		switch c := &tallies[rank]; {
		case c.unchanged():
			r.leaveUnchanged(c)
		case survey.ended[rank]:
			r.leaveOut(c, survey.times[rank])
		default:
			r.inputs.push(r.newInput(f, rank, survey.earliest[rank]))
		}
	}
	r.scheduler.start(slices.DeleteFunc(slices.Clone(r.inputs), func(f *mergeInput) bool { return opts.atUntil(f.next.timestamp) }))
	return r, nil
}

// leaveOut counts a log that isn't read, since it ends before Since.
func (r *Reader) leaveOut(c *tally, known times) {
	if r.total >= 0 {
		r.total -= c.log.Size()
	}
	if c.known != nil {
		return // the pass before has counted it
	}
	s := r.counts()
	s.Stats.Merge(&Stats{Unread: 1, FirstUnread: c.log.Path})
	if known.first <= known.last {
		s.span(known.first, known.last)
	}
}

// Scan advances to the next record. It returns false at the end and after an error, which Err
// returns.
func (r *Reader) Scan() bool {
	r.recycle()
	if r.cut && r.err == nil {
		r.err = errClosed
	}
	for r.err == nil && len(r.inputs) > 0 {
		if r.err = r.ctx.Err(); r.err != nil {
			break
		}
		first := r.inputs[0]
		if r.opts.atUntil(first.next.timestamp) {
			r.endAt(first.next.timestamp)
			break
		}
		r.within = r.within || !r.opts.beforeSince(first.next.timestamp)
		if first.begun {
			r.current = first.window.pop()
			r.memory.add(-r.current.memory())
		}
		if !first.begun {
			first.begun = true
			r.begin(first.tally)
		}
		r.advance(first)
		if r.current != nil && r.err == nil && r.meet(first) {
			return true
		}
	}
	r.recycle()
	if r.err == nil && !r.settled {
		r.settled = true
		r.settle()
	}
	return false
}

// Entry returns the record, nil before the first Scan and after one that returned false. It is
// valid until the next Scan or Take.
func (r *Reader) Entry() *Entry {
	if r.current == nil {
		return nil
	}
	return &r.current.Entry
}

// Take moves the record into e, which then owns it, and reuses the memory that e held for later
// records. If there is no record, e becomes the zero Entry.
func (r *Reader) Take(e *Entry) {
	if r.current == nil {
		*e = Entry{}
		return
	}
	*e, r.current.Entry = r.current.Entry, *e
}

// Err returns the error that has ended the reading: of a file, of the context or, if
// Options.Strict, a *Problem. It is nil at the end of the logs.
func (r *Reader) Err() error { return r.err }

// Stats returns the counts so far.
func (r *Reader) Stats() Stats { return r.stats.clone() }

// Earlier returns what was read so far that belongs to passes over earlier parts of the logs, with Options.Part: records as BeforeSince.
func (r *Reader) Earlier() Stats { return r.preceding.clone() }

// Held returns about how many bytes of memory waiting records have taken at most: records held
// back to put late ones in order and records decoded ahead, of all logs that overlap in time.
func (r *Reader) Held() int64 { return r.memory.peak }

// Progress returns how many bytes have been read, before decompression, and how many there were
// at the beginning, -1 if unknown. It may be called from any goroutine.
func (r *Reader) Progress() (read, total int64) {
	read = r.read.Load()
	if r.total >= 0 {
		read = min(read, r.total) // a live log grows
	}
	return read, r.total
}

// Close ends the reading and releases all files and memory. It does not wait for a stream that is
// blocked in a read.
func (r *Reader) Close() error {
	r.cancel()
	r.scheduler.stop()
	r.opener.Decompressors.Drop()
	for _, f := range r.inputs {
		f.job.close()
	}
	if r.store != nil {
		r.store.CloseIdle()
	}
	r.cut = r.cut || len(r.inputs) > 0
	r.inputs, r.free, r.current = nil, nil, nil
	return nil
}

func (r *Reader) report(p Problem) {
	r.counts().Add(p)
	if r.opts.Strict && r.within && p.fatal() {
		r.err = &p
	}
}

// meet counts the current record, which comes from that log, and whatever is wrong behind it. It
// reports whether the record is to be yielded.
func (r *Reader) meet(f *mergeInput) bool {
	yields := r.count(f)
	r.reportBehind(r.current)
	if !yields {
		r.recycle()
	}
	return yields
}

// count is meet for the record alone.
func (r *Reader) count(f *mergeInput) bool {
	it, beforeSince := r.current, r.beforeSince(r.current.Timestamp)
	if beforeSince && f.tally.counted(it.Line) || !beforeSince && r.passOver(f.tally) {
		return false
	}
	s := r.counts()
	s.span(it.Timestamp, it.Timestamp)
	r.order(position{it.Timestamp, f.next.rank, it.Line})
	if beforeSince {
		s.BeforeSince++
		if r.opts.Part {
			f.tally.preceding++
		}
		return false
	}
	f.tally.count(it.Timestamp)
	s.Records++
	return true
}

// order reports the current record if it is late, and counts it if it was put in order.
func (r *Reader) order(at position) {
	it := r.current
	switch {
	case at.before(r.last):
		late := r.last.timestamp - at.timestamp
		r.report(Problem{it.File, it.Line, KindLate, "late by " + seconds(late) + ": replayed out of order"})
		return
	case it.strayed:
		r.counts().OutOfOrder++
	}
	r.last = at
}

func seconds(s float64) string {
	if s >= 1 {
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.3g s", s)
}

// recycle releases the current record for reuse, unless its memory is exceptionally large.
func (r *Reader) recycle() {
	if it := r.current; it != nil && !it.large() && !it.wasteful() && len(r.free) < r.opts.window {
		r.free = append(r.free, it)
	}
	r.current = nil
}

var (
	errUsed   = errors.New("standard input and FIFOs can be read only once")
	errClosed = errors.New("reading on after the reader has been closed")
)
