//go:build unix && !solaris && !aix

package writer

import "os"

const (
	canSyncDir  = true // an open folder can be stored on disk
	renamesOpen = true // an open file can be renamed
)

// appending returns a file that was opened for appending.
func appending(f *os.File) file { return f }
