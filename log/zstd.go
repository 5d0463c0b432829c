package log

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
	idle     *unpackers
}

// unpacker is what a zstdReader needs while it is open.
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
	return &unpacker{d, bufio.NewReaderSize(nil, blockSize)}, nil
}

// unpackers are those that one log has done with and the next may have. A window can take a hundred megabytes, and as
// garbage those of several logs would be there at once. It is safe for concurrent use; nil keeps none.
type unpackers struct {
	mu   sync.Mutex
	most int // how many wait, at most
	idle []*unpacker
}

func (u *unpackers) take() (*unpacker, error) {
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

// put takes one back, which holds nothing of the log any more.
func (u *unpackers) put(one *unpacker) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.idle) < u.most {
		u.idle = append(u.idle, one)
	}
}

// drop lets go of all.
func (u *unpackers) drop() {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.most, u.idle = 0, nil
}

func newZstdReader(src io.Reader, idle *unpackers) (io.ReadCloser, error) {
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

// Close lets another log have the decoder.
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
