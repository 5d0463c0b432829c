package source

import (
	"context"
	"io"
	"sync"
)

// stream reads what may block for ever, in opening and in reading: standard
// input, a FIFO. A goroutine reads one block ahead, so whoever waits for the
// stream can be cancelled at once. After Close the goroutine ends, but if it is
// blocked in opening, or in a read that closing the file doesn't end, only when
// that returns.
type stream struct {
	ctx    context.Context
	blocks chan block    // read, from the goroutine
	free   chan []byte   // buffers to read into, to the goroutine
	done   chan struct{} // closed by Close
	once   sync.Once
	now    block  // being consumed
	buf    []byte // which it is in

	mu     sync.Mutex
	file   io.Closer // what the goroutine has opened
	closed bool
}

type block struct {
	data []byte
	err  error // that came with it
}

// newStream starts reading what open opens.
func newStream(ctx context.Context, open func() (io.ReadCloser, error)) *stream {
	s := &stream{ctx: ctx, blocks: make(chan block), free: make(chan []byte, 2), done: make(chan struct{})}
	s.free <- make([]byte, BlockSize)
	s.free <- make([]byte, BlockSize)
	go s.pump(open)
	return s
}

// Read copies from the block at hand, or waits for the next one.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.now.data) == 0 {
		if s.now.err != nil {
			return 0, s.now.err
		}
		if s.buf != nil {
			s.free <- s.buf // has room for both
			s.buf = nil
		}
		select {
		case s.now = <-s.blocks:
			s.buf = s.now.data[:cap(s.now.data)]
		case <-s.ctx.Done():
			return 0, s.ctx.Err()
		}
	}
	n := copy(p, s.now.data)
	s.now.data = s.now.data[n:]
	return n, nil
}

// Close tells the goroutine to end. It doesn't wait.
func (s *stream) Close() error {
	s.once.Do(func() { close(s.done) })
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.file == nil {
		return nil
	}
	file := s.file
	s.file = nil
	return file.Close()
}

// pump opens the stream and reads it to its end.
func (s *stream) pump(open func() (io.ReadCloser, error)) {
	in, err := open()
	if err != nil {
		s.send(block{err: err})
		return
	}
	if !s.opened(in) {
		in.Close()
		return
	}
	defer s.Close()
	for {
		var buf []byte
		select {
		case buf = <-s.free:
		case <-s.done:
			return
		}
		n, err := in.Read(buf)
		if !s.send(block{buf[:n], err}) || err != nil {
			return
		}
	}
}

// send hands over a block, unless nobody wants it any more.
func (s *stream) send(b block) bool {
	select {
	case s.blocks <- b:
		return true
	case <-s.done:
		return false
	}
}

// opened hands the file over to Close, unless that has already been called.
func (s *stream) opened(in io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.file = in
	}
	return !s.closed
}
