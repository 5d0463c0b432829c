package analyze

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

var segmentName = regexp.MustCompile(`^lookup_hashes_(\d{8}_\d{6})_(\d+)\.jsonl(?:\.gz|\.zst)?$`)

// segment is a log file, parsed from its name.
type segment struct {
	path, folder, time string
	number             int64
}

// sequenceHoles finds missing numbers between successive files of a folder, in time order, and before its first file. A
// number that does not rise means that the writer restarted; it is not a hole.
func sequenceHoles(paths []string) (holes []Hole, starts []MissingStart) {
	var segments []segment
	for _, path := range paths {
		m := segmentName.FindStringSubmatch(filepath.Base(path))
		if m == nil {
			continue
		}
		if n, err := strconv.ParseInt(m[2], 10, 64); err == nil {
			segments = append(segments, segment{path, filepath.Dir(path), m[1], n})
		}
	}
	slices.SortFunc(segments, compareSegments)
	for i, b := range segments {
		if i == 0 || segments[i-1].folder != b.folder {
			if b.number > 0 {
				starts = append(starts, MissingStart{Before: b.path, Missing: b.number})
			}
			continue
		}
		if a := segments[i-1]; b.number > a.number+1 {
			holes = append(holes, Hole{After: a.path, Before: b.path, Missing: b.number - a.number - 1})
		}
	}
	return holes, starts
}

func compareSegments(a, b segment) int {
	return cmp.Or(cmp.Compare(a.folder, b.folder), cmp.Compare(a.time, b.time), cmp.Compare(a.number, b.number))
}
