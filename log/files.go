package log

import (
	"context"
	"io"
	"os"
	"sync"
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

	peeked   bool
	earliest float64 // timestamp among the first records
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
		sum += s.info.Size()
	}
	return sum
}

// Streams reports whether standard input or a FIFO is among the logs, so that
// they can't be read twice.
func (f *Files) Streams() bool {
	for _, s := range f.segments {
		if s.stream {
			return true
		}
	}
	return false
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
