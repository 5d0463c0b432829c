package log

import (
	"context"
	"io"
	"sync/atomic"

	"hashlog/log/internal/line"
	"hashlog/log/internal/source"
)

// Texts yields the lines of logs as they stand, decompressed, one log after another in
// the order of Files, for a program that makes something else of them. It is to be used
// by one goroutine, but for Progress.
type Texts struct {
	ctx    context.Context
	cancel context.CancelFunc
	files  *Files
	opener source.Opener
	log    int // index of the one at hand, -1 before the first
	in     *source.Input
	line   Line
	damage *Problem
	err    error
	read   atomic.Int64
	total  int64
}

// Texts begins to read the logs line by line. It may be called as often as Open. The
// caller must close it.
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

// Next moves on to the next log. It returns false behind the last one and after an error.
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

// Name returns the name of the log, nothing before the first Next and behind the last log.
func (t *Texts) Name() string {
	if t.log < 0 || t.log >= len(t.files.logs) {
		return ""
	}
	return t.files.logs[t.log].Path
}

// Scan moves on to the next line of the log that is not blank. It returns false at its
// end, and where there is no log.
func (t *Texts) Scan() bool {
	t.line = Line{}
	for t.in != nil {
		next, err := t.in.Next()
		if err != nil {
			t.end(err)
			return false
		}
		t.line = Line(next)
		t.line.Text = line.TrimEnd(next.Text)
		return true
	}
	return false
}

// end takes note of why the log has ended.
func (t *Texts) end(err error) {
	t.err = t.in.Err()
	if t.err == nil && err != io.EOF {
		t.damage = damaged(t.Name(), t.in.Stopped(), err)
	}
}

// Line returns the line, an empty one where there is none. It is good until the next Scan.
func (t *Texts) Line() Line { return t.line }

// Damage returns the damage in which the log has ended, nil if it is whole.
func (t *Texts) Damage() *Problem { return t.damage }

// Err returns the error that ended the reading: of a file, or of the context.
func (t *Texts) Err() error { return t.err }

// Progress is as that of a Reader.
func (t *Texts) Progress() (read, total int64) {
	read = t.read.Load()
	if t.total >= 0 {
		read = min(read, t.total)
	}
	return read, t.total
}

// Close releases everything. It doesn't wait for a stream that is blocked in a read.
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
