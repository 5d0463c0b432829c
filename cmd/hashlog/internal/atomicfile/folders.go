package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Folders are folders that may have to be removed again, the innermost first.
type Folders []string

// Missing returns a folder and those above it, as far as they don't exist.
func Missing(dir string) Folders {
	var f Folders
	for up := filepath.Clean(dir); ; up = filepath.Dir(up) {
		if _, err := os.Lstat(up); !errors.Is(err, os.ErrNotExist) {
			return f
		}
		f = append(f, up)
	}
}

// RemoveEmpty removes those that are there and empty.
func (f Folders) RemoveEmpty() {
	for _, dir := range f {
		os.Remove(dir)
	}
}
