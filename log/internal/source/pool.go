package source

import (
	"container/list"
	"errors"
	"os"
	"sync"
)

// Pool keeps at most a given number of files open. To read one more, it closes the file that was
// read longest ago, which opens again when it is read. A Pool is safe for concurrent use; each
// of its files must be used by one goroutine.
type Pool struct {
	mu   sync.Mutex
	idle sync.Cond // signals that a file is no longer being read, or is closed
	most int
	open list.List // of *pooledFile, most recently read first
}

// NewPool returns a pool of at most most open files.
func NewPool(most int) *Pool {
	p := &Pool{most: most}
	p.idle.L = &p.mu
	return p
}

// Len returns how many files are open.
func (p *Pool) Len() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open.Len()
}

// file returns a file of the pool. It opens at its first read.
func (p *Pool) file(path string, info os.FileInfo) *pooledFile {
	return &pooledFile{pool: p, path: path, info: info}
}

// pooledFile is a file that is open while it is read, and as long as the pool has room.
type pooledFile struct {
	pool *Pool
	path string
	info os.FileInfo // of the file that must be at path; nil for any

	// The pool's lock guards what follows.
	place   *list.Element
	file    *os.File // nil while closed
	reading bool     // so it stays open
}

// ErrReplaced is the error of a file whose name another file has taken.
var ErrReplaced = errors.New("another file has taken its place while it was being read")

// ReadAt reads at an offset as os.File does. The error is fs.ErrNotExist if the file had to be
// opened and is gone.
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
func (p *Pool) close(f *pooledFile) error {
	if f.file == nil {
		return nil
	}
	p.open.Remove(f.place)
	err := f.file.Close()
	f.file, f.place = nil, nil
	p.idle.Broadcast()
	return err
}

// acquire opens f for a read, unless it is open. It waits while as many files are being read as
// may be open.
func (p *Pool) acquire(f *pooledFile) (*os.File, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for f.file == nil && p.open.Len() >= p.most {
		if err := p.closeOne(); err != nil {
			return nil, err
		}
	}
	if f.file == nil {
		file, err := OpenSame(f.path, f.info)
		if err != nil {
			return nil, err
		}
		f.file, f.place = file, p.open.PushFront(f)
	}
	p.open.MoveToFront(f.place)
	f.reading = true
	return f.file, nil
}

// closeOne closes the file that was read longest ago, or waits while all are being read.
func (p *Pool) closeOne() error {
	for e := p.open.Back(); e != nil; e = e.Prev() {
		if f := e.Value.(*pooledFile); !f.reading {
			return p.close(f)
		}
	}
	p.idle.Wait()
	return nil
}

func (p *Pool) release(f *pooledFile) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f.reading = false
	p.idle.Broadcast()
}

// OpenSame opens the file at path. It fails with ErrReplaced if that is not the file that info
// describes, unless info is nil.
func OpenSame(path string, info os.FileInfo) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	now, err := file.Stat()
	if err == nil && info != nil && !os.SameFile(info, now) {
		err = ErrReplaced
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
