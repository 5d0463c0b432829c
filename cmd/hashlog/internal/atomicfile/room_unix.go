//go:build linux || darwin || freebsd

package atomicfile

import (
	"math"

	"golang.org/x/sys/unix"
)

// Room returns the bytes that can still be written to the file system of a folder. ok is false if they are unknown.
func Room(dir string) (bytes int64, ok bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil || s.Blocks == 0 {
		return 0, false
	}
	free, size := int64(s.Bavail), int64(s.Bsize)
	if free < 0 || size <= 0 || free > math.MaxInt64/size {
		return 0, false
	}
	return free * size, true
}
