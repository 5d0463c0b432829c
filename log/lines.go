package log

import (
	"context"
	"io"
	"time"

	"hashlog/log/internal/source"
)

// Lines reads standard input line by line as text, for a program that passes lines on.
type Lines struct{ in *source.Input }

// Line is a line of a log.
type Line struct {
	Text    []byte // without the newline; valid until the next call
	Number  int64  // counted from 1
	Ended   bool   // by a newline; false only for a last line
	TooLong bool   // longer than MaxLine; Text is nil
}

// NewLines returns the lines of a pipe that may stay open for months, decompressed if they are
// compressed (gzip, zstd). When ctx ends, Next returns the lines that have been taken from the
// pipe by then, including those of a read in progress that returns within 100 ms, and then
// io.EOF. So nothing that was taken is lost, and the last line may be incomplete. Errors call
// the pipe "stdin".
func NewLines(ctx context.Context, pipe io.Reader) *Lines {
	const grace = 100 * time.Millisecond
	return &Lines{source.FollowInput(ctx, pipe, StdinName, MaxLine, grace)}
}

// Next returns the next line that is not blank. The error is io.EOF at the end, a *Problem if
// compressed data is damaged, and otherwise that of the pipe.
func (l *Lines) Next() (Line, error) {
	line, err := l.in.Next()
	switch {
	case err == io.EOF:
		return Line{}, err
	case err != nil && l.in.Err() != nil:
		return Line{}, l.in.Err()
	case err != nil:
		return Line{}, damaged(StdinName, l.in.Stopped(), err)
	}
	return Line(line), nil
}
