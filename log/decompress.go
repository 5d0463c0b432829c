package log

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

// decompress returns a reader of what src holds, plain or compressed. It has to
// read the first bytes to know; name matters only if there are too few.
func decompress(src io.Reader, name string, idle *unpackers) (io.ReadCloser, error) {
	head := make([]byte, len(zstdMagic))
	n, err := io.ReadFull(src, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	head = head[:n]
	whole := io.MultiReader(bytes.NewReader(head), src)
	switch {
	case bytes.HasPrefix(head, gzipMagic):
		return &gzipReader{src: bufio.NewReaderSize(whole, blockSize)}, nil
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

// endsInMagic reports whether a file of this name, of which head is all, ends
// before its magic bytes do.
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

// gzipReader reads gzip members one after another. It doesn't leave that to the
// gzip package, which takes an end within a member's header for the end.
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

// begin reads the header of the next member. Only before it may the data end.
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

// Close releases nothing: the decompressor is only memory.
func (g *gzipReader) Close() error { return nil }

// damage puts what a decompressor says into words.
func damage(err error) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF {
		return "compressed data ends early"
	}
	return "compressed data is corrupt: " + err.Error()
}
