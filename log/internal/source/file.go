package source

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
)

// fileReader reads a log that is a regular file up to the end that its Extent fixes, even if
// its writer appends to it meanwhile. If the writer compresses and removes the file, the rest
// is read from the compressed form. If the file is cut short, rewritten or removed for good,
// the error is a *lostError.
//
// The size does not tell that a log was cut short and has grown again. But its first bytes
// differ then, since a record begins with its time.
type fileReader struct {
	ctx     context.Context
	log     *Log
	extent  *Extent
	file    *pooledFile
	packed  *successor // the compressed form, once it replaces file
	peeking bool       // at the first records: don't fix the end of the log

	offset int64
	end    int64  // bytes to be read; -1: to the end of the file
	known  int64  // bytes that there must be
	head   []byte // the first of them, up to headSize
	begun  bool
	err    error // has ended the reading
}

func newFileReader(ctx context.Context, pool *Pool, l *Log, x *Extent) *fileReader {
	return &fileReader{ctx: ctx, log: l, extent: x, file: pool.file(l.Path, l.Info), end: -1}
}

// Read implements io.Reader.
func (f *fileReader) Read(p []byte) (int, error) {
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
			f.extent.began(f.head)
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
func (f *fileReader) Close() error {
	if f.packed != nil {
		f.packed.Close()
		f.packed = nil
	}
	return f.file.Close()
}

// begin finds the end of the log.
func (f *fileReader) begin() error {
	if f.peeking {
		return nil
	}
	if end, ok := f.extent.Ending(); ok {
		f.end = end
	}
	f.known = max(f.log.Size(), f.end)
	size, err := f.file.size()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return f.unpack()
	case err != nil:
		return err
	case size < f.known:
		f.end = size
	case f.end < 0 && size > 0: // some file systems report 0 for readable files
		f.end = f.extent.EndAt(size)
		f.known = f.end
	}
	return nil
}

// next reads the next bytes, from the file or its compressed form.
func (f *fileReader) next(p []byte) (int, error) {
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

// finish returns io.EOF if all of the log has been read, and otherwise a *lostError.
func (f *fileReader) finish() error {
	switch {
	case f.offset < f.known && f.packed != nil:
		return lost("has been compressed since it was found, and its compressed form has only %d of %d bytes", f.offset, f.known)
	case f.offset < f.known:
		return cutShort(f.offset, f.known)
	case !f.extent.began(f.head) || f.packed == nil && !f.stillBegins():
		return lost("has been cut short and written anew since it was found")
	case !f.peeking:
		f.extent.EndAt(f.offset)
	}
	if err := f.Close(); err != nil {
		return err
	}
	return io.EOF
}

// stillBegins reports whether the file begins as it did. It is true for a file that has been
// removed or replaced by now, since all of it has been read.
func (f *fileReader) stillBegins() bool {
	head := make([]byte, len(f.head))
	n, err := f.file.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		return true
	}
	return bytes.Equal(head[:n], f.head)
}

// unpack goes on in the compressed form of a log that is gone, after the bytes that have been
// read.
func (f *fileReader) unpack() error {
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
