//go:build unix

package source

import (
	"os"
	"syscall"
)

// FileID identifies a file, by whatever name. Files with different ones are different files.
type FileID struct{ device, inode uint64 }

// IDOf returns the FileID of a file, zero if unknown.
func IDOf(info os.FileInfo) FileID {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return FileID{uint64(s.Dev), uint64(s.Ino)}
	}
	return FileID{}
}
