package atomicfile

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

// temporaryName matches the names that Set.temporary makes, and captures the final name.
var temporaryName = regexp.MustCompile(`^\.(.+)-[0-9a-f]{1,16}\.tmp$`)

// Sweep removes the temporary files of these names that killed runs have left. It keeps those that a living process has
// locked, and all of them where files cannot be locked.
func (s *Set) Sweep(names ...string) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		m := temporaryName.FindStringSubmatch(e.Name())
		if m != nil && e.Type().IsRegular() && (m[1] == probeName || slices.Contains(names, m[1])) {
			sweep(filepath.Join(s.dir, e.Name()))
		}
	}
}

// sweep removes a file that nobody has locked.
func sweep(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	if lock(f) == got {
		os.Remove(path)
	}
}

// Outcomes of lock.
type locked int

const (
	got    locked = iota // the lock is held until the file is closed
	taken                // by another process, or by another opening of the file
	unable               // files cannot be locked here
)
