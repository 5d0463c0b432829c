package source

import (
	"bytes"
	"io"
)

const (
	// MaxLine is the length in bytes of the longest line that is read, newline excluded.
	MaxLine = 256 << 20

	// BlockSize is how many bytes are read at once.
	BlockSize = 256 << 10
)

// Line is a line of a log.
type Line struct {
	Text    []byte // without the newline; good until the next call
	Number  int64  // counted from 1
	Ended   bool   // by a newline
	TooLong bool   // Text is not kept
}

// lineReader splits its source into lines. Its buffer grows with a long line and shrinks after
// it.
type lineReader struct {
	src    io.Reader
	max    int
	buf    []byte
	start  int   // buf[start:end] has been read and not yet returned
	end    int   //
	seen   int   // bytes from start on known to hold no newline
	number int64 // of the last line returned
	partly bool  // that line had no newline
	err    error // from src
}

// next returns the next line. A last line without a newline comes before the
// error that ended the reading, io.EOF at the end.
func (l *lineReader) next() (Line, error) {
	for {
		if n := bytes.IndexByte(l.buf[l.start+l.seen:l.end], '\n'); n >= 0 {
			return l.take(l.seen+n, true), nil
		}
		l.seen = l.end - l.start
		switch {
		case l.err != nil && l.seen == 0:
			return Line{}, l.err
		case l.err != nil:
			return l.take(l.seen, false), nil
		case l.seen > l.max:
			return l.skip(), nil
		}
		l.fill()
	}
}

// take returns the next n bytes as a line.
func (l *lineReader) take(n int, ended bool) Line {
	l.number++
	line := Line{Number: l.number, Ended: ended, TooLong: n > l.max}
	if !line.TooLong {
		line.Text = l.buf[l.start : l.start+n]
	}
	l.start += n
	if ended {
		l.start++
	}
	l.seen = 0
	l.partly = !ended
	return line
}

// skip drops a line that is too long and whose end is not in the buffer yet.
func (l *lineReader) skip() Line {
	l.number++
	line := Line{Number: l.number, TooLong: true}
	for l.err == nil && !line.Ended {
		l.start, l.end, l.seen = 0, 0, 0
		l.fill()
		if n := bytes.IndexByte(l.buf[:l.end], '\n'); n >= 0 {
			l.start, line.Ended = n+1, true
		}
	}
	if !line.Ended {
		l.start, l.end = 0, 0
	}
	l.partly = !line.Ended
	return line
}

// fill reads once.
func (l *lineReader) fill() {
	l.makeRoom()
	const patience = 100 // reads without bytes or error
	for range patience {
		n, err := l.src.Read(l.buf[l.end:])
		l.end += n
		l.err = err
		if n > 0 || err != nil {
			return
		}
	}
	l.err = io.ErrNoProgress
}

// makeRoom moves the content of the buffer to its front, and makes sure that at least as much
// fits after it.
func (l *lineReader) makeRoom() {
	held := l.buf[l.start:l.end]
	size := BlockSize
	for size < 2*len(held) {
		size *= 2
	}
	switch {
	case size != len(l.buf):
		l.buf = make([]byte, size)
	case l.start == 0:
		return // a long line grows in place
	}
	l.end = copy(l.buf, held)
	l.start = 0
}

// stopped returns the number of the line in which the reading stopped.
func (l *lineReader) stopped() int64 {
	if l.partly {
		return l.number
	}
	return l.number + 1
}

// isBlank reports whether text is white space only.
func isBlank(text []byte) bool {
	for _, b := range text {
		if b != ' ' && b != '\t' && b != '\r' {
			return false
		}
	}
	return true
}
