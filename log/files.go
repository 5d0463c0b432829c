package log

import (
	"context"
	"io"
	"slices"
	"sync/atomic"

	"hashlog/log/internal/source"
	"hashlog/log/s3"
)

// Files are the logs that [Find] has found, in the order in which records with equal
// timestamps are read. Files are immutable: passes over them may be opened in turn or at the same
// time, unless Streams, and read the same records unless a log is damaged meanwhile.
type Files struct {
	logs  []*source.Log
	empty []EmptyFolder
	notes []string
	stdin io.Reader
	store *s3.Store // nil if no log is an object
	seen  *seen
}

// seen is what the first pass over each log finds, and all others rely on. It is safe for
// concurrent use.
type seen struct {
	extents []source.Extent
	peeked  []atomic.Pointer[peeked] // nil before the first pass
	endings []atomic.Pointer[ending] // nil before the first pass with Options.Since
	streams atomic.Bool              // they have been opened
}

// newFiles returns the Files of these logs.
func newFiles(logs []*source.Log, notes []string, stdin io.Reader, store *s3.Store) *Files {
	n := len(logs)
	return &Files{logs: logs, notes: notes, stdin: stdin, store: store, seen: &seen{extents: make([]source.Extent, n), peeked: make([]atomic.Pointer[peeked], n), endings: make([]atomic.Pointer[ending], n)}}
}

// EmptyFolder is an argument of [Find]: a folder without logs.
type EmptyFolder struct {
	Path string
	Why  string // what it holds instead
}

// EmptyFolders returns the folders without logs.
func (f *Files) EmptyFolders() []EmptyFolder { return slices.Clone(f.empty) }

// Notes returns what a person should know about the choice of files, a clause each: which files
// were named twice, which of two copies is read, and which folders hold no logs.
func (f *Files) Notes() []string { return slices.Clone(f.notes) }

// Len returns the number of logs.
func (f *Files) Len() int { return len(f.logs) }

// Paths returns the names of the logs, in order.
func (f *Files) Paths() []string {
	paths := make([]string, len(f.logs))
	for i, s := range f.logs {
		paths[i] = s.Path
	}
	return paths
}

// Args returns the argument of Find that led to each log, as Paths names them.
func (f *Files) Args() []string {
	args := make([]string, len(f.logs))
	for i, s := range f.logs {
		args[i] = s.Arg
	}
	return args
}

// Sources returns the arguments of Find that led to logs, each once, in order. They are the sources of
// all records that name none.
func (f *Files) Sources() (args []string) {
	listed := make(map[string]bool)
	for _, s := range f.logs {
		if !listed[s.Arg] {
			listed[s.Arg] = true
			args = append(args, s.Arg)
		}
	}
	return args
}

// Bytes returns the size of all logs in bytes, before decompression, or -1 if Streams.
func (f *Files) Bytes() (sum int64) {
	for _, s := range f.logs {
		if s.Stream {
			return -1
		}
		sum += s.Size()
	}
	return sum
}

// Streams reports whether standard input or a FIFO is among the logs, so that only one pass is
// possible.
func (f *Files) Streams() bool { return f.streams() > 0 }

// streams returns how many there are.
func (f *Files) streams() (n int) {
	for _, s := range f.logs {
		if s.Stream {
			n++
		}
	}
	return n
}

// Open begins a pass over the logs. The caller must close the Reader, which ends with an error
// when ctx does. Open fails with an *[OptionError] for options without meaning, with an error if
// there are Streams and they have been opened before, and with that of ctx.
func (f *Files) Open(ctx context.Context, opts Options) (*Reader, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if err := f.use(); err != nil {
		return nil, err
	}
	return newReader(ctx, f, opts)
}

// use fails if there are streams and they have been opened before.
func (f *Files) use() error {
	if f.Streams() && f.seen.streams.Swap(true) {
		return errUsed
	}
	return nil
}
