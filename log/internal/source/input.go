package source

import (
	"context"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// Opener opens the logs of one reader.
type Opener struct {
	Pool          *Pool
	Stdin         io.Reader
	MaxLine       int            // bytes of the longest line that is kept, newline excluded
	Read          *atomic.Int64  // counts the bytes read, before decompression; may be nil
	Decompressors *Decompressors // may be nil
}

// Open prepares to read a log, in as far as x says. Only a stream is read from now on; a file
// or an object opens when its first line is asked for.
func (o *Opener) Open(ctx context.Context, l *Log, x *Extent) *Input {
	if l.Object != nil {
		return o.input(ctx, l, &objectReader{l.Object.NewReader(ctx)})
	}
	if l.Stream {
		raw := newStream(ctx, func() (io.ReadCloser, error) { return l.openStream(o.Stdin) })
		return o.input(ctx, l, raw)
	}
	return o.input(ctx, l, newFileReader(ctx, o.Pool, l, x))
}

// Peek prepares to read the beginning of a file or an object. It leaves open where the log ends.
func (o *Opener) Peek(ctx context.Context, l *Log, x *Extent) *Input {
	if l.Object != nil {
		return o.input(ctx, l, &objectReader{l.Object.NewPeeker(ctx)})
	}
	raw := newFileReader(ctx, o.Pool, l, x)
	raw.peeking = true
	return o.input(ctx, l, raw)
}

func (o *Opener) input(ctx context.Context, l *Log, raw io.ReadCloser) *Input {
	return &Input{raw: &Raw{ctx: ctx, raw: raw, name: l.Path, read: o.Read, idle: o.Decompressors}, file: raw, maxLine: o.MaxLine}
}

func (l *Log) openStream(stdin io.Reader) (io.ReadCloser, error) {
	if l.Stdin {
		return io.NopCloser(redirect(stdin, l.Info)), nil
	}
	return os.Open(l.Path)
}

// Input is an open log: bytes in, lines out. It is to be used by one goroutine.
type Input struct {
	raw     *Raw
	file    io.Closer // that raw reads
	plain   io.Closer // the decompressor
	lines   *lineReader
	maxLine int
}

// newInput returns an Input of file, which errors call name.
func newInput(ctx context.Context, file io.ReadCloser, name string, maxLine int) *Input {
	return &Input{raw: NewRaw(ctx, file, name), file: file, maxLine: maxLine}
}

// FollowInput returns an Input of a pipe, which ends when ctx does: with io.EOF, after all that
// has been taken from the pipe, a read in progress that returns within grace included.
func FollowInput(ctx context.Context, pipe io.Reader, name string, maxLine int, grace time.Duration) *Input {
	return newInput(context.Background(), newDrained(ctx, pipe, grace), name, maxLine)
}

// Next returns the next line that is not blank. The error is io.EOF at the end; otherwise
// Err tells an error of the file from damage.
func (in *Input) Next() (Line, error) {
	if in.lines == nil {
		in.start()
	}
	for {
		line, err := in.lines.next()
		if err != nil || line.TooLong || !isBlank(line.Text) {
			return line, err
		}
	}
}

func (in *Input) start() {
	plain := in.raw.Decompressed()
	in.plain = plain
	in.lines = &lineReader{src: plain, max: in.maxLine}
}

// Err returns the error of the file or the context that ended the reading, nil for damage and
// at the end.
func (in *Input) Err() error { return in.raw.Err() }

// AtEnd reports whether the content has been read to its end, though lines may be left in the
// buffer.
func (in *Input) AtEnd() bool { return in.lines.err == io.EOF }

// Stopped returns the number of the line in which the reading stopped.
func (in *Input) Stopped() int64 { return in.lines.stopped() }

// Close closes the log and releases all buffers. It does not wait for a stream that is blocked
// in a read.
func (in *Input) Close() {
	if in.plain != nil {
		in.plain.Close()
	}
	in.file.Close()
	in.plain, in.lines = nil, nil
}
