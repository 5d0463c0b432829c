package log

import (
	"bytes"
	"context"
	"io"
	"os"
	"sync"
	"sync/atomic"
)

// Files are the logs that somebody means, in the order in which equal timestamps
// are read.
type Files struct {
	segments []*segment
	notes    []string
	stdin    io.Reader

	mu   sync.Mutex // guards what Open and Texts remember
	used bool       // a stream has been opened
}

// segment is one log.
type segment struct {
	path   string
	info   os.FileInfo // nil if stdin says nothing about itself
	stdin  bool
	stream bool // can be read only once: stdin, or a file that isn't regular

	earliest atomic.Pointer[float64] // timestamp among the first records; nil before somebody has looked

	end  atomic.Int64           // bytes that are read of it in every pass, plus one; 0 before the first
	head atomic.Pointer[[]byte] // its first bytes as they were first read; nil before
}

// size returns how many bytes the log had when it was found.
func (s *segment) size() int64 {
	if s.info == nil {
		return 0
	}
	return s.info.Size()
}

// ending returns where the log ends for all passes, once that is known.
func (s *segment) ending() (end int64, ok bool) {
	end = s.end.Load() - 1
	return end, end >= 0
}

// endAt says where the log ends, unless that is known. It returns where it does.
func (s *segment) endAt(end int64) int64 {
	s.end.CompareAndSwap(0, end+1)
	return s.end.Load() - 1
}

// began remembers the first bytes of the log, and reports whether they are those that were first read, as far as it
// went then.
func (s *segment) began(head []byte) bool {
	s.head.CompareAndSwap(nil, &head)
	first := *s.head.Load()
	n := min(len(first), len(head))
	return bytes.Equal(first[:n], head[:n])
}

// Notes returns what a person should know about the choice of files: which were
// named twice, which of two copies is read, and which folders hold none.
func (f *Files) Notes() []string { return f.notes }

// Len returns the number of logs.
func (f *Files) Len() int { return len(f.segments) }

// Paths returns the names of the logs, in order.
func (f *Files) Paths() []string {
	paths := make([]string, len(f.segments))
	for i, s := range f.segments {
		paths[i] = s.path
	}
	return paths
}

// Bytes returns the size of all logs, compressed where they are, or -1 if there
// are streams among them.
func (f *Files) Bytes() (sum int64) {
	for _, s := range f.segments {
		if s.stream {
			return -1
		}
		sum += s.size()
	}
	return sum
}

// Streams reports whether standard input or a FIFO is among the logs, so that
// they can't be read twice.
func (f *Files) Streams() bool { return f.streams() > 0 }

// streams returns how many there are.
func (f *Files) streams() (n int) {
	for _, s := range f.segments {
		if s.stream {
			n++
		}
	}
	return n
}

// Open begins to read the logs. It may be called again, for another pass, unless
// Streams. The reader must be closed, and ends with an error when ctx does.
func (f *Files) Open(ctx context.Context, opts Options) (*Reader, error) {
	if err := f.use(); err != nil {
		return nil, err
	}
	return newReader(ctx, f, opts)
}

// use sees to it that streams are read only once.
func (f *Files) use() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.Streams() {
		if f.used {
			return errUsed
		}
		f.used = true
	}
	return nil
}
