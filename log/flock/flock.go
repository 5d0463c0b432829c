// Package flock takes advisory locks on open files and folders, those of flock(2).
//
//	f, err := os.Open(path)
//	…
//	switch err := flock.Lock(f); {
//	case errors.Is(err, flock.ErrHeld): // somebody else is at work here
//	case errors.Is(err, errors.ErrUnsupported): // nobody can lock anything here
//	case err != nil: // the system failed
//	}
//	…
//	f.Close() // unlocks
//
// A lock belongs to the opening of a file: two openings exclude one another even within
// one process. It is released when the file is closed or the process ends, however that
// happens. Only programs that ask for the lock are kept out.
//
// Windows, Solaris and AIX have no such locks; nor do some network file systems.
package flock

import (
	"errors"
	"os"
)

// ErrHeld is returned by [Lock] if another opening of the file is locked.
var ErrHeld = errors.New("locked by another process")

// Lock takes an exclusive lock on an open file or folder, which may be open for reading
// alone. It never waits. It returns [ErrHeld] if the lock is taken, an error that is
// [errors.ErrUnsupported] if the system or the file system has no locks, and the system's
// error if locking failed.
func Lock(f *os.File) error { return lock(f) }
