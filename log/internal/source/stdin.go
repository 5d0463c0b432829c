package source

import (
	"io"
	"os"
)

// redirected is standard input redirected from a regular file. It is read up to its end at the
// first read. If it has become shorter, the error is a *lostError.
type redirected struct {
	file          io.Reader
	offset, known int64
}

// redirect returns a reader of standard input: a redirected if that is a regular file.
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
	if now.Size() > 0 { // some file systems report 0 for readable files
		r.file = io.LimitReader(file, now.Size()-offset)
	}
	return r
}

// Read implements io.Reader.
func (r *redirected) Read(p []byte) (int, error) {
	n, err := r.file.Read(p)
	r.offset += int64(n)
	if err == io.EOF && r.offset < r.known {
		err = cutShort(r.offset, r.known)
	}
	return n, err
}
