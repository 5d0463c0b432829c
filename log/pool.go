package log

import (
	"container/list"
	"errors"
	"io"
	"io/fs"
	"os"
)

// pool keeps at most a given number of files open. Whoever reads from one more
// closes the one that was read longest ago, which opens again when it is read.
type pool struct {
	most int
	open list.List // of *pooledFile, the last read in front
}

// file returns a file to be read through the pool. It opens at its first read.
func (p *pool) file(path string, info os.FileInfo) *pooledFile {
	return &pooledFile{pool: p, path: path, info: info}
}

// pooledFile reads a file from its start to the end that it first meets.
type pooledFile struct {
	pool   *pool
	path   string
	info   os.FileInfo // of the file that must stand at path
	place  *list.Element
	file   *os.File // nil while closed
	offset int64
	ended  bool
}

var errReplaced = errors.New("another file has taken its place while it was being read")

// Read reads at the offset that the last read reached.
func (f *pooledFile) Read(p []byte) (int, error) {
	if f.ended {
		return 0, io.EOF
	}
	if err := f.pool.acquire(f); err != nil {
		return 0, err
	}
	n, err := f.file.ReadAt(p, f.offset)
	f.offset += int64(n)
	if err == io.EOF {
		f.ended = true
		err = f.Close()
		if n == 0 && err == nil {
			err = io.EOF
		}
	}
	return n, err
}

// Close returns the descriptor.
func (f *pooledFile) Close() error {
	if f.file == nil {
		return nil
	}
	f.pool.open.Remove(f.place)
	err := f.file.Close()
	f.file, f.place = nil, nil
	return err
}

// acquire sees to it that f is open.
func (p *pool) acquire(f *pooledFile) error {
	if f.file != nil {
		p.open.MoveToFront(f.place)
		return nil
	}
	for p.open.Len() >= p.most {
		if err := p.open.Back().Value.(*pooledFile).Close(); err != nil {
			return err
		}
	}
	file, err := openSame(f.path, f.info)
	if f.offset == 0 && errors.Is(err, fs.ErrNotExist) {
		file, err = openPacked(f, err)
	}
	if err != nil {
		return err
	}
	f.file, f.place = file, p.open.PushFront(f)
	return nil
}

// openPacked opens what a log has become if its writer has compressed it since
// it was found. If there is no such file it returns missing.
func openPacked(f *pooledFile, missing error) (*os.File, error) {
	for _, suffix := range []string{".zst", ".gz"} {
		path := f.path + suffix
		info, err := os.Stat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		file, err := openSame(path, info)
		if err == nil {
			f.path, f.info = path, info
		}
		return file, err
	}
	return nil, missing
}

// openSame opens the file at path if it is still the one that info describes.
func openSame(path string, info os.FileInfo) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	now, err := file.Stat()
	if err == nil && !os.SameFile(info, now) {
		err = errReplaced
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
