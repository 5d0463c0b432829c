//go:build unix && !solaris && !aix

package writer

import (
	"fmt"
	"os"
	"syscall"

	"hashlog/log"
)

const (
	canSyncDir  = true
	renamesOpen = true // an open file can be renamed
)

// lock takes an advisory lock on a file, which goes when the file is closed or the
// process ends. It does not wait. Where the file system has no locks it does nothing.
func lock(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch err {
	case nil, syscall.ENOTSUP, syscall.ENOSYS, syscall.ENOLCK:
		return nil
	case syscall.EWOULDBLOCK:
		return fmt.Errorf("%s: %w", log.Quoted(f.Name()), errTaken)
	}
	return fmt.Errorf("locking %s: %w", log.Quoted(f.Name()), err)
}

// appending is a file that was opened to be appended to.
func appending(f *os.File) file { return f }

// claim locks a file that is there, until it is released.
func claim(path string) (release func(), err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
