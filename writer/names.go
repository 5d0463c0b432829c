package writer

import (
	"os"
	"slices"
	"strings"
	"time"

	"hashlog/log"
)

// numbers is how many numbers there are: with six digits, names sort as strings.
const numbers = 1_000_000

// parseName takes apart the name of a file that this package gave to a segment, plain or
// compressed, or could have. Package log also knows the names of other writers, with
// fewer or more digits and times that do not exist.
func parseName(name string) (n log.SegmentName, ok bool) {
	if n, ok = parseDigits(name); !ok {
		return log.SegmentName{}, false
	}
	if _, err := n.Begin(); err != nil {
		return log.SegmentName{}, false
	}
	return n, true
}

// parseDigits is parseName without a look at the time.
func parseDigits(name string) (n log.SegmentName, ok bool) {
	n, ok = log.ParseSegmentName(name)
	return n, ok && n.Number < numbers && n.String() == name
}

// temporarySuffix follows the name of a compressed segment until the segment is whole.
const temporarySuffix = ".tmp"

// isTemporary reports whether a file is one in which this package compresses a segment.
func isTemporary(name string) bool {
	final, ok := strings.CutSuffix(name, temporarySuffix)
	if !ok {
		return false
	}
	n, ok := parseDigits(final)
	return ok && n.Suffix != ""
}

// naming gives segments their names, which rise whatever the clock does.
type naming struct {
	begin  time.Time // of the last name, in UTC, to the second
	number int       // of the last name
	used   bool      // there is a last name
}

// after makes all further names lie above the name of a segment in the folder. It ignores
// other names.
func (n *naming) after(name string) {
	last, ok := parseName(name)
	if !ok || n.used && last.Compare(log.NewSegmentName(n.begin, int64(n.number))) <= 0 {
		return
	}
	begin, _ := last.Begin() // parseName has checked it
	*n = naming{begin: begin, number: int(last.Number), used: true}
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
	next := naming{begin: t, used: true}
	if n.used {
		next.number = (n.number + 1) % numbers
		earliest := n.begin
		if next.number == 0 {
			earliest = earliest.Add(time.Second)
		}
		next.begin = later(t, earliest)
	}
	if next.begin.After(lastTime) {
		return "", false
	}
	*n = next
	return log.NewSegmentName(n.begin, int64(n.number)).String(), true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// held is a segment in the folder: plain, compressed or both.
type held struct {
	name  string // of the plain file, whether it exists or not
	files []os.DirEntry
	bytes int64 // in the files, once size has been called
}

// list returns the segments in a folder, oldest first, and the names of temporary files.
func list(fs fileSystem, dir string) (segments []held, temporary []string, err error) {
	entries, err := fs.readDir(dir)
	if err != nil {
		return nil, nil, err
	}
	index := make(map[string]int)
	for _, entry := range entries {
		if !entry.Type().IsRegular() {
			continue
		}
		if isTemporary(entry.Name()) {
			temporary = append(temporary, entry.Name())
			continue
		}
		name, ok := parseName(entry.Name())
		if !ok {
			continue
		}
		plain := plainName(name)
		i, ok := index[plain]
		if !ok {
			i = len(segments)
			index[plain] = i
			segments = append(segments, held{name: plain})
		}
		segments[i].files = append(segments[i].files, entry)
	}
	slices.SortFunc(segments, func(a, b held) int { return strings.Compare(a.name, b.name) })
	return segments, temporary, nil
}

// plainName returns the name of a segment as long as it is not compressed.
func plainName(n log.SegmentName) string {
	n.Suffix = ""
	return n.String()
}
