package log

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// messyLogs writes logs with everything that may be wrong with them: bad lines and such that look like records, late records, ends that are torn
// or cut off, empty logs, and logs in other formats.
func messyLogs(t *testing.T, rng *rand.Rand, window int) (paths []string) {
	dir := t.TempDir()
	add := func(name, text string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o777))
		paths = append(paths, write(t, dir, name, text))
	}
	for _, l := range stretches(rng, window) {
		add(l.name, l.text)
	}
	for i := range 1 + rng.IntN(4) {
		lines := messyLines(rng, window)
		text := strings.Join(lines, "")
		if rng.IntN(3) == 0 {
			text += []string{`{"timestamp": 1`, "\x00\x00\x00", "bad\n", "\n", "bad", `{"timestamp": 3}`}[rng.IntN(6)]
		}
		name := fmt.Sprintf("messy-%d", i)
		switch packed := rng.IntN(4); packed {
		case 0, 1:
			name, text = name+".gz", gzipped(text)
			if packed == 0 && len(text) > 20 {
				text = text[:20+rng.IntN(len(text)-20)]
			}
		}
		add(name, text)
	}
	for i, text := range []string{"", "\n \n", "bad\nbad\n", "a50000\na60000\nanonsense\nb70000\n", "b9000\nb99000\n", "bad\na20000\na1000\n"} {
		if rng.IntN(3) == 0 {
			add(fmt.Sprintf("other-%d", i), text)
		}
	}
	rng.Shuffle(len(paths), func(a, b int) { paths[a], paths[b] = paths[b], paths[a] })
	return paths
}

// messyLines makes lines of which a few are late by more than a window, bad, or blank.
func messyLines(rng *rand.Rand, window int) (lines []string) {
	start := float64(rng.IntN(60))
	bad := []string{"bad\n", "{}\n", "\n", `{"timestamp": %v, "chunk_size": 0}` + "\n"}
	for i := range rng.IntN(100) {
		at := start + float64(i)/2
		if i > 3*window && rng.IntN(12) == 0 {
			at -= float64(window + rng.IntN(20))
		}
		lines = append(lines, logLine(at, fmt.Sprintf("messy %v", at)))
		for rng.IntN(6) == 0 {
			text := bad[rng.IntN(len(bad))]
			if strings.Contains(text, "%") {
				text = fmt.Sprintf(text, at)
			}
			lines = append(lines, text)
		}
	}
	if rng.IntN(3) == 0 {
		lines = slices.Insert(lines, 0, "bad\n", "{}\n")
	}
	return lines
}

// TestParts divides passes at random times. Together the parts yield and count what one pass does, in the same order. What a part counts of those
// before is what a plain pass counts.
func TestParts(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	parts, unread := 0, int64(0)
	var met Stats
	for range 80 {
		opts := Options{window: 8, Formats: formats.Formats}
		paths := messyLogs(t, rng, opts.window)
		want := passOf(t, paths, opts)
		var bounds []*float64
		for range rng.IntN(6) {
			bounds = append(bounds, ptr(float64(rng.IntN(300))/2))
		}
		slices.SortFunc(bounds, func(a, b *float64) int { return int(2*(*a) - 2*(*b)) })
		bounds = slices.CompactFunc(bounds, func(a, b *float64) bool { return *a == *b })
		bounds = slices.Concat([]*float64{nil}, bounds, []*float64{nil})

		var sum Stats
		var ids []string
		for i, since := range bounds[:len(bounds)-1] {
			part := opts
			part.Since, part.Until, part.Part = since, bounds[i+1], true
			got := passOf(t, paths, part)
			ids = append(ids, got.ids...)
			sum.Merge(&got.stats)
			unread += got.earlier.Unread
			require.Zero(t, got.stats.BeforeSince+got.stats.Unread+got.earlier.Records)
			parts++
		}
		require.Equal(t, want.ids, ids)
		require.Equal(t, want.stats, sum)
		want.stats.Beyond = nil
		met.Merge(&want.stats)
	}
	require.Greater(t, parts, 200)
	require.Greater(t, min(unread, met.Skipped, met.Torn, met.Late, met.OutOfOrder, met.Damaged, met.EmptyFiles, int64(met.Foreign[0].Files)), int64(5))
}

// TestPartsOfGrowingLogs reads each part as soon as the logs have it, while they grow and are compressed.
func TestPartsOfGrowingLogs(t *testing.T) {
	rng := rand.New(rand.NewPCG(55, 56))
	for range 60 {
		logs := growingLogs(rng, t.TempDir(), 8, true)
		for _, g := range logs {
			if len(g.times) > 0 && math.IsNaN(g.times[0]) { // a part that comes before its first record would count it too
				g.lines, g.times = g.lines[1:], g.times[1:]
			}
		}
		opts := Options{window: 8, Part: true}
		var ids []string
		var sum Stats
		var paths []string
		for until := float64(rng.IntN(30)); opts.Since == nil || opts.Until != nil; until += float64(1 + rng.IntN(30)) {
			opts.Since, opts.Until = opts.Until, ptr(until)
			if paths = nil; until > 110 {
				opts.Until, until = nil, 1000
			}
			for _, g := range logs {
				for n, at := range g.times {
					if at < until {
						g.done = n + 1
					}
				}
				for g.done < len(g.lines) && math.IsNaN(g.times[g.done]) {
					g.done++
				}
				g.write(t, rng, until, false)
				paths = append(paths, g.path+g.form)
			}
			got := passOf(t, paths, opts)
			ids = append(ids, got.ids...)
			sum.Merge(&got.stats)
		}
		want := passOf(t, paths, Options{window: 8})
		require.Equal(t, want.ids, ids)
		require.Equal(t, []int64{want.stats.Skipped, want.stats.OutOfOrder, 0}, []int64{sum.Skipped, sum.OutOfOrder, sum.Late})
		require.Equal(t, []float64{want.stats.First, want.stats.Last}, []float64{sum.First, sum.Last})
	}
}

// outcome is what a pass has yielded and counted, times included.
type outcome struct {
	ids            []string
	stats, earlier Stats
}

func passOf(t *testing.T, paths []string, opts Options) (o outcome) {
	t.Helper()
	r, err := find(t, paths...).Open(t.Context(), opts)
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
		o.ids = append(o.ids, string(r.Entry().RequestID))
	}
	require.NoError(t, r.Err())
	o.stats, o.earlier = r.Stats(), r.Earlier()
	return o
}

// TestEarlier has a part and what comes before count together what a plain pass over the same period counts, unless a record is late. (With Until
// a plain pass also counts what is wrong with lines that it has read ahead.)
func TestEarlier(t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	same := 0
	for range 60 {
		paths := messyLogs(t, rng, 8)
		plain := Options{window: 8, Formats: formats.Formats, Since: ptr(float64(rng.IntN(150)) / 2)}
		want := passOf(t, paths, plain)
		if want.stats.Late > 0 {
			continue
		}
		plain.Part = true
		got := passOf(t, paths, plain)
		require.Equal(t, want.ids, got.ids)
		sum := got.earlier
		sum.Merge(&got.stats)
		require.Equal(t, want.stats, sum)
		same++
	}
	require.Greater(t, same, 10)
}

// TestPartIsStrictAboutItself ends with a bad line of the part, but not with one before.
func TestPartIsStrictAboutItself(t *testing.T) {
	path := write(t, t.TempDir(), "a", logLine(1, "1"), "bad\n", logLine(2, "2"), logLine(3, "3"), logLine(4, "4"))
	opts := Options{window: 1, Strict: true, Part: true, Until: ptr(3.0)}
	r, err := find(t, path).Open(t.Context(), opts)
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
	}
	var p *Problem
	require.ErrorAs(t, r.Err(), &p)
	opts.Since, opts.Until = opts.Until, nil
	require.Equal(t, []string{"3", "4"}, passOf(t, []string{path}, opts).ids)
}

// TestPartReadsWhatMatters opens none of the logs that end before the part or begin behind it.
func TestPartReadsWhatMatters(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for i := range 10 {
		paths = append(paths, write(t, dir, fmt.Sprint("log-", i), logLine(float64(10*i), "a"), "bad\n", logLine(float64(10*i+9), "b")))
	}
	r, err := find(t, paths...).Open(t.Context(), Options{Part: true, Since: ptr(30.0), Until: ptr(50.0)})
	require.NoError(t, err)
	defer r.Close()
	for r.Scan() {
	}
	require.EqualValues(t, 2, r.Stats().Skipped)
	require.EqualValues(t, 3, r.Earlier().Unread)
	for i, l := range r.Logs() {
		require.Equal(t, i == 3 || i == 4, l.Read, l.Name)
	}
}
