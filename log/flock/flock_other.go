//go:build !unix || solaris || aix

package flock

import (
	"errors"
	"os"
)

// Supported reports whether the system has locks. A file system may have none all the same.
const Supported = false

func lock(*os.File) error { return errors.ErrUnsupported }
