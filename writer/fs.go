package writer

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"hashlog/log"
)

// fileSystem is what the writer needs of a file system. Tests use one with faults.
type fileSystem interface {
	mkdirAll(dir string) error
	readDir(dir string) ([]os.DirEntry, error)
	stat(path string) (os.FileInfo, error)
	// create makes and locks a file, which must not exist, for appending.
	create(path string) (file, error)
	// claim locks an existing file or folder before it is removed or changed. It fails
	// with errTaken if another writer holds it. release unlocks it.
	claim(path string) (release func(), err error)
	open(path string) (io.ReadCloser, error)
	rename(from, to string) error
	remove(path string) error
	syncDir(dir string) error
}

// file is a file that is being written. Close releases its lock.
type file interface {
	io.Writer
	Truncate(size int64) error
	Stat() (os.FileInfo, error)
	Sync() error
	Close() error
}

// osFS is the file system of the operating system.
type osFS struct{}

func (osFS) mkdirAll(dir string) error                 { return os.MkdirAll(dir, 0o777) }
func (osFS) readDir(dir string) ([]os.DirEntry, error) { return os.ReadDir(dir) }
func (osFS) stat(path string) (os.FileInfo, error)     { return os.Lstat(path) }
func (osFS) open(path string) (io.ReadCloser, error)   { return os.Open(path) }
func (osFS) rename(from, to string) error              { return os.Rename(from, to) }
func (osFS) remove(path string) error                  { return os.Remove(path) }

func (osFS) create(path string) (file, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	err = lock(f)
	there := stillThere(f, path)
	if err == nil && there {
		return appending(f), nil
	}
	f.Close()
	if there {
		os.Remove(path)
	}
	if err == nil {
		err = fmt.Errorf("%s: %w", log.Quoted(path), errTaken)
	}
	return nil, err
}

func stillThere(f *os.File, path string) bool {
	there, err := os.Lstat(path)
	if err != nil {
		return false
	}
	mine, err := f.Stat()
	return err == nil && os.SameFile(there, mine)
}

func (osFS) claim(path string) (release func(), err error) { return claim(path) }

// syncDir stores a folder's entries on disk, if the system can.
func (osFS) syncDir(dir string) error {
	f, err := os.Open(filepath.Clean(dir))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && canSyncDir {
		return err
	}
	return nil
}
