package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// output is standard output. It keeps its first error, so that code that prints need not check.
type output struct {
	w      io.Writer
	closed bool
	err    error
}

// errClosed is the error of every write to a closed stdout.
var errClosed = errors.New("stdout is closed (or is /dev/null opened for reading and writing, which looks the same): redirect it to a file, a pipe or >/dev/null")

// newOutput finds out whether stdout is closed. In its place the runtime has then opened /dev/null for reading and writing.
// A caller that doesn't want any output may pass such a /dev/null itself, but does so for stderr as well.
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

// failed returns the first error.
func (o *output) failed() error { return unwritten(o.err) }

// unwritten wraps the error of an output that was not written as a whole.
func unwritten(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("writing the output: %w", err)
}

// ignoreErrors reports no errors: it is for a library that would print them. The output keeps them all the same.
type ignoreErrors struct{ *output }

func (c ignoreErrors) Write(p []byte) (int, error) {
	_, _ = c.output.Write(p)
	return len(p), nil
}

// isNull reports whether a stream is the null device.
func isNull(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	null, missing := os.Stat(os.DevNull)
	return err == nil && missing == nil && os.SameFile(info, null)
}

// needsStdout fails if stdout is closed. Commands whose purpose is their output call it before they begin.
func needsStdout(env *env) error {
	if o, ok := env.stdout.(*output); ok && o.closed {
		return unwritten(errClosed)
	}
	return nil
}

// held is how many bytes of an output are held back, so that a failure before leaves nothing on stdout.
const held = 8 << 20

// spool holds an output back until it is complete, or writes it piece by piece if it is large, until its context ends.
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

// show writes an output and loses no error of the stream.
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

// showSummary shows the summary of a command that writes files. Where stdout is closed, nobody misses text; JSON fails.
func showSummary(ctx context.Context, env *env, asJSON bool, render func(io.Writer) error) error {
	if !asJSON && needsStdout(env) != nil {
		return nil
	}
	_, err := await(ctx, func() (struct{}, error) { return struct{}{}, show(ctx, env.stdout, render) })
	return err
}
