package log

import (
	"context"
	"io"
)

// Lines reads a log line by line as it stands, for a program that passes lines on.
type Lines struct{ in *input }

// Line is a line of a log.
type Line struct {
	Text    []byte // without the newline; good until the next call
	Number  int64  // counted from 1
	Ended   bool   // by a newline; only a last line may not be
	TooLong bool   // longer than MaxLine, and Text is not kept
}

// NewLines returns the lines of r, decompressed if it is compressed (gzip, zstd). r is called stdin in errors.
func NewLines(r io.Reader) *Lines {
	src := &source{ctx: context.Background(), raw: r, name: StdinName}
	return &Lines{newInput(src, io.NopCloser(r), MaxLine)}
}

// Next returns the next line that is not blank; at the end io.EOF, or, if it is in damage to compressed data, a *Problem.
func (l *Lines) Next() (Line, error) {
	for {
		line, err := l.in.next()
		switch {
		case err == io.EOF:
			return Line{}, err
		case err != nil && l.in.broken() != nil:
			return Line{}, l.in.broken()
		case err != nil:
			return Line{}, &Problem{StdinName, l.in.lines.stopped(), KindDamaged, damage(err)}
		}
		if line.tooLong || !isBlank(line.text) {
			return Line{Text: line.text, Number: line.number, Ended: line.ended, TooLong: line.tooLong}, nil
		}
	}
}
