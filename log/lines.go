package log

import (
	"bytes"
	"io"
)

const (
	// MaxLine is the length in bytes of the longest line that is read, newline
	// excluded. A longer one is a bad record.
	MaxLine = 256 << 20

	// blockSize is how much is read at once.
	blockSize = 256 << 10
)

// rawLine is a line as it stands in a file.
type rawLine struct {
	text    []byte // without the newline; good until the next call
	number  int64  // counted from 1
	ended   bool   // by a newline
	tooLong bool   // text is not kept
}

// lineReader splits what it reads into lines. Its buffer grows with a long line,
// and shrinks after it.
type lineReader struct {
	src    io.Reader
	max    int
	buf    []byte
	start  int   // buf[start:end] is read and not yet returned
	end    int   //
	seen   int   // bytes from start on that hold no newline
	number int64 // of the last line returned
	partly bool  // that one had no newline
	err    error // from src
}

// next returns the next line. A last line without a newline comes before the
// error that ended the reading, io.EOF at the end.
func (l *lineReader) next() (rawLine, error) {
	for {
		if n := bytes.IndexByte(l.buf[l.start+l.seen:l.end], '\n'); n >= 0 {
			return l.take(l.seen+n, true), nil
		}
		l.seen = l.end - l.start
		switch {
		case l.err != nil && l.seen == 0:
			return rawLine{}, l.err
		case l.err != nil:
			return l.take(l.seen, false), nil
		case l.seen > l.max:
			return l.skip(), nil
		}
		l.fill()
	}
}

// take returns the n bytes ahead as a line.
func (l *lineReader) take(n int, ended bool) rawLine {
	l.number++
	line := rawLine{number: l.number, ended: ended, tooLong: n > l.max}
	if !line.tooLong {
		line.text = l.buf[l.start : l.start+n]
	}
	l.start += n
	if ended {
		l.start++
	}
	l.seen = 0
	l.partly = !ended
	return line
}

// skip drops a line that is too long, whose end is not yet in the buffer.
func (l *lineReader) skip() rawLine {
	l.number++
	line := rawLine{number: l.number, tooLong: true}
	for l.err == nil && !line.ended {
		l.start, l.end, l.seen = 0, 0, 0
		l.fill()
		if n := bytes.IndexByte(l.buf[:l.end], '\n'); n >= 0 {
			l.start, line.ended = n+1, true
		}
	}
	if !line.ended {
		l.start, l.end = 0, 0
	}
	l.partly = !line.ended
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

// makeRoom moves what the buffer holds to its front, and sees to it that at
// least as much again has room behind.
func (l *lineReader) makeRoom() {
	held := l.buf[l.start:l.end]
	size := blockSize
	for size < 2*len(held) {
		size *= 2
	}
	switch {
	case size != len(l.buf):
		l.buf = make([]byte, size)
	case l.start == 0:
		return // a long line grows where it is
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
