package log

import (
	"container/list"
	"errors"
	"os"
	"sync"
)

// pool keeps at most a given number of files open. Whoever reads from one more
// closes the one that was read longest ago, which opens again when it is read. It is
// safe for concurrent use; a file of it is to be used by one goroutine.
type pool struct {
	mu   sync.Mutex
	idle sync.Cond // a file is no longer being read, or is closed
	most int
	open list.List // of *pooledFile, the last read in front
}

func newPool(most int) *pool {
	p := &pool{most: most}
	p.idle.L = &p.mu
	return p
}

// file returns a file to be read through the pool. It opens at its first read.
func (p *pool) file(path string, info os.FileInfo) *pooledFile {
	return &pooledFile{pool: p, path: path, info: info}
}

// pooledFile is a file that is open while it is read, and as long as the pool has room.
type pooledFile struct {
	pool *pool
	path string
	info os.FileInfo // of the file that must stand at path; nil if any may

	// The pool's lock guards what follows.
	place   *list.Element
	file    *os.File // nil while closed
	reading bool     // so it stays open
}

var errReplaced = errors.New("another file has taken its place while it was being read")

// ReadAt reads at an offset as os.File does. An error that is fs.ErrNotExist says that the
// file is no longer there to be opened.
func (f *pooledFile) ReadAt(p []byte, offset int64) (int, error) {
	file, err := f.pool.acquire(f)
	if err != nil {
		return 0, err
	}
	defer f.pool.release(f)
	return file.ReadAt(p, offset)
}

// size returns how many bytes the file has now.
func (f *pooledFile) size() (int64, error) {
	file, err := f.pool.acquire(f)
	if err != nil {
		return 0, err
	}
	defer f.pool.release(f)
	info, err := file.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// Close returns the descriptor.
func (f *pooledFile) Close() error {
	f.pool.mu.Lock()
	defer f.pool.mu.Unlock()
	return f.pool.close(f)
}

// close closes a file that is not being read.
func (p *pool) close(f *pooledFile) error {
	if f.file == nil {
		return nil
	}
	p.open.Remove(f.place)
	err := f.file.Close()
	f.file, f.place = nil, nil
	p.idle.Broadcast()
	return err
}

// acquire opens f for a read, if it isn't open. It waits while as many files are being
// read as may be open.
func (p *pool) acquire(f *pooledFile) (*os.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for f.file == nil && p.open.Len() >= p.most {
		if err := p.closeOne(); err != nil {
			return nil, err
		}
	}
	if f.file == nil {
		file, err := openSame(f.path, f.info)
		if err != nil {
			return nil, err
		}
		f.file, f.place = file, p.open.PushFront(f)
	}
	p.open.MoveToFront(f.place)
	f.reading = true
	return f.file, nil
}

// closeOne closes the file that was read longest ago, or waits for one that is being
// read.
func (p *pool) closeOne() error {
	for e := p.open.Back(); e != nil; e = e.Prev() {
		if f := e.Value.(*pooledFile); !f.reading {
			return p.close(f)
		}
	}
	p.idle.Wait()
	return nil
}

func (p *pool) release(f *pooledFile) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.reading = false
	p.idle.Broadcast()
}

// openSame opens the file at path if it is still the one that info describes, or if that is nil.
func openSame(path string, info os.FileInfo) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	now, err := file.Stat()
	if err == nil && info != nil && !os.SameFile(info, now) {
		err = errReplaced
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
