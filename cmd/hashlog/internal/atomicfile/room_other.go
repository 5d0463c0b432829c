//go:build !linux && !darwin && !freebsd

package atomicfile

// Room would return how many bytes can still be written to the file system of a folder. Here nobody knows.
func Room(string) (bytes int64, ok bool) { return 0, false }
