package log

import (
	"errors"
	"fmt"
	"slices"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// decodeJob is a log that is being decoded.
type decodeJob struct {
	scheduler    *scheduler
	in           *source.Input // nil after the end of the log, as are format, names and sources
	format       detector
	names        line.NameCache // of models in a log of a foreign format
	sources      line.NameCache // likewise
	maxLookahead int            // packedLookahead or plainLookahead

	// Guarded by scheduler.mu.
	started bool // its goroutine has been started
	begun   bool // the merge has reached the log
	queue   []*batch
}

// run decodes the log to its end.
func (d *decodeJob) run() {
	defer d.scheduler.workers.Done()
	for b := d.emptied(); b != nil; b = d.emptied() {
		d.fill(b)
		ended := b.err != nil
		d.put(b) // the merge owns b from here on
		if ended {
			break
		}
	}
	d.in.Close()
	d.scheduler.mu.Lock()
	defer d.scheduler.mu.Unlock()
	d.release()
	d.scheduler.running--
	d.scheduler.fill()
}

// emptied waits until more may be decoded and returns a batch to fill, or nil once the scheduler
// has stopped.
func (d *decodeJob) emptied() *batch {
	s := d.scheduler
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

func (d *decodeJob) mayGoOn() bool {
	if d.begun {
		return len(d.queue) < queuedBatches
	}
	return d.scheduler.lookahead < d.maxLookahead
}

// fill decodes the next lines into b.
func (d *decodeJob) fill(b *batch) {
	const perLine = 256 // bytes, roughly
	*b = batch{lines: b.lines[:0], free: b.free}
	for len(b.lines) < batchRecords && b.bytes < batchBytes {
		line, err := d.in.Next()
		if err != nil {
			b.err, b.broken, b.stopped = err, d.in.Err(), d.in.Stopped()
			return
		}
		l := d.decode(line, b)
		if refusal := refusedBy(l.bad.err); refusal != nil {
			b.err = fmt.Errorf("%s:%d: %w", Quoted(d.format.name), line.Number, refusal)
			b.broken, b.stopped = b.err, line.Number
			return
		}
		b.bytes += perLine
		if l.item != nil {
			held, _ := l.item.textBytes()
			b.bytes += held + 8*len(l.item.Hashes)
		}
		b.lines = append(b.lines, l)
	}
}

// refusedBy returns the refusal of the whole log in an error of a decoder; nil if there is none.
func refusedBy(err error) error {
	if err == nil {
		return nil
	}
	var refused *RefusedError
	if errors.As(err, &refused) {
		return refused
	}
	return nil
}

// decode decodes a line into an item of b.
func (d *decodeJob) decode(raw source.Line, b *batch) decodedLine {
	var err error
	if raw.TooLong {
		err = fmt.Errorf("line is longer than %d bytes", d.format.opts.maxLine)
	} else {
		if !d.format.certain {
			d.format.detect(raw.Text)
			b.readAs = d.format.decoder.String()
		}
		it := usedOrNew(&b.free)
		if err = d.format.decoder.Decode(raw.Text, &it.Entry); err == nil {
			it.Line = raw.Number
			if _, ours := d.format.decoder.(*LineDecoder); !ours {
				it.ModelName, it.Source = line.Intern(&d.names, it.ModelName), line.Intern(&d.sources, it.Source)
			}
			return decodedLine{item: it}
		}
		if !it.large() {
			b.free = append(b.free, it)
		}
	}
	return decodedLine{bad: badLine{err, raw.Number, raw.Ended, raw.TooLong, d.in.AtEnd()}, noLookup: errors.Is(err, ErrNoLookup)}
}

func (d *decodeJob) put(b *batch) {
	s := d.scheduler
	s.mu.Lock()
	defer s.mu.Unlock()
	d.queue = append(d.queue, b)
	if !d.begun {
		b.inLookahead = true
		s.lookahead += b.bytes
	}
	s.changed.Broadcast()
}

// next returns the next batch to the merge, which gives back the last one. It waits for the batch.
func (d *decodeJob) next(last *batch) *batch {
	s := d.scheduler
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
	if b.inLookahead {
		s.lookahead -= b.bytes
		b.inLookahead = false
	}
	return b
}

// close closes the log if no goroutine has done so. The scheduler must have stopped.
func (d *decodeJob) close() {
	if !d.started {
		d.in.Close()
		d.release()
	}
}

// release releases buffers and decoders, since decoded records may wait long for the merge.
func (d *decodeJob) release() {
	d.in, d.format, d.names, d.sources = nil, detector{}, line.NameCache{}, line.NameCache{}
}
