package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
)

var (
	gzipMagic = []byte{0x1f, 0x8b}
	zstdMagic = []byte{0x28, 0xb5, 0x2f, 0xfd}
	// Sixteen magics start a skippable zstd frame; their first byte is 0x50 to 0x5f.
	zstdSkippable = []byte{0x50, 0x2a, 0x4d, 0x18}
)

// decompress returns a reader of the content of src, plain or compressed. It reads the first
// bytes to tell; name matters only if they are too few.
func decompress(src io.Reader, name string, idle *Decompressors) (io.ReadCloser, error) {
	head := make([]byte, len(zstdMagic))
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), src)
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return &gzipReader{src: bufio.NewReaderSize(whole, BlockSize)}, nil
	case n == len(zstdMagic) && startsMagic(head):
		return newZstdReader(whole, idle)
	case endsInMagic(head, name):
		return io.NopCloser(failingReader{io.ErrUnexpectedEOF}), nil
	}
	return io.NopCloser(whole), nil
}

// startsMagic reports whether head is the first bytes of a zstd frame.
func startsMagic(head []byte) bool {
	if bytes.HasPrefix(zstdMagic, head) {
		return true
	}
	first := head[0] &^ 0x0f
	return first == zstdSkippable[0] && bytes.HasPrefix(zstdSkippable[1:], head[1:])
}

// endsInMagic reports whether a file of this name that consists of head ends within its magic
// bytes.
func endsInMagic(head []byte, name string) bool {
	switch filepath.Ext(name) {
	case ".gz":
		return len(head) < len(gzipMagic) && bytes.HasPrefix(gzipMagic, head)
	case ".zst":
		return len(head) < len(zstdMagic) && startsMagic(head)
	}
	return false
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// gzipReader reads gzip members one after another. The gzip package can do so too, but takes
// data that ends within the header of a member for complete.
type gzipReader struct {
	src    *bufio.Reader
	gzip   gzip.Reader
	inside bool // a member
}

// Read reads decompressed bytes.
func (g *gzipReader) Read(p []byte) (int, error) {
	for len(p) > 0 {
		if !g.inside {
			if err := g.begin(); err != nil {
				return 0, err
			}
		}
		n, err := g.gzip.Read(p)
		if err == io.EOF {
			g.inside, err = false, nil
		}
		if n > 0 || err != nil {
			return n, err
		}
	}
	return 0, nil
}

// begin reads the header of the next member. The data may end only before it.
func (g *gzipReader) begin() error {
	if _, err := g.src.Peek(1); err != nil {
		return err
	}
	if err := g.gzip.Reset(g.src); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	g.gzip.Multistream(false)
	g.inside = true
	return nil
}

// Close does nothing: the decompressor is only memory.
func (g *gzipReader) Close() error { return nil }

// Damage words an error that has ended a log early, and is not of the file or the context.
func Damage(err error) string {
	lost := (*lostError)(nil)
	switch {
	case errors.As(err, &lost):
		return lost.Error()
	case errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF:
		return "compressed data ends early"
	}
	return "compressed data is corrupt: " + err.Error()
}
