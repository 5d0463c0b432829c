package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// Options are the choices in reading. Its zero value is good.
type Options struct {
	// Strict makes the first bad record, and damaged compressed data, fatal: the
	// reading ends when it is met, before the records that are held back.
	Strict bool
	// AnyDType accepts records with an unknown dtype. Entry.ChunkBytes is 0 then.
	AnyDType bool
	// MaxOpen is how many regular files may be open at once; 0 means 64, or fewer where the
	// process may not open so many.
	MaxOpen int
	// Until, in seconds since the Unix epoch, ends the reading: in order of time all records
	// behind the first at or after it are too. What lies behind is not read, so neither
	// checked nor counted, and a log that begins there is not opened but for a look at its
	// first timestamps. Only a record that is late, as in the package comment, can be
	// missed so. nil: all is read.
	Until *float64
	// Formats are those that are recognised beside that of package log, in this order.
	Formats []Format

	maxLine int                 // MaxLine, less in tests
	window  int                 // Window, less in tests
	opened  func(*source.Input) // for tests: what is about to be decoded
	names   *line.Names         // that the decoders share; nil for none
}

// withDefaults fills in what was left out, for logs of which some are streams.
func (o Options) withDefaults(streams int) Options {
	const most, others = 64, 10 // others: files that a program writes to meanwhile, and the like
	if o.MaxOpen <= 0 {
		reserved := others + streams
		o.MaxOpen = max(1, source.FreeDescriptors(most+reserved)-reserved)
	}
	if o.maxLine == 0 {
		o.maxLine = source.MaxLine
	}
	if o.window == 0 {
		o.window = Window
	}
	o.names = &line.Names{}
	return o
}

// until reports whether a time lies at Until or behind it.
func (o *Options) until(timestamp float64) bool { return o.Until != nil && timestamp >= *o.Until }

// Reader yields the records of some logs in order of time. It is to be used by
// one goroutine, but for Progress.
type Reader struct {
	ctx       context.Context
	cancel    context.CancelFunc
	opts      Options
	opener    source.Opener
	scheduler *scheduler
	inputs    heap[*mergeInput]
	memory    memoryUse // by the feeds
	current   *item
	free      []*item  // to be used again
	last      position // the latest one yielded
	stats     Stats
	err       error
	cut       bool // closed before the end
	read      atomic.Int64
	total     int64
}

// newReader returns a reader of f.
func newReader(ctx context.Context, f *Files, opts Options) (*Reader, error) {
	opts = opts.withDefaults(f.streams())
	idle := source.NewDecompressors(runtime.GOMAXPROCS(0)) // as many logs are decoded at once, mostly
	if len(f.logs) > 1 {
		if err := peekAll(ctx, f, opts, idle); err != nil {
			return nil, err
		}
	}
	r := &Reader{
		opts:      opts,
		opener:    source.Opener{Pool: source.NewPool(opts.MaxOpen), Stdin: f.stdin, MaxLine: opts.maxLine, Decompressors: idle},
		scheduler: newScheduler(),
		last:      position{timestamp: math.Inf(-1)},
		total:     f.Bytes(),
	}
	r.ctx, r.cancel = context.WithCancel(ctx)
	r.opener.Read = &r.read
	for rank := range f.logs {
		r.inputs.push(r.newInput(f, rank))
	}
	r.scheduler.start(slices.DeleteFunc(slices.Clone(r.inputs), func(f *mergeInput) bool { return opts.until(f.next.timestamp) }))
	return r, nil
}

// Scan moves on to the next record. It returns false at the end and on an error,
// which Err then returns.
func (r *Reader) Scan() bool {
	r.recycle()
	if r.cut && r.err == nil {
		r.err = errClosed
	}
	for r.err == nil && len(r.inputs) > 0 {
		if r.err = r.ctx.Err(); r.err != nil {
			break
		}
		feed := r.inputs[0]
		if r.opts.until(feed.next.timestamp) {
			beyond := feed.next.timestamp
			r.stats.Beyond = &beyond
			break
		}
		if feed.begun {
			r.current = feed.window.pop()
			r.memory.add(-r.current.memory())
		}
		feed.begun = true
		r.advance(feed)
		if r.current != nil && r.err == nil {
			r.yield(feed.next.rank)
			return true
		}
	}
	r.recycle()
	return false
}

// Entry returns the record, nil before the first Scan and after one that returned false. It is good until the next Scan,
// or until it is taken.
func (r *Reader) Entry() *Entry {
	if r.current == nil {
		return nil
	}
	return &r.current.Entry
}

// Take moves the record into e, for as long as the caller likes, and takes over the
// memory of what e held for later records. Where there is no record, e becomes empty.
func (r *Reader) Take(e *Entry) {
	if r.current == nil {
		*e = Entry{}
		return
	}
	*e, r.current.Entry = r.current.Entry, *e
}

// Err returns the error that ended the reading: of a file, of the context, or,
// if Options.Strict, a *Problem. Reaching the end is none.
func (r *Reader) Err() error { return r.err }

// Stats returns what the reader has met so far.
func (r *Reader) Stats() Stats { return r.stats.clone() }

// Held returns how many bytes of memory, about, the records have taken that waited at once, at most: those held back to put
// late ones right and those decoded ahead, of all logs that overlap in time.
func (r *Reader) Held() int64 { return r.memory.peak }

// Progress returns how many bytes have been read, compressed where the logs
// are, and how many there were at the beginning, -1 if that is unknown. It may
// be called from any goroutine.
func (r *Reader) Progress() (read, total int64) {
	read = r.read.Load()
	if r.total >= 0 {
		read = min(read, r.total) // a live log grows
	}
	return read, r.total
}

// Close ends what goes on in the background and releases everything the reader holds.
// It doesn't wait for a stream that is blocked in a read.
func (r *Reader) Close() error {
	r.cancel()
	r.scheduler.stop()
	r.opener.Decompressors.Drop()
	for _, f := range r.inputs {
		f.job.close()
	}
	r.cut = r.cut || len(r.inputs) > 0
	r.inputs, r.free, r.current = nil, nil, nil
	return nil
}

// advance fills the window of the first feed, and puts the feed into its new
// place.
func (r *Reader) advance(f *mergeInput) {
	for !f.ended && f.window.len() < r.opts.window && r.err == nil {
		r.load(f)
	}
	if f.window.len() == 0 {
		if r.err == nil {
			r.inputs.pop()
		}
		return
	}
	f.update()
	r.inputs.fix()
}

// load takes one line into the window.
func (r *Reader) load(f *mergeInput) {
	if f.batch == nil || f.used == len(f.batch.lines) {
		if f.batch != nil && f.batch.err != nil {
			r.end(f)
			return
		}
		r.giveBack(f.batch)
		f.batch, f.used = f.job.next(f.batch), 0
		r.stats.readAs(f.log.Path, f.batch.readAs)
		r.memory.add(f.batch.buffered() - f.buffered)
		f.buffered = f.batch.buffered()
		return
	}
	line := &f.batch.lines[f.used]
	f.used++
	f.sawLine = true
	if line.item == nil {
		r.refuse(f, &line.bad)
		return
	}
	line.item.File = f.log.Path
	f.push(line.item)
	r.memory.add(line.item.memory())
}

// giveBack equips a batch that has been merged with items that are free, as many as it
// will hold.
func (r *Reader) giveBack(b *batch) {
	if b == nil {
		return
	}
	clear(b.lines) // their items are elsewhere now, or gone
	n := min(len(r.free), max(0, batchRecords-len(b.free)))
	given := r.free[len(r.free)-n:]
	b.free = append(b.free, given...)
	clear(given)
	r.free = r.free[:len(r.free)-n]
}

// refuse reports a line that is no record. Without a newline it is torn, unless
// it is all there, or belongs to what has ended the reading.
func (r *Reader) refuse(f *mergeInput, line *badLine) {
	switch {
	case line.ended, !line.tooLong && !IsNotJSON(line.err):
		r.report(Problem{f.log.Path, line.number, KindSkipped, line.err.Error()})
	case line.atEnd:
		r.report(Problem{f.log.Path, line.number, KindTorn, "torn last line: " + line.err.Error()})
	}
}

// end takes note of why a file has ended.
func (r *Reader) end(f *mergeInput) {
	f.ended = true
	b := f.batch
	switch {
	case b.broken != nil:
		r.err = b.broken
	case b.err != io.EOF:
		r.report(*damaged(f.log.Path, b.stopped, b.err))
	case !f.sawLine:
		r.report(Problem{f.log.Path, 0, KindEmpty, "is empty"})
	}
	r.giveBack(b)
	r.scheduler.reuse(b)
	f.batch = nil
}

func (r *Reader) report(p Problem) {
	r.stats.Add(p)
	if r.opts.Strict && (p.Kind == KindSkipped || p.Kind == KindDamaged) {
		r.err = &p
	}
}

// yield counts the current record, which comes from the file of that rank.
func (r *Reader) yield(rank int) {
	it := r.current
	r.stats.Records++
	at := position{it.Timestamp, rank, it.Line}
	switch {
	case at.before(r.last):
		late := r.last.timestamp - at.timestamp
		r.report(Problem{it.File, it.Line, KindLate, "late by " + seconds(late) + ": replayed out of order"})
		return
	case it.strayed:
		r.stats.OutOfOrder++
	}
	r.last = at
}

func seconds(s float64) string {
	if s >= 1 {
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.3g s", s)
}

// recycle lets the current record be used again, unless its memory is
// exceptionally large.
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
