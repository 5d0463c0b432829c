//go:build unix

package source

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// FreeDescriptors returns how many more files this process may open (ulimit -n), at most most.
func FreeDescriptors(most int) int {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return most
	}
	free := 0
	for fd := uint64(0); fd < uint64(limit.Cur) && free < most; fd++ {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0); err == unix.EBADF {
			free++
		}
	}
	return free
}
