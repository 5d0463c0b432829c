package log

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

const (
	// batchRecords and batchBytes bound what is handed from decoding to the merge at
	// once.
	batchRecords = 256
	batchBytes   = 256 << 10

	// batches is how far a log that is being merged may be decoded ahead.
	batches = 4

	// packedAhead is how many bytes of logs may have been decoded before the merge came to
	// them, all together, for one that is compressed to be decoded on: a hash takes eight then, so many
	// a log is done when the merge comes to it. Decoding a plain log is quick, and its
	// beginning is enough: what waits for long has left the processor's caches.
	packedAhead = 32 << 20
	plainAhead  = 4 << 20
)

// supply decodes logs, each in a goroutine of its own: those that are being merged, and
// of the next ones as many as there are processors left. What is decoded waits in queues of
// bounded size, so memory does not depend on which side is slower.
//
// The merge takes the batches of a log in their order and what is decoded depends on
// nothing but the log, so the goroutines change nothing but the speed.
//
// For those who change this: the merge waits only for a log that has begun, and one that
// has begun may always be decoded while its queue is empty, so they cannot wait for each
// other. Batches and items have one owner at a time: a decoding, its queue, the merge, or
// spare. TestDecodesAhead and TestStartsFew hold the bounds, TestSameOnAnyProcessors and
// FuzzReader the order, TestNoGarbage the recycling, TestClosedInTheMiddle and the leak
// check of TestMain the end of all goroutines.
type supply struct {
	mu      sync.Mutex
	changed sync.Cond // something below, or in a decoding
	coming  []*decoding
	running int
	most    int // how many run at once, but for those that the merge waits for
	ahead   int // bytes decoded before the merge came to their log, and not yet taken
	stopped bool
	spare   []*batch // to be used again
	workers sync.WaitGroup
}

// decoding is a log that is being decoded.
type decoding struct {
	supply *supply
	in     *source.Input // nil once it has been decoded, as is what decoded it
	is     choice
	names  line.NameCache // of a log that is none of ours
	ahead  int            // may be decoded while less than this has been ahead of the merge

	// The supply's lock guards what follows.
	started, begun bool
	queue          []*batch
}

// batch is a number of lines, decoded.
type batch struct {
	lines  []decoded
	free   []*item // to be used again
	bytes  int     // of memory, roughly
	ahead  bool    // these bytes count in supply.ahead
	readAs string  // what the log turned out to be, if it is in a foreign format and begins here

	// What has ended the log behind these lines: io.EOF, or an error, which is broken if
	// it is one of the file itself. stopped is the number of the line in which it did.
	err     error
	broken  error
	stopped int64
}

// decoded is a record, or what is wrong with a line. Blank lines are left out.
type decoded struct {
	item *item // nil if the line is none
	bad  badLine
}

// badLine is a line that is no record.
type badLine struct {
	err     error
	number  int64
	ended   bool // by a newline
	tooLong bool
	atEnd   bool // of the file
}

func newSupply() *supply {
	s := &supply{most: runtime.GOMAXPROCS(0)}
	s.changed.L = &s.mu
	return s
}

// start begins to decode the first of these logs, which it puts into the order in which the
// merge will come to them, as far as that is known.
func (s *supply) start(order []*feed) {
	slices.SortStableFunc(order, func(f, g *feed) int {
		return cmp.Or(cmp.Compare(f.next.timestamp, g.next.timestamp), cmp.Compare(f.next.rank, g.next.rank))
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range order {
		if !f.log.Stream {
			s.coming = append(s.coming, f.decoding)
		}
	}
	s.fill()
}

// fill starts as many as may run.
func (s *supply) fill() {
	for s.running < s.most && len(s.coming) > 0 && !s.stopped {
		d := s.coming[0]
		s.coming[0] = nil // or all logs that have been read would stay alive
		s.coming = s.coming[1:]
		s.run(d)
	}
}

// run starts one unless it has been started.
func (s *supply) run(d *decoding) {
	if d.started {
		return
	}
	d.started = true
	s.running++
	s.workers.Add(1)
	go d.run()
}

// stop ends all goroutines, waits for them, and lets go of everything. Reads must end by themselves.
func (s *supply) stop() {
	s.mu.Lock()
	s.stopped = true
	s.coming = nil
	s.changed.Broadcast()
	s.mu.Unlock()
	s.workers.Wait()
	s.spare = nil
}

// reuse takes back a batch that has been merged.
func (s *supply) reuse(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(b)
}

// keep keeps a batch for what is decoded next, unless there are plenty: where thousands of logs overlap and end, their
// batches are not wanted any more.
func (s *supply) keep(b *batch) {
	if len(s.spare) < 2*batches*s.most {
		s.spare = append(s.spare, b)
	}
}

// next returns the next batch to the merge, which gives back the last one.
func (d *decoding) next(last *batch) *batch {
	s := d.supply
	s.mu.Lock()
	defer s.mu.Unlock()
	if last != nil {
		s.keep(last)
	}
	if !d.begun {
		d.begun = true
		s.run(d)
	}
	s.changed.Broadcast()
	for len(d.queue) == 0 {
		s.changed.Wait()
	}
	b := d.queue[0]
	d.queue = slices.Delete(d.queue, 0, 1)
	if b.ahead {
		s.ahead -= b.bytes
		b.ahead = false
	}
	return b
}

// run decodes the log to its end.
func (d *decoding) run() {
	defer d.supply.workers.Done()
	for b := d.emptied(); b != nil; b = d.emptied() {
		d.fill(b)
		ended := b.err != nil
		d.put(b) // from here on it is the merge's, and then maybe another log's
		if ended {
			break
		}
	}
	d.in.Close()
	d.supply.mu.Lock()
	defer d.supply.mu.Unlock()
	d.letGo()
	d.supply.running--
	d.supply.fill()
}

// close closes the log if no goroutine has done so. There must be none any more.
func (d *decoding) close() {
	if !d.started {
		d.in.Close()
		d.letGo()
	}
}

// letGo lets go of buffers and decoders: what has been decoded may wait for the merge for long.
func (d *decoding) letGo() { d.in, d.is, d.names = nil, choice{}, line.NameCache{} }

// emptied waits until more may be decoded, and returns a batch for it; nil if there is
// to be no more.
func (d *decoding) emptied() *batch {
	s := d.supply
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.stopped && !d.mayGoOn() {
		s.changed.Wait()
	}
	if s.stopped {
		return nil
	}
	return usedOrNew(&s.spare)
}

func (d *decoding) mayGoOn() bool {
	if d.begun {
		return len(d.queue) < batches
	}
	return d.supply.ahead < d.ahead
}

func (d *decoding) put(b *batch) {
	s := d.supply
	s.mu.Lock()
	defer s.mu.Unlock()
	d.queue = append(d.queue, b)
	if !d.begun {
		b.ahead = true
		s.ahead += b.bytes
	}
	s.changed.Broadcast()
}

// fill decodes the next lines.
func (d *decoding) fill(b *batch) {
	const perLine = 256 // bytes, roughly
	*b = batch{lines: b.lines[:0], free: b.free}
	for len(b.lines) < batchRecords && b.bytes < batchBytes {
		line, err := d.in.Next()
		if err != nil {
			b.err, b.broken, b.stopped = err, d.in.Err(), d.in.Stopped()
			return
		}
		l := d.decode(line, b)
		b.bytes += perLine
		if l.item != nil {
			b.bytes += len(l.item.RequestID) + 8*len(l.item.Hashes) + len(l.item.Text)
		}
		b.lines = append(b.lines, l)
	}
}

// decode decodes a line into an item of the batch.
func (d *decoding) decode(raw source.Line, b *batch) decoded {
	var err error
	if raw.TooLong {
		err = fmt.Errorf("line is longer than %d bytes", d.is.opts.maxLine)
	} else {
		if !d.is.certain {
			d.is.learn(raw.Text)
			b.readAs = d.is.decoder.String()
		}
		it := usedOrNew(&b.free)
		if err = d.is.decoder.Decode(raw.Text, &it.Entry); err == nil {
			it.Line = raw.Number
			if _, ours := d.is.decoder.(*LineDecoder); !ours {
				it.ModelName = line.Intern(&d.names, it.ModelName)
			}
			return decoded{item: it}
		}
		if !it.large() {
			b.free = append(b.free, it)
		}
	}
	return decoded{bad: badLine{err, raw.Number, raw.Ended, raw.TooLong, d.in.AtEnd()}}
}

// usedOrNew takes one of the spare ones, or else makes one.
func usedOrNew[T any](spare *[]*T) *T {
	n := len(*spare)
	if n == 0 {
		return new(T)
	}
	last := (*spare)[n-1]
	(*spare)[n-1] = nil
	*spare = (*spare)[:n-1]
	return last
}
