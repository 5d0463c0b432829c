//go:build unix && !solaris && !aix

package flock

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// Supported reports whether the system has locks. A file system may have none all the same.
const Supported = true

func lock(f *os.File) error {
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err {
	case nil:
		return nil
	case syscall.EWOULDBLOCK:
		return ErrHeld
	case syscall.ENOTSUP, syscall.ENOSYS, syscall.ENOLCK:
		return fmt.Errorf("%w: %w", errors.ErrUnsupported, err)
	default:
		return err
	}
}
