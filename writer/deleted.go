package writer

import (
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
)

// deleted counts what retention has deleted.
type deleted struct{ files, bytes, records atomic.Int64 }

// ownSegment is a finished segment of this writer.
type ownSegment struct {
	lines int64
	pass  int // how many times the folder had been listed when it was finished
}

// own notes a finished segment, so that its records can be counted when it is deleted. The
// caller holds the lock.
func (j *janitor) own(path string, lines int) {
	if j.retains() {
		j.owned[filepath.Base(path)] = ownSegment{int64(lines), j.pass}
	}
}

// disown forgets a segment, and returns how many records of this writer it holds.
func (j *janitor) disown(name string) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines := j.owned[name].lines
	delete(j.owned, name)
	return lines
}

// beginPass notes that the folder is about to be listed.
func (j *janitor) beginPass() {
	j.mu.Lock()
	j.pass++
	j.mu.Unlock()
}

// disownGone forgets segments that somebody else has removed: those that were finished
// before the folder was listed and are missing from the list.
func (j *janitor) disownGone(segments []held) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for name, s := range j.owned {
		if s.pass == j.pass {
			continue
		}
		if _, there := slices.BinarySearchFunc(segments, name, func(h held, name string) int { return strings.Compare(h.name, name) }); !there {
			delete(j.owned, name)
		}
	}
}
