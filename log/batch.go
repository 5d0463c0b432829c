package log

import (
	"fmt"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

const (
	// batchRecords and batchBytes bound a batch.
	batchRecords = 256
	batchBytes   = 256 << 10
)

// batch is a number of decoded lines on their way from a job to the merge.
type batch struct {
	lines       []decodedLine
	free        []*item // to be reused
	bytes       int     // of memory, roughly
	inLookahead bool    // bytes are part of scheduler.lookahead
	readAs      string  // the foreign format of the log, in the batch in which that is found out

	// How the log ends after these lines: err is io.EOF or an error, and broken the same if it is
	// an error of the file itself. stopped is the number of the line in which the reading ended.
	err     error
	broken  error
	stopped int64
}

// decodedLine is a record, or a line that is none. Blank lines are left out.
type decodedLine struct {
	item *item // nil for a bad line
	bad  badLine
}

// badLine is a line that is not a record.
type badLine struct {
	err     error
	number  int64
	ended   bool // by a newline
	tooLong bool
	atEnd   bool // the file ends here, or in the next lines
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
		b.bytes += perLine
		if l.item != nil {
			b.bytes += len(l.item.RequestID) + 8*len(l.item.Hashes) + len(l.item.Text)
		}
		b.lines = append(b.lines, l)
	}
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
				it.ModelName = line.Intern(&d.names, it.ModelName)
			}
			return decodedLine{item: it}
		}
		if !it.large() {
			b.free = append(b.free, it)
		}
	}
	return decodedLine{bad: badLine{err, raw.Number, raw.Ended, raw.TooLong, d.in.AtEnd()}}
}

// usedOrNew takes the last of spare, or allocates one.
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
