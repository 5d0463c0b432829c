package atomicfile

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"hashlog/log/flock"
)

// temporaryName matches the names that Set.temporary makes, and captures the final name.
var temporaryName = regexp.MustCompile(`^\.(.+)-[0-9a-f]{1,16}\.tmp$`)

// Sweep removes the temporary files of these names that killed runs have left. It keeps those that a living process has
// locked, and all of them where files cannot be locked. An object store has none.
func (s *Set) Sweep(names ...string) {
	if s.objects != nil {
		return
	}
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
	if flock.Lock(f) == nil {
		os.Remove(path)
	}
}
