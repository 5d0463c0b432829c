package log

import (
	"cmp"
	"io"
	"math"

	"hashlog/log/internal/line"
)

// newInput prepares a log, which holds no record before earliest, for reading. Only a stream is
// read from now on.
func (r *Reader) newInput(files *Files, rank int, earliest float64) *mergeInput {
	l := files.logs[rank]
	f := &mergeInput{log: l, next: position{earliest, rank, 0}, newest: math.Inf(-1), tally: &r.tallies[rank]}
	f.job = &decodeJob{scheduler: r.scheduler, format: detector{opts: &r.opts, name: l.Path}, names: line.NameCache{Shared: r.opts.names}, sources: line.NameCache{Shared: r.opts.names},
		in: r.opener.Open(r.ctx, l, &files.seen.extents[rank])}
	if r.opts.opened != nil {
		r.opts.opened(f.job.in)
	}
	f.job.maxLookahead = plainLookahead
	if l.IsCompressed() {
		f.job.maxLookahead = packedLookahead
	}
	return f
}

// advance fills the window of the first input, and moves the input to its new place.
func (r *Reader) advance(f *mergeInput) {
	for !f.ended && f.window.len() < r.opts.window && r.err == nil {
		r.load(f)
	}
	if f.window.len() == 0 {
		if r.err == nil {
			r.inputs.pop()
			r.finish(f.tally, f.next.rank)
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
		if !f.tally.counted(1) {
			r.counts().readAs(f.log.Path, f.batch.readAs)
		}
		r.memory.add(f.batch.buffered() - f.buffered)
		f.buffered = f.batch.buffered()
		return
	}
	line := &f.batch.lines[f.used]
	f.used++
	f.sawLine = true
	switch {
	case line.noLookup:
		f.tally.lines = line.bad.number
		return
	case line.item == nil:
		r.refuse(f, &line.bad)
		return
	}
	f.tally.lines = line.item.Line
	line.item.File, line.item.Source = f.log.Path, cmp.Or(line.item.Source, f.log.Arg)
	f.push(line.item)
	r.memory.add(line.item.memory())
}

// giveBack equips a merged batch with free items, as many as it can use.
func (r *Reader) giveBack(b *batch) {
	if b == nil {
		return
	}
	clear(b.lines) // the items have other owners
	n := min(len(r.free), max(0, batchRecords-len(b.free)))
	given := r.free[len(r.free)-n:]
	b.free = append(b.free, given...)
	clear(given)
	r.free = r.free[:len(r.free)-n]
}

// refuse reports a bad line. Without a newline it is torn, unless it is JSON all the same or is part
// of the damage that has ended the reading.
func (r *Reader) refuse(f *mergeInput, line *badLine) {
	switch {
	case line.ended, !line.tooLong && !IsNotJSON(line.err):
		f.tally.lines = line.number
		if !f.tally.counted(line.number) {
			r.reportIn(f, Problem{f.log.Path, line.number, KindSkipped, line.err.Error()})
		}
	case line.atEnd:
		f.tally.torn = true
		r.reportIn(f, Problem{f.log.Path, line.number, KindTorn, "torn last line: " + line.err.Error()})
	}
}

// end notes why a file has ended.
func (r *Reader) end(f *mergeInput) {
	f.ended = true
	b := f.batch
	switch {
	case b.broken != nil:
		r.err = b.broken
	case b.err != io.EOF:
		f.tally.damaged = true
		r.reportIn(f, *damaged(f.log.Path, b.stopped, b.err))
	case !f.sawLine:
		r.report(Problem{f.log.Path, 0, KindEmpty, "is empty"})
	}
	r.giveBack(b)
	r.scheduler.reuse(b)
	f.batch = nil
}

// finish notes that a log has been read to its end.
func (r *Reader) finish(c *tally, rank int) {
	c.ended = true
	if c.log.Object != nil {
		c.bytes = c.log.Object.Size
	} else if end, ok := r.files.seen.extents[rank].Ending(); ok {
		c.bytes = end
	}
}
