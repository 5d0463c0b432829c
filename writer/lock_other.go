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

// lock does nothing here. On Windows a file that is open cannot be removed, which
// protects live segments as well.
func lock(*os.File) error { return nil }

// appending is a file that was opened to be appended to.
func appending(f *os.File) file { return appended{f} }

type appended struct{ *os.File }

// Truncate cuts the file by its name on Windows, which lets nobody else have the name
// while it is open, and nobody cut what was opened to be appended to.
func (f appended) Truncate(size int64) error {
	err := f.File.Truncate(size)
	if err == nil || runtime.GOOS != "windows" {
		return err
	}
	return os.Truncate(f.Name(), size)
}

func claim(string) (release func(), err error) { return func() {}, nil }
