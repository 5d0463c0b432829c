package log

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// stretch is a log of a test.
type stretch struct {
	name string
	text string
}

// stretches makes the logs of a few writers: some plain, some compressed, some named as package writer does. Each writer's records are in
// order but for the window, across its logs.
func stretches(rng *rand.Rand, window int) (logs []stretch) {
	for w := range 1 + rng.IntN(3) {
		n := 0
		start := rng.IntN(60)
		for range 1 + rng.IntN(2) { // a second time into the same folder, from an earlier time on
			lines := stretchLines(rng, w, start, window)
			start -= window
			for ; len(lines) > 0; n++ {
				some := 1 + rng.IntN(len(lines))
				if rng.IntN(4) > 0 {
					some = min(some, 1+rng.IntN(3*window))
				}
				name := fmt.Sprintf("w%d/log-%d", w, n)
				if w < 2 {
					name = fmt.Sprintf("w%d/%s", w, NewSegmentName(time.Unix(int64(n/2), 0), int64(n)))
				}
				text := strings.Join(lines[:some], "")
				if rng.IntN(9) == 0 {
					text += "bad\n"
				}
				switch rng.IntN(3) {
				case 0:
					name, text = name+".gz", gzipped(text)
				case 1:
					name, text = name+".zst", zstded(text)
				}
				logs, lines = append(logs, stretch{name, text}), lines[some:]
			}
		}
	}
	return logs
}

// stretchLines makes the records of a writer.
func stretchLines(rng *rand.Rand, w, start, window int) (lines []string) {
	for i := range rng.IntN(150) {
		lines = append(lines, logLine(float64(start+i/(1+w)), fmt.Sprintf("%d/%d/%d", w, start, i)))
	}
	for i := 0; i+window/2 <= len(lines); i += window / 2 {
		rng.Shuffle(window/2, func(a, b int) { lines[i+a], lines[i+b] = lines[i+b], lines[i+a] })
	}
	return lines
}

// TestUnreadLogs reads a period with and without the logs that end before it: the same records, in the same order. Whatever else is counted is
// that of the logs that are read.
func TestUnreadLogs(t *testing.T) {
	rng := rand.New(rand.NewPCG(31, 32))
	const window = 8
	unread, passedOver, packed := 0, 0, 0
	for range 100 {
		dir := t.TempDir()
		var paths []string
		for _, l := range stretches(rng, window) {
			require.NoError(t, os.MkdirAll(dir+"/"+l.name[:2], 0o777))
			paths = append(paths, write(t, dir, l.name, l.text))
		}
		if len(paths) == 0 {
			continue
		}
		since := float64(rng.IntN(160)) / 2
		opts := Options{window: window, Since: &since}
		if rng.IntN(2) == 0 {
			until := since + 1 + float64(rng.IntN(40))
			opts.Until = &until
		}
		files := find(t, paths...)
		twin := opts
		twin.readAll = true
		want := read(t, find(t, paths...), twin)
		got, left := readPeriod(t, files, opts)
		require.NoError(t, got.err)
		require.Equal(t, want.ids, got.ids)
		require.Equal(t, int64(len(left)), got.stats.Unread)
		again, _ := readPeriod(t, files, opts)
		require.Equal(t, got.stats, again.stats, "another pass reads the same")

		var rest []string
		for _, path := range paths {
			if !slices.Contains(left, path) {
				rest = append(rest, path)
			}
		}
		only := read(t, find(t, rest...), twin)
		only.stats.Unread, only.stats.FirstUnread, only.stats.Beyond = got.stats.Unread, got.stats.FirstUnread, got.stats.Beyond
		require.Equal(t, only.stats, got.stats)
		unread, passedOver = unread+len(left), passedOver+len(rest)
		for _, path := range left {
			if !strings.HasSuffix(path, ".jsonl") {
				packed++
			}
		}
	}
	require.Greater(t, min(unread, passedOver), 100)
	require.Greater(t, packed, 30)
}

// readPeriod is read that also returns the logs that were not read, though they do not begin behind the period.
func readPeriod(t *testing.T, files *Files, opts Options) (g got, unread []string) {
	s, err := newSurvey(context.Background(), files, opts.withDefaults(0), nil, newTallies(files.logs, nil))
	require.NoError(t, err)
	for rank, ended := range s.ended {
		if ended {
			unread = append(unread, files.Paths()[rank])
		}
	}
	return read(t, files, opts), unread
}

func TestUnreadNote(t *testing.T) {
	for n, want := range []string{"", "a ends before the period: it is not read, and its records are not counted",
		"a and another log end before the period: they are not read, and their records are not counted",
		"a and 2 more logs end before the period: they are not read, and their records are not counted"} {
		s := Stats{Unread: int64(n), FirstUnread: "a"}
		require.Equal(t, want, s.UnreadNote())
	}
}

// TestUnreadAll reads one log even if all end before the period, so that the pass can say what there is.
func TestUnreadAll(t *testing.T) {
	dir := t.TempDir()
	a, b, empty := write(t, dir, "a", logLine(1, "1"), logLine(4, "4")), write(t, dir, "b", logLine(2, "2")), write(t, dir, "empty")
	r, err := find(t, a, b, empty).Open(context.Background(), Options{Since: ptr(5.0)})
	require.NoError(t, err)
	defer r.Close()
	require.False(t, r.Scan())
	s := r.Stats()
	require.Equal(t, Stats{BeforeSince: 2, Unread: 1, FirstUnread: b, First: 1, Last: 4, EmptyFiles: 1, FirstEmpty: empty}, s)
}

// TestUnreadAtTheVeryTime reads a log whose last record has the time.
func TestUnreadAtTheVeryTime(t *testing.T) {
	dir := t.TempDir()
	a, b := write(t, dir, "a", logLine(1, "1"), logLine(5, "5")), write(t, dir, "b", logLine(6, "6"))
	require.Equal(t, []string{"5", "6"}, readArgs(t, Options{Since: ptr(5.0)}, a, b).ids)
	require.Equal(t, []string{"6"}, readArgs(t, Options{Since: ptr(5.5)}, a, b).ids)
}

// TestUnreadIsNotWhatEndsLate has a log that goes on beyond the beginning of the next one, as its last record says.
func TestUnreadIsNotWhatEndsLate(t *testing.T) {
	dir := t.TempDir()
	log := func(n, from, to int) {
		var lines []string
		for i := from; i <= to; i++ {
			lines = append(lines, logLine(float64(i), fmt.Sprint(n, "/", i)))
		}
		write(t, dir, NewSegmentName(time.Unix(int64(n), 0), int64(n)).String(), lines...)
	}
	log(0, 0, 29)
	log(1, 30, 80) // more than once, later ones begin before it ends
	log(2, 50, 61)
	log(3, 62, 74)
	log(4, 75, 90)
	opts := Options{window: 8, Since: ptr(78.0)}
	got, unread := readPeriod(t, find(t, dir), opts)
	opts.readAll = true
	require.Equal(t, read(t, find(t, dir), opts).ids, got.ids)
	require.Len(t, unread, 3)
}
