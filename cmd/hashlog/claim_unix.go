//go:build unix && !solaris && !aix

package main

import (
	"os"
	"syscall"
)

// lockFolder takes an advisory lock on a folder, which goes when it is closed or the process ends. A file system without
// locks has none to give. The writer takes the same lock where it removes old logs, which no run does that claims a folder.
func lockFolder(f *os.File) error {
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == syscall.EWOULDBLOCK {
		return errBusy
	}
	return nil
}
