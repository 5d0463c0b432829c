package log

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
)

// logFile reads a log that is a regular file, from its start to where it ended when the
// first pass opened it, though its writer appends to it meanwhile. If the writer compresses
// and removes it, the rest is read from the compressed form. If it is cut short, written
// anew or removed for good, that is a *lostError.
//
// That a log was cut short and has grown again cannot be seen in its size. But its first
// bytes are others then, since a record begins with its time.
type logFile struct {
	ctx     context.Context
	segment *segment
	file    *pooledFile
	packed  *successor // what the rest is read from; nil: from file
	peeking bool       // into the first records: where the log ends stays open

	offset int64
	end    int64  // bytes to be read; -1: to the end that is met
	known  int64  // bytes that there must be
	head   []byte // the first of them
	begun  bool
	err    error // has ended the reading
}

// headSize is how many bytes a log is recognised by.
const headSize = 512

func newLogFile(ctx context.Context, pool *pool, s *segment) *logFile {
	return &logFile{ctx: ctx, segment: s, file: pool.file(s.path, s.info), end: -1}
}

// Read reads on from where the last read ended.
func (f *logFile) Read(p []byte) (int, error) {
	if !f.begun {
		f.begun = true
		f.err = f.begin()
	}
	if f.err != nil {
		return 0, f.err
	}
	if f.end >= 0 {
		p = p[:min(int64(len(p)), f.end-f.offset)]
	}
	n, err := f.next(p)
	if room := headSize - len(f.head); room > 0 && n > 0 {
		if f.head = append(f.head, p[:min(n, room)]...); n >= room {
			f.segment.began(f.head)
		}
	}
	f.offset += int64(n)
	if err == io.EOF || err == nil && f.offset == f.end {
		err = f.finish()
	}
	f.err = err
	return n, err
}

// Close releases everything.
func (f *logFile) Close() error {
	if f.packed != nil {
		f.packed.Close()
		f.packed = nil
	}
	return f.file.Close()
}

// begin finds out where the log ends.
func (f *logFile) begin() error {
	if f.peeking {
		return nil
	}
	if end, ok := f.segment.ending(); ok {
		f.end = end
	}
	f.known = max(f.segment.size(), f.end)
	size, err := f.file.size()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.unpack()
	case err != nil:
		return err
	case size < f.known:
		f.end = size
	case f.end < 0 && size > 0: // some file systems say 0 for what can be read
		f.end = f.segment.endAt(size)
		f.known = f.end
	}
	return nil
}

// next reads the next bytes, from wherever they are now.
func (f *logFile) next(p []byte) (int, error) {
	if f.packed == nil {
		n, err := f.file.ReadAt(p, f.offset)
		if !errors.Is(err, fs.ErrNotExist) {
			return n, err
		}
		if err := f.unpack(); err != nil {
			return 0, err
		}
	}
	return f.packed.Read(p)
}

// finish returns io.EOF if all of the log has been read, and else what has become of it.
func (f *logFile) finish() error {
	switch {
	case f.offset < f.known && f.packed != nil:
		return lost("has been compressed since it was found, and its compressed form has only %d of %d bytes", f.offset, f.known)
	case f.offset < f.known:
		return cutShort(f.offset, f.known)
	case !f.segment.began(f.head) || f.packed == nil && !f.stillBegins():
		return lost("has been cut short and written anew since it was found")
	case !f.peeking:
		f.segment.endAt(f.offset)
	}
	if err := f.Close(); err != nil {
		return err
	}
	return io.EOF
}

// stillBegins reports whether the file begins as it did, as far as that can be told: what
// has been removed or replaced by now has been read before.
func (f *logFile) stillBegins() bool {
	head := make([]byte, len(f.head))
	n, err := f.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return true
	}
	return bytes.Equal(head[:n], f.head)
}

// unpack turns to the compressed form of a log that is not there any more, where it skips
// what has been read.
func (f *logFile) unpack() error {
	f.packed = newSuccessor(f)
	if f.packed == nil {
		return &lostError{gone: true}
	}
	skipped, err := f.packed.skip(f.offset, f.head)
	if err == io.EOF {
		f.known, f.offset = max(f.known, f.offset), skipped
		return f.finish()
	}
	return err
}
