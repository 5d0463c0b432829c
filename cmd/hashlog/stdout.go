package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// output is standard output. It keeps its first error, for those who print to it and don't look.
type output struct {
	w      io.Writer
	closed bool
	err    error
}

// errClosed is the error of every write to a closed stdout.
var errClosed = errors.New("stdout is closed (or is /dev/null opened for reading and writing, which looks the same): redirect it to a file, a pipe or >/dev/null")

// newOutput finds out whether stdout is closed. The runtime has opened /dev/null in its place then, for reading and
// writing. Who starts a program without wanting to hear of it may do the same, but does it to stderr as well.
func newOutput(stdout, stderr io.Writer) *output {
	out, ok := stdout.(*os.File)
	return &output{w: stdout, closed: ok && isNull(out) && canRead(out) && !isNull(stderr)}
}

func (o *output) Write(p []byte) (n int, err error) {
	if o.closed {
		err = errClosed
	} else {
		n, err = o.w.Write(p)
	}
	if o.err == nil {
		o.err = err
	}
	return n, err
}

// failed returns what has been wrong.
func (o *output) failed() error { return unwritten(o.err) }

// unwritten says that an output is not whole.
func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("writing the output: %w", err)
}

// careless is an output for those who print errors of it themselves.
type careless struct{ *output }

func (c careless) Write(p []byte) (int, error) {
	_, _ = c.output.Write(p)
	return len(p), nil
}

// isNull says whether a stream is the null device.
func isNull(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	null, missing := os.Stat(os.DevNull)
	return err == nil && missing == nil && os.SameFile(info, null)
}

// needsStdout fails if stdout is closed: for commands that are called for what they print, before they begin.
func needsStdout(env *env) error {
	if o, ok := env.stdout.(*output); ok && o.closed {
		return unwritten(errClosed)
	}
	return nil
}

// held is how much of an output is kept until it is whole, so that what fails before leaves nothing on stdout.
const held = 8 << 20

// spool writes an output that is small as a whole in the end, and one that is not piece by piece, until its context ends.
type spool struct {
	ctx context.Context
	w   io.Writer
	buf []byte
	err error
}

func (s *spool) Write(p []byte) (int, error) {
	if s.err == nil {
		s.err = s.ctx.Err()
	}
	if s.err != nil {
		return 0, s.err
	}
	if s.buf = append(s.buf, p...); len(s.buf) >= held {
		s.flush()
	}
	return len(p), s.err
}

func (s *spool) flush() {
	if s.err == nil {
		_, err := s.w.Write(s.buf)
		s.err = unwritten(err)
	}
	s.buf = s.buf[:0]
}

// show writes an output, so that no error of the stream is lost.
func show(ctx context.Context, w io.Writer, render func(io.Writer) error) error {
	s := &spool{ctx: ctx, w: w}
	err := render(s)
	if s.err == nil && err == nil {
		s.flush()
	}
	if s.err != nil {
		return s.err
	}
	return err
}

// sumUp shows what a command has done whose work lies in files: text isn't missed where stdout is closed.
func sumUp(ctx context.Context, env *env, asJSON bool, render func(io.Writer) error) error {
	if !asJSON && needsStdout(env) != nil {
		return nil
	}
	_, err := await(ctx, func() (struct{}, error) { return struct{}{}, show(ctx, env.stdout, render) })
	return err
}
