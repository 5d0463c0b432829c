package atomicfile

import (
	"errors"
	"os"
	"path/filepath"
)

// Folders are folders that may have to be removed again, innermost first.
type Folders []string

// Missing returns a folder and those above it that don't exist.
func Missing(dir string) Folders {
	var f Folders
	for up := filepath.Clean(dir); ; up = filepath.Dir(up) {
		if _, err := os.Lstat(up); !errors.Is(err, os.ErrNotExist) {
			return f
		}
		f = append(f, up)
	}
}

// RemoveEmpty removes the folders that exist and are empty.
func (f Folders) RemoveEmpty() {
	for _, dir := range f {
		os.Remove(dir)
	}
}
