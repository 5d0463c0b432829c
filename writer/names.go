package writer

import (
	"fmt"
	"os"
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

// parseName takes the name of a segment, plain or compressed, apart.
func parseName(name string) (t time.Time, number int, ok bool) {
	m := segmentName.FindStringSubmatch(name)
	if m == nil {
		return t, 0, false
	}
	t, err := time.ParseInLocation(timeLayout, m[1], time.UTC)
	if err != nil {
		return t, 0, false
	}
	number, err = strconv.Atoi(m[2])
	return t, number, err == nil
}

// after makes the next names lie above a name in the folder.
func (n *naming) after(name string) {
	t, number, ok := parseName(name)
	if ok && (!n.used || t.After(n.time) || t.Equal(n.time) && number > n.number) {
		*n = naming{time: t, number: number, used: true}
	}
}

var (
	firstTime = time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC) // names have four digits for the year
	lastTime  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
)

// next returns the name of a segment that begins at a time. Numbers count up from
// segment to segment, so that a missing one shows. It returns false if there is no
// name above the last.
func (n *naming) next(t time.Time) (name string, ok bool) {
	t = t.UTC().Truncate(time.Second)
	if t.Before(firstTime) {
		t = firstTime
	}
	if t.After(lastTime) {
		t = lastTime
	}
	next := naming{time: t, used: true}
	if n.used {
		next.number = (n.number + 1) % numbers
		earliest := n.time
		if next.number == 0 {
			earliest = earliest.Add(time.Second)
		}
		next.time = later(t, earliest)
	}
	if next.time.After(lastTime) {
		return "", false
	}
	*n = next
	return fmt.Sprintf("lookup_hashes_%s_%06d.jsonl", n.time.Format(timeLayout), n.number), true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// plainName returns the name of a segment without what stands behind it.
func plainName(name string) string {
	const end = ".jsonl"
	return name[:strings.Index(name, end)+len(end)]
}

// held is a segment in the folder, plain, compressed or both.
type held struct {
	name  string // without the suffix of a compressed file
	files []os.DirEntry
	bytes int64 // of the files, once they have been asked for
}

func isSegment(name string) bool {
	_, _, ok := parseName(name)
	return ok
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
			temporary = append(temporary, name)
		case isSegment(name):
			plain := plainName(name)
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
