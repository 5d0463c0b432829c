package source

import (
	"bufio"
	"io"
	"math"
	"sync"

	"github.com/klauspost/compress/zstd"
)

// maxHistory is the largest zstd window that is read: what --ultra --long=31 makes.
const maxHistory = min(2<<30, math.MaxInt/4)

// zstdReader reads zstd frames one after another.
type zstdReader struct {
	unpacker *unpacker // nil once it is closed
	idle     *Decompressors
}

// unpacker is the decoder of an open zstdReader, with its buffer.
type unpacker struct {
	decoder *zstd.Decoder
	src     *bufio.Reader
}

func newUnpacker() (*unpacker, error) {
	d, err := zstd.NewReader(nil,
		zstd.WithDecoderConcurrency(1), // no goroutines
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxHistory))
	if err != nil {
		return nil, err
	}
	return &unpacker{d, bufio.NewReaderSize(nil, BlockSize)}, nil
}

// Decompressors keeps zstd decoders that one log no longer needs for the next. A decoder's window
// can take a hundred megabytes, and without reuse those of several logs would wait for the garbage
// collector at once. It is safe for concurrent use; nil keeps none.
type Decompressors struct {
	mu   sync.Mutex
	most int // how many wait, at most
	idle []*unpacker
}

// NewDecompressors returns Decompressors that keep most of them idle.
func NewDecompressors(most int) *Decompressors { return &Decompressors{most: most} }

func (u *Decompressors) take() (*unpacker, error) {
	if u == nil {
		return newUnpacker()
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	n := len(u.idle)
	if n == 0 {
		return newUnpacker()
	}
	last := u.idle[n-1]
	u.idle[n-1] = nil
	u.idle = u.idle[:n-1]
	return last, nil
}

// put takes back an unpacker that has been reset.
func (u *Decompressors) put(one *unpacker) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.idle) < u.most {
		u.idle = append(u.idle, one)
	}
}

// Drop releases all decoders and keeps none from now on.
func (u *Decompressors) Drop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.most, u.idle = 0, nil
}

func newZstdReader(src io.Reader, idle *Decompressors) (io.ReadCloser, error) {
	u, err := idle.take()
	if err != nil {
		return nil, err
	}
	u.src.Reset(src)
	if err := u.decoder.Reset(u.src); err != nil {
		return nil, err
	}
	return &zstdReader{u, idle}, nil
}

// Read reads decompressed bytes.
func (z *zstdReader) Read(p []byte) (int, error) { return z.unpacker.decoder.Read(p) }

// Close returns the decoder for another log.
func (z *zstdReader) Close() error {
	u := z.unpacker
	if u == nil {
		return nil
	}
	z.unpacker = nil
	u.src.Reset(nil)
	err := u.decoder.Reset(nil)
	if err == nil {
		z.idle.put(u)
	}
	return err
}
