package writer

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var (
	segmentName   = regexp.MustCompile(`^lookup_hashes_(\d{8}_\d{6})_(\d{6})\.jsonl(\.gz|\.zst)?$`)
	temporaryName = regexp.MustCompile(`^lookup_hashes_\d{8}_\d{6}_\d{6}\.jsonl(\.gz|\.zst)\.tmp$`)
)

const (
	timeLayout = "20060102_150405"
	numbers    = 1_000_000
)

// naming gives segments their names. They rise, whatever the clock does.
type naming struct {
	time   time.Time // of the last name, to the second
	number int       // of the last name
	used   bool      // there is a last name
}

// after makes the next names lie above a name in the folder.
func (n *naming) after(name string) {
	m := segmentName.FindStringSubmatch(name)
	if m == nil {
		return
	}
	t, err := time.ParseInLocation(timeLayout, m[1], time.UTC)
	if err != nil {
		return
	}
	number, _ := strconv.Atoi(m[2])
	if !n.used || t.After(n.time) || t.Equal(n.time) && number > n.number {
		*n = naming{time: t, number: number, used: true}
	}
}

// next returns the name of a segment that begins at a time. Numbers count up from
// segment to segment, so that a missing one shows.
func (n *naming) next(t time.Time) string {
	t = t.UTC().Truncate(time.Second)
	if last := time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC); t.After(last) || t.Year() < 0 {
		t = last // names have four digits for the year
	}
	switch {
	case !n.used:
		*n = naming{time: t, used: true}
	default:
		if t.After(n.time) {
			n.time = t
		}
		if n.number++; n.number == numbers {
			n.number = 0
			if !t.After(n.time) {
				n.time = n.time.Add(time.Second)
			}
		}
	}
	return fmt.Sprintf("lookup_hashes_%s_%06d.jsonl", n.time.Format(timeLayout), n.number)
}

// held is a segment in the folder, plain, compressed or both.
type held struct {
	name  string // without the suffix of a compressed file
	files []os.DirEntry
}

// list returns the segments in a folder, oldest first, and the names of temporary
// files.
func list(fs fileSystem, dir string) (segments []held, temporary []string, err error) {
	entries, err := fs.readDir(dir)
	if err != nil {
		return nil, nil, err
	}
	index := make(map[string]int)
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !entry.Type().IsRegular():
		case temporaryName.MatchString(name):
			temporary = append(temporary, filepath.Join(dir, name))
		case segmentName.MatchString(name):
			plain := name[:strings.Index(name, ".jsonl")+len(".jsonl")]
			i, ok := index[plain]
			if !ok {
				i = len(segments)
				index[plain] = i
				segments = append(segments, held{name: plain})
			}
			segments[i].files = append(segments[i].files, entry)
		}
	}
	slices.SortFunc(segments, func(a, b held) int { return strings.Compare(a.name, b.name) })
	return segments, temporary, nil
}
