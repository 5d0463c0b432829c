package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"sync/atomic"
)

// Raw reads the bytes of one log before decompression. It counts them, and it keeps its first
// error, so that nobody mistakes an error of the file for damage of its content or for its
// end.
type Raw struct {
	ctx  context.Context
	raw  io.Reader
	name string
	read *atomic.Int64  // counts bytes; may be nil
	idle *Decompressors // may be nil
	err  error
}

// NewRaw returns a Raw of r, which errors call name.
func NewRaw(ctx context.Context, r io.Reader, name string) *Raw {
	return &Raw{ctx: ctx, raw: r, name: name}
}

// Err returns the error of the file or the context that ended the reading, nil for damage and
// at the end.
func (s *Raw) Err() error {
	if isLost(s.err) {
		return nil
	}
	return s.err
}

// Read reads from the file unless the context has ended.
func (s *Raw) Read(p []byte) (int, error) {
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
		s.err = Named(s.name, err)
	}
	return n, s.err
}

// Decompressed returns a reader of the content, decompressed if it is compressed.
func (s *Raw) Decompressed() io.ReadCloser {
	plain, err := decompress(s, s.name, s.idle)
	if err != nil {
		plain = io.NopCloser(failingReader{err})
	}
	return &unpacked{plain, s}
}

// unpacked is the decompressed content of a Raw. A megabyte may unpack to gigabytes, so it
// checks the context for every block that comes out, not only for those that go in. If the
// file itself has failed, unpacked returns that error, whatever the decompressor makes of it.
type unpacked struct {
	io.ReadCloser
	src *Raw
}

// Read reads a block at most.
func (u *unpacked) Read(p []byte) (int, error) {
	if err := u.src.ctx.Err(); err != nil {
		if u.src.err == nil {
			u.src.err = err
		}
		return 0, u.src.err
	}
	n, err := u.ReadCloser.Read(p[:min(len(p), BlockSize)])
	if err != nil && u.src.err != nil {
		err = u.src.err
	}
	return n, err
}

// Named returns err with the name of the file that could not be read.
func Named(name string, err error) error {
	if path := (*fs.PathError)(nil); errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("reading %s: %w", Quoted(name), err)
}
