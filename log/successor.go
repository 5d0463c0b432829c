package log

import (
	"bytes"
	"io"
	"os"
)

// successor is the compressed form that a writer has put into the place of a plain log.
type successor struct {
	file  *logFile
	src   *source
	plain io.ReadCloser
}

// newSuccessor opens the successor of a log, nil if there is none.
func newSuccessor(f *logFile) *successor {
	s := f.segment.compressed()
	if s == nil {
		return nil
	}
	file := newLogFile(f.ctx, f.file.pool, s)
	file.peeking = f.peeking
	src := &source{ctx: f.ctx, raw: file, name: s.path}
	return &successor{file, src, src.unpacked()}
}

// compressed finds the compressed form of a plain log, nil if there is none.
func (s *segment) compressed() *segment {
	if s.path != stem(s.path) {
		return nil
	}
	for _, suffix := range []string{".zst", ".gz"} {
		path := s.path + suffix
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return &segment{path: path, info: info}
		}
	}
	return nil
}

// Read reads decompressed bytes. That they are damaged is a *lostError, since the log was not.
func (s *successor) Read(p []byte) (int, error) {
	n, err := s.plain.Read(p)
	if err != nil && err != io.EOF && s.src.err == nil {
		err = lost("has been compressed since it was found, to %s: %s", Quoted(s.src.name), damage(err))
	}
	return n, err
}

// skip reads what has been read of the log, which began with head, and returns how far it
// got. It does not compare more than that.
func (s *successor) skip(bytesRead int64, head []byte) (skipped int64, err error) {
	buf := make([]byte, min(bytesRead, blockSize))
	for skipped < bytesRead && err == nil {
		var n int
		n, err = s.Read(buf[:min(bytesRead-skipped, blockSize)])
		got := buf[:min(n, len(head))]
		if !bytes.Equal(got, head[:len(got)]) {
			return skipped, lost("has gone since it was found, and %s does not begin like it", Quoted(s.src.name))
		}
		head = head[len(got):]
		skipped += int64(n)
	}
	return skipped, err
}

// Close releases everything.
func (s *successor) Close() error {
	s.plain.Close()
	return s.file.Close()
}
