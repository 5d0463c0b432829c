package source

import (
	"bytes"
	"io"
)

// successor is the compressed form with which a writer has replaced a plain log.
type successor struct {
	file  *fileReader
	src   *Raw
	plain io.ReadCloser
}

// newSuccessor opens the successor of a log, nil if there is none.
func newSuccessor(f *fileReader) *successor {
	s := f.log.Compressed()
	if s == nil {
		return nil
	}
	file := newFileReader(f.ctx, f.file.pool, s, &Extent{})
	file.peeking = f.peeking
	src := NewRaw(f.ctx, file, s.Path)
	return &successor{file, src, src.Decompressed()}
}

// Read reads decompressed bytes. If they are damaged the error is a *lostError, since the log
// itself was not.
func (s *successor) Read(p []byte) (int, error) {
	n, err := s.plain.Read(p)
	if err != nil && err != io.EOF && s.src.err == nil {
		err = lost("has been compressed since it was found, to %s: %s", Quoted(s.src.name), Damage(err))
	}
	return n, err
}

// skip reads as many bytes as have been read of the log, and returns how many it found. It
// compares the first ones with head, the beginning of the log, and no others.
func (s *successor) skip(bytesRead int64, head []byte) (skipped int64, err error) {
	buf := make([]byte, min(bytesRead, BlockSize))
	for skipped < bytesRead && err == nil {
		var n int
		n, err = s.Read(buf[:min(bytesRead-skipped, BlockSize)])
		got := buf[:min(n, len(head))]
		if !bytes.Equal(got, head[:len(got)]) {
			return skipped, lost("has gone since it was found, and %s does not begin like it", Quoted(s.src.name))
		}
		head = head[len(got):]
		skipped += int64(n)
	}
	return skipped, err
}

// Close closes the file.
func (s *successor) Close() error {
	s.plain.Close()
	return s.file.Close()
}
