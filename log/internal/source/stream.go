package source

import (
	"context"
	"io"
	"sync"
	"time"
)

// stream reads a source that may block forever, in opening and in reading: standard input, a
// FIFO. A goroutine reads, so whoever waits for the stream can be cancelled at once. After Close
// the goroutine ends. If it is blocked in opening, or in a read that closing the file does not
// end, it ends when that returns.
type stream struct {
	ctx    context.Context
	grace  time.Duration // to drain when ctx ends; 0: don't drain
	blocks chan block    // read, from the goroutine
	free   chan []byte   // buffers to read into, to the goroutine
	done   chan struct{} // closed by Close
	once   sync.Once
	now    block  // being consumed
	buf    []byte // that holds now

	mu     sync.Mutex
	file   io.Closer // what the goroutine has opened
	closed bool
}

type block struct {
	data []byte
	err  error // that came with it
}

// newStream starts reading what open opens, one block ahead. When ctx ends, so does the stream,
// with the error of ctx.
func newStream(ctx context.Context, open func() (io.ReadCloser, error)) *stream {
	s := &stream{ctx: ctx, blocks: make(chan block), free: make(chan []byte, 2), done: make(chan struct{})}
	s.free <- make([]byte, BlockSize)
	s.free <- make([]byte, BlockSize)
	go s.pump(open)
	return s
}

// newDrained starts reading a pipe that may stay open for months. When ctx ends, the stream ends
// with io.EOF after everything that has been taken from the pipe: it waits up to grace for a
// read in progress and begins no other one, so it does not read ahead either.
func newDrained(ctx context.Context, pipe io.Reader, grace time.Duration) *stream {
	s := &stream{ctx: ctx, grace: grace, blocks: make(chan block), free: make(chan []byte, 1), done: make(chan struct{})}
	s.free <- make([]byte, BlockSize)
	go s.pump(func() (io.ReadCloser, error) { return io.NopCloser(pipe), nil })
	return s
}

// Read copies from the current block, or waits for the next one.
func (s *stream) Read(p []byte) (int, error) {
	for len(s.now.data) == 0 {
		if s.now.err != nil {
			return 0, s.now.err
		}
		s.next()
	}
	n := copy(p, s.now.data)
	s.now.data = s.now.data[n:]
	return n, nil
}

// next waits for the next block, or makes one of how the stream ends.
func (s *stream) next() {
	if s.buf != nil {
		s.free <- s.buf // has room for all
		s.buf = nil
	}
	select {
	case s.now = <-s.blocks:
	case <-s.ctx.Done():
		s.now = block{err: s.ctx.Err()}
		if s.grace > 0 {
			s.now = s.drain()
		}
		return
	}
	s.buf = s.now.data[:cap(s.now.data)]
}

// drain returns the block that is being read, as the last one, and ends the goroutine.
func (s *stream) drain() block {
	defer s.Close()
	select {
	case last := <-s.blocks:
		if last.err == nil {
			last.err = io.EOF
		}
		return last
	case <-time.After(s.grace):
		return block{err: io.EOF}
	}
}

// Close tells the goroutine to end. It does not wait.
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

// send hands over a block, and reports whether the stream is still open.
func (s *stream) send(b block) bool {
	select {
	case s.blocks <- b:
		return true
	case <-s.done:
		return false
	}
}

// opened hands the file over to Close, and reports whether the stream is still open.
func (s *stream) opened(in io.Closer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.file = in
	}
	return !s.closed
}
