package log

import (
	"math"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
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
	log      *source.Log
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
func (r *Reader) newFeed(files *Files, rank int) *feed {
	l := files.logs[rank]
	f := &feed{log: l, next: place{math.Inf(-1), rank, 0}, newest: math.Inf(-1)}
	if earliest := files.seen.earliest[rank].Load(); earliest != nil {
		f.next.timestamp = *earliest
	}
	f.decoding = &decoding{supply: r.supply, is: choice{opts: &r.opts, name: l.Path}, names: line.NameCache{Shared: r.opts.names},
		in: r.opener.Open(r.ctx, l, &files.seen.extents[rank])}
	if r.opts.opened != nil {
		r.opts.opened(f.decoding.in)
	}
	f.decoding.ahead = plainAhead
	if l.IsCompressed() {
		f.decoding.ahead = packedAhead
	}
	return f
}
