//go:build linux || darwin

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakBytes returns the peak memory of a process or of the largest of its children.
func peakBytes(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" { // bytes there, KiB here
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}

// diskBytes returns the bytes that a process read from disk because they were not in the page cache. Linux counts blocks.
func diskBytes(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok || runtime.GOOS != "linux" {
		return 0
	}
	return int64(usage.Inblock) * 512
}

// freeBytes returns the free bytes on the disk of a folder.
func freeBytes(dir string) (free int64, known bool) {
	var stat syscall.Statfs_t
	if syscall.Statfs(dir, &stat) != nil {
		return 0, false
	}
	return int64(stat.Bavail) * int64(stat.Bsize), true
}
