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
	idle *unpackers    // to take a decompressor from; may be nil
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
	switch {
	case err == nil || err == io.EOF:
		return n, err
	case s.ctx.Err() != nil:
		s.err = s.ctx.Err()
	case isLost(err):
		s.err = err
	default:
		s.err = named(s.name, err)
	}
	return n, s.err
}

// unpacked returns what the source holds, decompressed.
func (s *source) unpacked() io.ReadCloser {
	plain, err := decompress(s, s.name, s.idle)
	if err != nil {
		plain = io.NopCloser(failingReader{err})
	}
	return &unpacked{plain, s}
}

// unpacked is a source, decompressed. A megabyte may unpack to gigabytes, so it looks at the context for every block
// that comes out, not only for what goes in. Where the file itself has failed it ends with that error, whatever the
// decompressor makes of it.
type unpacked struct {
	io.ReadCloser
	src *source
}

// Read reads no more than a block.
func (u *unpacked) Read(p []byte) (int, error) {
	if err := u.src.ctx.Err(); err != nil {
		if u.src.err == nil {
			u.src.err = err
		}
		return 0, u.src.err
	}
	n, err := u.ReadCloser.Read(p[:min(len(p), blockSize)])
	if err != nil && u.src.err != nil {
		err = u.src.err
	}
	return n, err
}

// named says which file err is about, once.
func named(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("reading %s: %w", Quoted(name), err)
}

// input is an open log: bytes in, lines out. Nothing is read before the first
// line is asked for.
type input struct {
	src     *source
	raw     io.Closer
	plain   io.Closer // the decompressor
	lines   *lineReader
	maxLine int
}

// newInput reads src, which is all of raw.
func newInput(src *source, raw io.Closer, maxLine int) *input {
	return &input{src: src, raw: raw, maxLine: maxLine}
}

// next returns the next line. The error is io.EOF at the end.
func (in *input) next() (rawLine, error) {
	if in.lines == nil {
		in.start()
	}
	return in.lines.next()
}

func (in *input) start() {
	plain := in.src.unpacked()
	in.plain = plain
	in.lines = &lineReader{src: plain, max: in.maxLine}
}

// broken returns the error of the file itself, or of the context, if that and
// not damage has ended the reading.
func (in *input) broken() error {
	if isLost(in.src.err) {
		return nil
	}
	return in.src.err
}

// close closes the log and lets go of all buffers.
func (in *input) close() {
	if in.plain != nil {
		in.plain.Close()
	}
	in.raw.Close()
	in.plain, in.lines = nil, nil
}
