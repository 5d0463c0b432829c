//go:build unix && !solaris && !aix

package atomicfile

import (
	"errors"
	"os"
	"syscall"
)

const locks = true

// lock takes an advisory lock on a file, which goes when the file is closed or the process ends. It does not wait.
func lock(f *os.File) locked {
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case err == nil:
		return got
	case errors.Is(err, syscall.EWOULDBLOCK):
		return taken
	}
	return unable
}
