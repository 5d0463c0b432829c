//go:build unix

package log

import (
	"os"
	"syscall"
)

// fileID tells files apart: the same file has the same one by whatever name.
type fileID struct{ device, inode uint64 }

// idOf returns the zero fileID where there is none to tell.
func idOf(info os.FileInfo) fileID {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return fileID{uint64(s.Dev), uint64(s.Ino)}
	}
	return fileID{}
}
