//go:build !unix || solaris || aix

package writer

import (
	"os"
	"runtime"
)

const (
	canSyncDir  = false
	renamesOpen = false
)

// appending returns a file that was opened for appending.
func appending(f *os.File) file { return appended{f} }

type appended struct{ *os.File }

// Truncate shortens the file. Windows does not shorten a file through a handle that was
// opened for appending, but does so by name.
func (f appended) Truncate(size int64) error {
	err := f.File.Truncate(size)
	if err == nil || runtime.GOOS != "windows" {
		return err
	}
	return os.Truncate(f.Name(), size)
}
