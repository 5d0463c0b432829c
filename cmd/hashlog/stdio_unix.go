//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// survivePipes makes a write to a pipe that nobody reads any more an error, and not the end of the program: where stderr
// is such a pipe, record goes on.
func survivePipes() { signal.Ignore(syscall.SIGPIPE) }

// canRead says whether a file has been opened for reading and writing.
func canRead(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	flags := 0
	err2 := raw.Control(func(fd uintptr) { flags, err = unix.FcntlInt(fd, unix.F_GETFL, 0) })
	return err == nil && err2 == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
