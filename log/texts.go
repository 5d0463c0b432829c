package log

import (
	"context"
	"io"
	"sync/atomic"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// Texts reads logs line by line as text, decompressed, one log after another in the order of
// [Files], for a program that converts them:
//
//	for texts.Next() {
//		for texts.Scan() {
//			… texts.Line() …
//		}
//		… texts.Damage() …
//	}
//	… texts.Err() …
//
// It must be used by one goroutine, except for Progress.
type Texts struct {
	ctx    context.Context
	cancel context.CancelFunc
	files  *Files
	opener source.Opener
	log    int // index of the current log, -1 before the first
	in     *source.Input
	line   Line
	damage *Problem
	err    error
	read   atomic.Int64
	total  int64
}

// Texts opens a pass over the logs that yields their lines as text. The caller must close it.
// Like Open it fails if streams have been opened before.
func (f *Files) Texts(ctx context.Context) (*Texts, error) {
	if err := f.use(); err != nil {
		return nil, err
	}
	t := &Texts{files: f, log: -1, total: f.Bytes(),
		opener: source.Opener{Pool: source.NewPool(1), Stdin: f.stdin, MaxLine: MaxLine}}
	t.opener.Read = &t.read
	t.ctx, t.cancel = context.WithCancel(ctx)
	return t, nil
}

// Next advances to the next log. It returns false after the last one and after an error.
func (t *Texts) Next() bool {
	t.closeLog()
	t.damage = nil
	last := t.log+1 >= len(t.files.logs)
	if t.err == nil && !last {
		t.err = t.ctx.Err()
	}
	if t.err != nil {
		return false
	}
	if t.log = min(t.log+1, len(t.files.logs)); last {
		return false
	}
	t.in = t.opener.Open(t.ctx, t.files.logs[t.log], &t.files.seen.extents[t.log])
	return true
}

// Name returns the name of the log, "" before the first Next and after the last log.
func (t *Texts) Name() string {
	if t.log < 0 || t.log >= len(t.files.logs) {
		return ""
	}
	return t.files.logs[t.log].Path
}

// Scan advances to the next line of the log that is not blank. It returns false at the end of the
// log.
func (t *Texts) Scan() bool {
	t.line = Line{}
	if t.in == nil {
		return false
	}
	next, err := t.in.Next()
	if err != nil {
		t.end(err)
		return false
	}
	t.line = Line(next)
	t.line.Text = line.TrimEnd(next.Text)
	return true
}

// end notes why the log has ended.
func (t *Texts) end(err error) {
	t.err = t.in.Err()
	if t.err == nil && err != io.EOF {
		t.damage = damaged(t.Name(), t.in.Stopped(), err)
	}
}

// Line returns the line, the zero Line if there is none. It is valid until the next Scan.
func (t *Texts) Line() Line { return t.line }

// Damage returns the damage that has ended the log, nil if there is none.
func (t *Texts) Damage() *Problem { return t.damage }

// Err returns the error of a file or of the context that has ended the reading.
func (t *Texts) Err() error { return t.err }

// Progress is like Reader.Progress.
func (t *Texts) Progress() (read, total int64) {
	read = t.read.Load()
	if t.total >= 0 {
		read = min(read, t.total)
	}
	return read, t.total
}

// Close ends the reading and releases all files and memory. It does not wait for a stream that
// is blocked in a read.
func (t *Texts) Close() error {
	t.cancel()
	t.closeLog()
	return nil
}

func (t *Texts) closeLog() {
	t.line = Line{}
	if t.in != nil {
		t.in.Close()
		t.in = nil
	}
}
