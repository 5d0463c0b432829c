package log

import (
	"context"
	"io"

	"hashlog/log/internal/source"
)

// Lines reads a log line by line as it stands, for a program that passes lines on.
type Lines struct{ in *source.Input }

// Line is a line of a log.
type Line struct {
	Text    []byte // without the newline; good until the next call
	Number  int64  // counted from 1
	Ended   bool   // by a newline; only a last line may not be
	TooLong bool   // longer than MaxLine, and Text is not kept
}

// NewLines returns the lines of r, decompressed if it is compressed (gzip, zstd). r is called stdin in errors.
func NewLines(r io.Reader) *Lines {
	return &Lines{source.NewInput(context.Background(), io.NopCloser(r), StdinName, MaxLine)}
}

// Next returns the next line that is not blank; at the end io.EOF, or, if it is in damage to compressed data, a *Problem.
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
