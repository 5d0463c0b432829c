package writer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// bufferSize is how many bytes of text are collected before they are written.
	bufferSize = 256 << 10
	// pollInterval is how often the queue is emptied while lookups arrive.
	pollInterval = 20 * time.Millisecond
	// batch is how many lookups are formatted before their slots are freed.
	batch = 512
)

// drain is the goroutine that formats and writes the entries of the queue.
type drain struct {
	opts    Options
	queue   *queue
	outlet  outlet
	format  formatter
	janitor *janitor
	faults  *faults

	next    uint64    // number of the slot to format next
	at      time.Time // of the lookup formatted last, for names and rotation
	out     []byte    // lines not yet written
	ends    []int     // offset of the end of each
	told    []int64   // how many drops each reports
	since   time.Time // when the first of them was formatted
	checked time.Time // when the live segment was last looked for in its folder

	flushing sync.Mutex
	flushes  []flushRequest

	quit   chan struct{} // closed to drop what is left
	done   chan struct{} // closed when the goroutine ends
	closed chan struct{} // closed when close is about to return

	segments, errors atomic.Int64
}

// flushRequest is a call of Flush that waits for all slots below a number.
type flushRequest struct {
	upTo uint64
	done chan struct{} // closed when they are written or dropped
}

func newDrain(q *queue, opts Options) (*drain, error) {
	d := &drain{opts: opts, queue: q, outlet: outlet{opts: opts},
		quit: make(chan struct{}), done: make(chan struct{}), closed: make(chan struct{})}
	d.faults = newFaults(opts, &d.errors)
	if err := opts.fs.mkdirAll(opts.Dir); err != nil {
		return nil, err
	}
	held, temporary, err := list(opts.fs, opts.Dir)
	if err != nil {
		return nil, err
	}
	for _, h := range held {
		d.outlet.naming.after(h.name)
	}
	for _, name := range temporary {
		d.outlet.naming.after(strings.TrimSuffix(name, temporarySuffix))
	}
	d.janitor = newJanitor(opts, d.faults, held, temporary)
	go d.run()
	return d, nil
}

func (d *drain) run() {
	defer close(d.done)
	for !d.abandoned() {
		n := d.formatBatch()
		d.flushIfDue()
		if n > 0 {
			continue
		}
		if d.queue.finished(d.next) {
			d.writeOut()
			d.finishSegment()
			d.answerFlushes()
			return
		}
		d.rest()
	}
	d.finishSegment()
}

// abandoned reports whether what is left should be dropped.
func (d *drain) abandoned() bool {
	select {
	case <-d.quit:
		return true
	default:
		return false
	}
}

// formatBatch formats the lookups that are ready, at most a batch, and returns how many.
func (d *drain) formatBatch() (n int) {
	upTo := d.queue.upTo()
	for n < batch && d.next < upTo {
		e := d.queue.entry(d.next)
		if e == nil || !d.formatOne(e) {
			break
		}
		d.next++
		n++
	}
	d.queue.free(n)
	return n
}

// formatOne appends an entry's line to the lines to be written. It returns false if what is
// left should be dropped.
func (d *drain) formatOne(e *entry) bool {
	start := len(d.out)
	var err error
	if d.out, err = d.format.line(d.out, e, d.queue.data(e)); err != nil {
		d.queue.refuse(e.dropped)
		d.faults.meet("record", fmt.Errorf("a lookup cannot be logged: %w", err))
		return true
	}
	d.at = d.timeOf(e)
	if d.outlet.live != nil && d.outlet.outgrown(start, len(d.out)-start, d.at) {
		d.rotate(start)
	}
	if len(d.ends) == 0 {
		d.since = time.Now()
	}
	d.ends = append(d.ends, len(d.out))
	d.told = append(d.told, e.dropped)
	if !d.ensureSegment() {
		return false
	}
	if len(d.out) >= bufferSize {
		d.writeOut()
	}
	return true
}

// rotate ends the live segment with the lines up to an offset, and keeps the line after it
// for the next segment.
func (d *drain) rotate(start int) {
	line := append([]byte(nil), d.out[start:]...)
	d.out = d.out[:start]
	d.writeOut()
	d.finishSegment()
	d.out = append(d.out, line...)
}

// timeOf returns the time of an entry, for names and rotation.
func (d *drain) timeOf(e *entry) time.Time {
	if !d.opts.FollowTimestamps {
		return d.opts.now()
	}
	whole, part := math.Modf(e.timestamp)
	const most = 1 << 40 // seconds: some 35,000 years
	return time.Unix(int64(max(-most, min(whole, most))), int64(part*1e9))
}

// flushIfDue writes the formatted lines if they have waited long enough or a Flush waits.
func (d *drain) flushIfDue() {
	if len(d.ends) > 0 && (d.flushAsked() || time.Since(d.since) >= d.opts.FlushInterval) {
		d.writeOut()
	}
	d.answerFlushes()
}

// rest waits until there may be more to do.
func (d *drain) rest() {
	if d.next < d.queue.upTo() {
		time.Sleep(20 * time.Microsecond) // a caller is about to complete its entry
		return
	}
	wait := min(pollInterval, d.opts.FlushInterval)
	if len(d.ends) == 0 {
		if !d.queue.sleep(d.next) {
			return
		}
		wait = d.untilExpiry()
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-d.queue.wake:
	case <-timer.C:
		if len(d.ends) == 0 && d.outlet.live != nil && !d.opts.FollowTimestamps && d.outlet.expired(d.opts.now()) {
			d.finishSegment()
		}
	case <-d.quit:
	}
}

// untilExpiry returns how long an idle writer may sleep: until its live segment must be
// finished for its age.
func (d *drain) untilExpiry() time.Duration {
	const forever = time.Hour
	if d.outlet.live == nil || d.opts.RotateInterval < 0 || d.opts.FollowTimestamps {
		return forever
	}
	left := d.opts.RotateInterval - d.opts.now().Sub(d.outlet.live.begin)
	return max(time.Second, min(left, forever))
}

// flush requests that everything recorded so far is written. The caller must call forget
// when it stops waiting.
func (d *drain) flush() (done chan struct{}, forget func()) {
	done = make(chan struct{})
	d.flushing.Lock()
	d.flushes = append(d.flushes, flushRequest{d.queue.upTo(), done})
	d.flushing.Unlock()
	d.queue.rouse()
	return done, func() {
		d.flushing.Lock()
		defer d.flushing.Unlock()
		d.flushes = slices.DeleteFunc(d.flushes, func(f flushRequest) bool { return f.done == done })
	}
}

// flushAsked reports whether a Flush waits only for lines that have been formatted.
func (d *drain) flushAsked() bool {
	d.flushing.Lock()
	defer d.flushing.Unlock()
	for _, f := range d.flushes {
		if f.upTo <= d.next {
			return true
		}
	}
	return false
}

// answerFlushes answers the calls of Flush that have nothing left to wait for.
func (d *drain) answerFlushes() {
	if len(d.ends) > 0 {
		return
	}
	d.flushing.Lock()
	defer d.flushing.Unlock()
	kept := d.flushes[:0]
	for _, f := range d.flushes {
		if f.upTo <= d.next {
			close(f.done)
		} else {
			kept = append(kept, f)
		}
	}
	d.flushes = kept
}

// close ends the goroutines. See [Writer.Close].
func (d *drain) close(ctx context.Context) error {
	if !d.queue.close() {
		select {
		case <-d.closed:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer close(d.closed)
	cause := d.end(ctx)
	d.janitor.close(ctx)
	if _, lost := d.queue.balance(); lost > 0 {
		return &LossError{Dropped: lost, Cause: cause}
	}
	return nil
}

// end waits until everything is written. If the context ends first, it gives the goroutine
// a moment to finish a write that is under way, drops what is left, and returns the reason.
func (d *drain) end(ctx context.Context) (cause error) {
	defer d.queue.settle()
	select {
	case <-d.done:
		return nil
	case <-ctx.Done():
	}
	close(d.quit)
	select {
	case <-d.done:
	case <-time.After(d.opts.grace):
	}
	if fault := d.faults.obstacle(); fault != nil {
		return fmt.Errorf("%w (%w)", ctx.Err(), fault)
	}
	return ctx.Err()
}
