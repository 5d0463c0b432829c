//go:build !unix || solaris || aix

package writer

import "os"

const (
	canSyncDir  = false
	renamesOpen = false
)

// lock does nothing here. On Windows a file that is open cannot be removed, which
// protects live segments as well.
func lock(*os.File) error { return nil }

func claim(string) (release func(), err error) { return func() {}, nil }
