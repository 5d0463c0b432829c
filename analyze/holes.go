package analyze

import (
	"cmp"
	"path/filepath"
	"slices"

	"hashlog/log"
)

// segment is a log file whose name tells its place in a sequence.
type segment struct {
	path, folder string
	log.SegmentName
}

// sequenceHoles finds missing numbers between successive files of a folder, in time order, and before its first file. A
// number that does not rise means that the writer restarted; it is not a hole.
func sequenceHoles(paths []string) (holes []Hole, starts []MissingStart) {
	var segments []segment
	for _, path := range paths {
		if name, ok := log.ParseSegmentName(filepath.Base(path)); ok {
			segments = append(segments, segment{path, filepath.Dir(path), name})
		}
	}
	slices.SortFunc(segments, compareSegments)
	for i, b := range segments {
		if i == 0 || segments[i-1].folder != b.folder {
			if b.Number > 0 {
				starts = append(starts, MissingStart{Before: b.path, Missing: b.Number})
			}
			continue
		}
		if a := segments[i-1]; b.Number > a.Number+1 {
			holes = append(holes, Hole{After: a.path, Before: b.path, Missing: b.Number - a.Number - 1})
		}
	}
	return holes, starts
}

func compareSegments(a, b segment) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), a.Compare(b.SegmentName))
}
