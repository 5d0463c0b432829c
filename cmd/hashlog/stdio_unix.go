//go:build unix

package main

import (
	"os"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// survivePipes turns a write to a closed pipe into an error that doesn't end the program, so that record goes on when
// nobody reads its stderr.
func survivePipes() { signal.Ignore(syscall.SIGPIPE) }

// canRead reports whether a file is open for reading and writing.
func canRead(f *os.File) bool {
	raw, err := f.SyscallConn()
	if err != nil {
		return false
	}
	flags := 0
	err2 := raw.Control(func(fd uintptr) { flags, err = unix.FcntlInt(fd, unix.F_GETFL, 0) })
	return err == nil && err2 == nil && flags&unix.O_ACCMODE == unix.O_RDWR
}
