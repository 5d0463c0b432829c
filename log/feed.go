package log

import (
	"context"
	"hashlog/log/internal/line"
	"io"
	"math"
	"os"
	"sync/atomic"
)

// place is where a record stands in the order of all records.
type place struct {
	timestamp float64
	rank      int // of the file
	line      int64
}

func (a place) before(b place) bool {
	switch {
	case a.timestamp != b.timestamp:
		return a.timestamp < b.timestamp
	case a.rank != b.rank:
		return a.rank < b.rank
	}
	return a.line < b.line
}

// feed is one log in the merge. Before it begins, only a time is known before
// which it holds nothing.
type feed struct {
	segment  *segment
	next     place // of its next record; before it begins, not after that
	decoding *decoding
	batch    *batch // being merged; nil before the first
	used     int    // lines of it that have been merged
	begun    bool   // the window has been filled
	ended    bool   // nothing more is to come from decoding
	lines    bool   // there has been one
	window   window
	newest   float64 // the latest timestamp read
	buffered int64   // bytes of what waits behind batch
}

// Before orders logs by their next record.
func (f *feed) Before(g *feed) bool { return f.next.before(g.next) }

// push takes in a record just read.
func (f *feed) push(it *item) {
	it.strayed = it.Timestamp < f.newest
	f.newest = max(f.newest, it.Timestamp)
	f.window.push(it)
}

// update finds out where the feed now stands. It must hold a record.
func (f *feed) update() {
	first := f.window.first()
	f.next.timestamp, f.next.line = first.Timestamp, first.Line
}

// newFeed prepares a log for reading. Only a stream is read from now on.
func (r *Reader) newFeed(s *segment, rank int, stdin io.Reader) *feed {
	f := &feed{segment: s, next: place{math.Inf(-1), rank, 0}, newest: math.Inf(-1)}
	if earliest := s.earliest.Load(); earliest != nil {
		f.next.timestamp = *earliest
	}
	f.decoding = &decoding{supply: r.supply, is: choice{opts: &r.opts, name: s.path}, names: line.NameCache{Shared: r.opts.names},
		in: s.input(r.ctx, r.pool, stdin, &r.read, r.opts.maxLine)}
	f.decoding.in.src.idle = r.idle
	if r.opts.opened != nil {
		r.opts.opened(f.decoding.in)
	}
	f.decoding.ahead = plainAhead
	if s.path != stem(s.path) {
		f.decoding.ahead = packedAhead
	}
	return f
}

// input prepares to read the log. Only a stream is read from now on.
func (s *segment) input(ctx context.Context, pool *pool, stdin io.Reader, read *atomic.Int64, maxLine int) *input {
	var raw io.ReadCloser
	if s.stream {
		raw = newStream(ctx, func() (io.ReadCloser, error) { return s.open(stdin) })
	} else {
		raw = newLogFile(ctx, pool, s)
	}
	return newInput(&source{ctx: ctx, raw: raw, name: s.path, read: read}, raw, maxLine)
}

// open opens a stream.
func (s *segment) open(stdin io.Reader) (io.ReadCloser, error) {
	if s.stdin {
		return io.NopCloser(redirect(stdin, s.info)), nil
	}
	return os.Open(s.path)
}
