package log

import (
	"cmp"
	"maps"
	"path"
	"path/filepath"
	"slices"

	"hashlog/log/internal/source"
)

// succession are logs that one writer has written one after another, by their ranks, oldest first. Together they are in order but for a
// window, as one log is.
type succession []int

// ranked is a log in a folder.
type ranked struct {
	SegmentName
	rank int
}

// successions finds the logs that package writer has written one after another: in one folder, with numbers that follow each other and
// times that don't fall.
func successions(logs []*source.Log) (found []succession) {
	folders := make(map[string][]ranked)
	for rank, l := range logs {
		folder, name := split(l)
		if n, ok := ParseSegmentName(name); ok && !l.Stream {
			folders[folder] = append(folders[folder], ranked{n, rank})
		}
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		found = append(found, successionsIn(folders[folder])...)
	}
	return found
}

// successionsIn is successions of the logs of one folder. Other writers may have begun anew with their numbers, so a number that several logs
// have tells nothing.
func successionsIn(logs []ranked) (found []succession) {
	slices.SortFunc(logs, func(a, b ranked) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.rank, b.rank)) })
	var last ranked
	for i, l := range logs {
		repeats := i > 0 && logs[i-1].Number == l.Number || i+1 < len(logs) && logs[i+1].Number == l.Number
		switch {
		case repeats:
			continue
		case len(found) > 0 && last.Number+1 == l.Number && last.Stamp <= l.Stamp:
			found[len(found)-1] = append(found[len(found)-1], l.rank)
		default:
			found = append(found, succession{l.rank})
		}
		last = l
	}
	return slices.DeleteFunc(found, func(s succession) bool { return len(s) == 1 })
}

// split returns the folder of a log and its name there.
func split(l *source.Log) (folder, name string) {
	if l.Object != nil {
		return path.Split(l.Path)
	}
	return filepath.Split(l.Path)
}
