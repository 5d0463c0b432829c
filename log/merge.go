package log

import "hashlog/log/internal/source"

// position is the place of a record in the order of all records.
type position struct {
	timestamp float64
	rank      int // of the file
	line      int64
}

func (a position) before(b position) bool {
	switch {
	case a.timestamp != b.timestamp:
		return a.timestamp < b.timestamp
	case a.rank != b.rank:
		return a.rank < b.rank
	}
	return a.line < b.line
}

// mergeInput is one log in the merge: its window, which the batches of its job fill. Before it
// has begun, only a time before which it holds no record is known.
type mergeInput struct {
	log      *source.Log
	next     position // of its next record; a lower bound before it has begun
	job      *decodeJob
	tally    *tally
	batch    *batch // being merged; nil before the first
	used     int    // lines of batch that have been merged
	begun    bool   // the window has been filled
	ended    bool   // the window holds the last records
	sawLine  bool   // the log has a line
	window   window
	newest   float64 // the latest timestamp read
	last     *item   // the last record read, in the window or the current one; nil before the first
	buffered int64   // bytes that wait after batch
}

// Before orders logs by their next record.
func (f *mergeInput) Before(g *mergeInput) bool { return f.next.before(g.next) }

// push adds a record just read to the window.
func (f *mergeInput) push(it *item) {
	it.strayed = it.Timestamp < f.newest
	f.newest, f.last = max(f.newest, it.Timestamp), it
	f.window.push(it)
}

// update sets next to the first record of the window. There must be one.
func (f *mergeInput) update() {
	first := f.window.first()
	f.next.timestamp, f.next.line = first.Timestamp, first.Line
}
