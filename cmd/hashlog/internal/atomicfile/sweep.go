package atomicfile

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"hashlog/log/flock"
)

// temporaryName is what Set.temporary calls a file, and the name that it was to get.
var temporaryName = regexp.MustCompile(`^\.(.+)-[0-9a-f]{1,16}\.tmp$`)

// Sweep removes the temporary files that runs which were killed have left of files of these names. Those that a living
// process holds stay, and so do all where files cannot be locked.
func (s *Set) Sweep(names ...string) {
	entries, _ := os.ReadDir(s.dir)
	for _, e := range entries {
		m := temporaryName.FindStringSubmatch(e.Name())
		if m != nil && e.Type().IsRegular() && (m[1] == probeName || slices.Contains(names, m[1])) {
			sweep(filepath.Join(s.dir, e.Name()))
		}
	}
}

// sweep removes a file that nobody holds.
func sweep(path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	if flock.Lock(f) == nil {
		os.Remove(path)
	}
}
