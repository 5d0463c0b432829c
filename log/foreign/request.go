package foreign

import (
	"fmt"
	"strconv"

	"hashlog/log"
)

const (
	// MaxKeys and MaxKeyBytes bound a request of a CSV trace.
	MaxKeys     = 1 << 20
	MaxKeyBytes = 32 << 20
)

// request is a request while its rows are read.
type request struct {
	Request
	size  int64 // bytes of each key; 0: unknown
	bytes int   // of all keys
}

// Request is a complete request of a CSV trace.
type Request struct {
	Record log.Record
	Line   int64 // of its first row
	Err    error // why it is a bad record; nil if it is not
	ErrAt  int64 // the line with the error
}

// add adds a row; err is the error of reading it.
func (r *request) add(row csvRow, line int64, err error) {
	if r.Err != nil {
		return
	}
	if err == nil {
		err = r.fits(row)
	}
	if err != nil {
		r.Err, r.ErrAt = err, line
		r.Record.ChunkHashes = nil
		return
	}
	r.Record.ChunkHashes = append(r.Record.ChunkHashes, row.key)
	r.bytes += len(row.key)
}

// fits returns why a row cannot be part of the request.
func (r *request) fits(row csvRow) error {
	switch {
	case row.size != r.size:
		return fmt.Errorf("size is %s, but %s in the first row of this request (line %d): all chunks of a record have one size", sizeText(row.size), sizeText(r.size), r.Line)
	case len(r.Record.ChunkHashes) == MaxKeys:
		return fmt.Errorf("more than %d keys in one request (from line %d on)", MaxKeys, r.Line)
	case r.bytes+len(row.key) > MaxKeyBytes:
		return fmt.Errorf("more than %d bytes of keys in one request (from line %d on)", MaxKeyBytes, r.Line)
	}
	return nil
}

func sizeText(size int64) string {
	if size == 0 {
		return "unknown"
	}
	return strconv.FormatInt(size, 10)
}
