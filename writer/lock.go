package writer

import (
	"errors"
	"fmt"
	"os"

	"hashlog/log"
	"hashlog/log/flock"
)

// errTaken means that another writer holds a file, or removed a new one as a leftover
// before this writer had locked it.
var errTaken = fmt.Errorf("taken by another writer: %w", os.ErrExist)

// lock takes an advisory lock on a file, which lasts until the file is closed or the
// process ends. It does not wait. Where there are no locks it does nothing; on Windows an
// open file cannot be removed, which protects live segments as well.
func lock(f *os.File) error {
	switch err := flock.Lock(f); {
	case err == nil, errors.Is(err, errors.ErrUnsupported):
		return nil
	case errors.Is(err, flock.ErrHeld):
		return fmt.Errorf("%s: %w", log.Quoted(f.Name()), errTaken)
	default:
		return fmt.Errorf("locking %s: %w", log.Quoted(f.Name()), err)
	}
}

// claim locks an existing file or folder until it is released. It opens nothing on systems
// without locks: Windows would not let this writer remove what it holds open.
func claim(path string) (release func(), err error) {
	if !flock.Supported {
		return func() {}, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := lock(f); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}
