// Package tap reads a pipe that may stand open for months, until it is told to stop.
package tap

import (
	"context"
	"io"
	"time"
)

const blockSize = 64 << 10

// Tap reads from a pipe until its end or until its context ends. Then it hands out
// what has been read by then, and ends with io.EOF: nothing that was taken from the
// pipe is lost.
type Tap struct {
	ctx    context.Context
	blocks chan block
	again  chan []byte // a buffer to read into; closed to stop
	now    block
	buf    []byte
	off    bool
	grace  time.Duration // how long a block may take to arrive that is being read when the tap is turned off
}

type block struct {
	data []byte
	err  error
}

// New begins to read. The goroutine that reads ends with its read in progress.
func New(ctx context.Context, r io.Reader) *Tap {
	t := &Tap{ctx: ctx, blocks: make(chan block, 1), again: make(chan []byte, 1), grace: 100 * time.Millisecond}
	t.again <- make([]byte, blockSize)
	go t.pump(r)
	return t
}

func (t *Tap) pump(r io.Reader) {
	for buf := range t.again {
		n, err := r.Read(buf)
		t.blocks <- block{buf[:n], err}
		if err != nil {
			return
		}
	}
}

// Read implements io.Reader.
func (t *Tap) Read(p []byte) (int, error) {
	for len(t.now.data) == 0 {
		if t.now.err != nil {
			return 0, t.now.err
		}
		if !t.next() {
			return 0, io.EOF
		}
	}
	n := copy(p, t.now.data)
	t.now.data = t.now.data[n:]
	return n, nil
}

// next waits for the next block. It returns false once the tap is off.
func (t *Tap) next() bool {
	if t.off {
		return false
	}
	if t.buf != nil {
		t.again <- t.buf
		t.buf = nil
	}
	select {
	case t.now = <-t.blocks:
	case <-t.ctx.Done():
		t.off = true
		close(t.again)
		select { // the last block, if it is on its way
		case t.now = <-t.blocks:
		case <-time.After(t.grace):
			return false
		}
	}
	t.buf = t.now.data[:0:cap(t.now.data)][:blockSize]
	return true
}
