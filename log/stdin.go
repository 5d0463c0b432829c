package log

import (
	"io"
	"os"
)

// redirected is a regular file that is standard input. It is read to where it ends when it
// is first read, and where it is shorter by then than it has been, that is a *lostError.
type redirected struct {
	file          io.Reader
	offset, known int64
}

// redirect returns what reads standard input: if that is a regular file, a redirected.
func redirect(stdin io.Reader, found os.FileInfo) io.Reader {
	file, ok := stdin.(interface {
		io.ReadSeeker
		Stat() (os.FileInfo, error)
	})
	if !ok || found == nil || !found.Mode().IsRegular() {
		return stdin
	}
	offset, err := file.Seek(0, io.SeekCurrent)
	now, stat := file.Stat()
	if err != nil || stat != nil {
		return stdin
	}
	r := &redirected{file: file, offset: offset, known: max(found.Size(), now.Size())}
	if now.Size() > 0 { // some file systems say 0 for what can be read
		r.file = io.LimitReader(file, now.Size()-offset)
	}
	return r
}

// Read reads on from where the last read ended.
func (r *redirected) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.offset += int64(n)
	if err == io.EOF && r.offset < r.known {
		err = cutShort(r.offset, r.known)
	}
	return n, err
}
