package log

import "hashlog/log/internal/source"

const (
	// batchRecords and batchBytes bound a batch.
	batchRecords = 256
	batchBytes   = 256 << 10

	// queuedBatches is how many batches of a log that is being merged may wait.
	queuedBatches = 4
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
	item     *item // nil for a bad line and for one without a lookup
	bad      badLine
	noLookup bool
}

// badLine is a line that is not a record.
type badLine struct {
	err     error
	number  int64
	ended   bool // by a newline
	tooLong bool
	atEnd   bool // the file ends here, or in the next lines
}

// buffered returns how many bytes of a log may wait after a batch that the merge has taken: a
// full queue of such batches and the read buffer, or 0 at the end of the log.
func (b *batch) buffered() int64 {
	if b.err != nil {
		return 0
	}
	return source.BlockSize + queuedBatches*int64(b.bytes)
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
