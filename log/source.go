package log

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
)

// source is where the bytes of one log come from, before decompression. It
// counts them, and it keeps its first error, so that nobody takes an error of
// the file for damage of what it holds, or for its end. A *lostError stays what it is.
type source struct {
	ctx  context.Context
	raw  io.Reader
	name string
	read *atomic.Int64 // bytes read; may be nil
	err  error
}

// Read reads from the raw file unless the context has ended.
func (s *source) Read(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.raw.Read(p)
	if s.read != nil {
		s.read.Add(int64(n))
	}
	lost := (*lostError)(nil)
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case s.ctx.Err() != nil:
		s.err = s.ctx.Err()
	case errors.As(err, &lost):
		s.err = err
	default:
		s.err = named(s.name, err)
	}
	return n, s.err
}

// named says which file err is about, once.
func named(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("reading %s: %w", name, err)
}

// unpacked reads what a log holds, decompressed. Where the file itself has failed it ends
// with that error, whatever the decompressor makes of it.
type unpacked struct {
	src   *source
	plain io.ReadCloser // nil before the first read
}

// Read reads decompressed bytes.
func (u *unpacked) Read(p []byte) (int, error) {
	if u.plain == nil {
		plain, err := decompress(u.src, u.src.name)
		if err != nil {
			plain = io.NopCloser(failingReader{err})
		}
		u.plain = plain
	}
	n, err := u.plain.Read(p)
	if err != nil && u.src.err != nil {
		err = u.src.err
	}
	return n, err
}

// Close closes the decompressor.
func (u *unpacked) Close() error {
	if u.plain == nil {
		return nil
	}
	return u.plain.Close()
}

// input is an open log: bytes in, lines out. Nothing is read before the first
// line is asked for.
type input struct {
	src     *source
	raw     io.Closer
	plain   *unpacked
	lines   *lineReader
	maxLine int
}

// newInput reads src, which is all of raw.
func newInput(src *source, raw io.Closer, maxLine int) *input {
	plain := &unpacked{src: src}
	return &input{src: src, raw: raw, plain: plain, lines: &lineReader{src: plain, max: maxLine}, maxLine: maxLine}
}

// next returns the next line. The error is io.EOF at the end.
func (in *input) next() (rawLine, error) { return in.lines.next() }

// broken returns the error of the file itself, or of the context, if that and
// not damage has ended the reading.
func (in *input) broken() error {
	if lost := (*lostError)(nil); errors.As(in.src.err, &lost) {
		return nil
	}
	return in.src.err
}

func (in *input) close() {
	in.plain.Close()
	in.raw.Close()
}
