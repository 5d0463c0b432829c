package log

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

// disorder writes files of records whose timestamps are at most reach records
// out of order, and returns the paths and the ids in the right order.
func disorder(t *testing.T, rng *rand.Rand, dir string, files, records, reach int) (paths, want []string) {
	type row struct {
		timestamp float64
		id        string
	}
	var all []row
	for f := range files {
		rows := make([]row, rng.IntN(records+1))
		clock := float64(rng.IntN(3 * records))
		for i := range rows {
			clock += float64(rng.IntN(3))
			rows[i].timestamp = clock
		}
		for i := 0; i+reach < len(rows); i += reach { // shuffle blocks, so that no record moves further than reach
			rng.Shuffle(reach, func(a, b int) { rows[i+a], rows[i+b] = rows[i+b], rows[i+a] })
		}
		var text strings.Builder
		for i := range rows {
			rows[i].id = fmt.Sprintf("%d.%d", f, i)
			text.WriteString(logLine(rows[i].timestamp, rows[i].id))
		}
		all = append(all, rows...)
		paths = append(paths, write(t, dir, fmt.Sprintf("%d.jsonl", f), text.String()))
	}
	slices.SortStableFunc(all, func(a, b row) int { return cmp.Compare(a.timestamp, b.timestamp) })
	for _, r := range all {
		want = append(want, r.id)
	}
	return paths, want
}

// The order is that of a stable sort of everything.
func TestMergeIsAStableSort(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	moved := int64(0)
	for range 150 {
		window := 1 + rng.IntN(20)
		paths, want := disorder(t, rng, t.TempDir(), 1+rng.IntN(12), 60, window)
		f := find(t, paths...)
		for range 2 { // passes
			g := read(t, f, Options{window: window, MaxOpen: 1 + rng.IntN(3)})
			require.NoError(t, g.err)
			require.Equal(t, want, g.ids)
			require.Zero(t, g.stats.Late)
			moved += g.stats.OutOfOrder
		}
	}
	require.Greater(t, moved, int64(10000))
}

// With any disorder, the order is that of a stable sort of the records that aren't reported late.
func TestMergeOrLate(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	for range 150 {
		paths, _ := disorder(t, rng, t.TempDir(), 1+rng.IntN(6), 60, 10)
		if rng.IntN(2) == 0 { // lines that look like records, and fool the peek
			bad := strings.Replace(logLine(0, "bad"), "[4]", "[0]", 1)
			text, err := os.ReadFile(paths[0])
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(paths[0], append([]byte(strings.Repeat(bad, 5)), text...), 0o644))
		}
		g := readArgs(t, Options{window: 1 + rng.IntN(12)}, paths...)
		require.NoError(t, g.err)
		latest, late := position{timestamp: -1}, int64(0)
		for _, e := range g.entries {
			at := position{e.Timestamp, slices.Index(paths, e.File), e.Line}
			if at.before(latest) {
				late++
			} else {
				latest = at
			}
		}
		require.Equal(t, late, g.stats.Late)
	}
}

func TestLate(t *testing.T) {
	path := write(t, t.TempDir(), "x", logLine(10, "a"), logLine(20, "b"), logLine(30, "c"), logLine(7.5, "late"), logLine(25, "d"), logLine(40, "e"))
	g := readArgs(t, Options{window: 3}, path)
	require.Equal(t, []string{"a", "late", "b", "d", "c", "e"}, g.ids)
	require.EqualValues(t, 1, g.stats.Late)
	require.EqualValues(t, 1, g.stats.OutOfOrder)
	require.Equal(t, []Problem{{path, 4, KindLate, "late by 2.5 s: replayed out of order"}}, g.stats.Problems)
	require.EqualValues(t, 1, g.stats.ProblemCount)

	g = readArgs(t, Options{window: 4, Strict: true}, path)
	require.Equal(t, []string{"late", "a", "b", "d", "c", "e"}, g.ids)
	require.EqualValues(t, 2, g.stats.OutOfOrder)
	require.Zero(t, g.stats.ProblemCount)
}

// The window is as wide as documented.
func TestWindow(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	for i := range Window {
		text.WriteString(logLine(float64(10+i), "x"))
	}
	g := readArgs(t, Options{}, write(t, dir, "wide", text.String()[len(logLine(10, "x")):], logLine(1, "first")))
	require.Equal(t, "first", g.ids[0])
	require.Zero(t, g.stats.Late)
	g = readArgs(t, Options{Strict: true}, write(t, dir, "too wide", text.String(), logLine(1, "late")))
	require.Equal(t, []string{"x", "late"}, g.ids[:2])
	require.EqualValues(t, 1, g.stats.Late)
	require.NoError(t, g.err)
}

// Equal timestamps come in the order of arguments, then of names without the
// suffix of compression, then of lines.
func TestTies(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "lookup_hashes_2.jsonl", logLine(1, "2.1"), logLine(1, "2.2"))
	write(t, dir, "lookup_hashes_1.jsonl.zst", zstded(logLine(1, "1")))
	write(t, dir, "lookup_hashes_10.jsonl.gz", gzipped(logLine(1, "10")))
	last := write(t, dir, "0", logLine(1, "0"))
	require.Equal(t, []string{"1", "10", "2.1", "2.2", "0"}, readArgs(t, Options{}, dir, last).ids)
	require.Equal(t, []string{"0", "1", "10", "2.1", "2.2"}, readArgs(t, Options{}, last, dir).ids)
}

// A file opens when the merge reaches it, not before, and few descriptors are open.
func TestOpensLate(t *testing.T) {
	dir := t.TempDir()
	var paths, want []string
	for i := range 20 {
		id := fmt.Sprintf("%02d", i)
		paths = append(paths, write(t, dir, id, logLine(float64(i), id)))
		want = append(want, id)
	}
	slices.Reverse(paths)
	r, err := find(t, paths...).Open(context.Background(), Options{})
	require.NoError(t, err)
	defer r.Close()
	for i := range want {
		require.True(t, r.Scan())
		require.Equal(t, want[i], string(r.Entry().RequestID))
		begun := 0
		for _, f := range r.inputs {
			if f.begun {
				begun++
			}
		}
		require.LessOrEqual(t, begun, 1)
		require.LessOrEqual(t, r.opener.Pool.Len(), r.scheduler.maxRunning) // a file is read to its end at once
	}
}

// Many files that overlap are merged with few descriptors.
func TestPool(t *testing.T) {
	dir := t.TempDir()
	const files, records = 50, 40
	var paths []string
	for f := range files {
		var text strings.Builder
		for i := range records {
			text.WriteString(logLine(float64(i), strings.Repeat("x", source.BlockSize/10)))
		}
		paths = append(paths, write(t, dir, fmt.Sprint(f), text.String()))
	}
	r, err := find(t, paths...).Open(context.Background(), Options{MaxOpen: 2, window: 1})
	require.NoError(t, err)
	defer r.Close()
	for i := range files * records {
		require.True(t, r.Scan(), r.Err())
		require.Equal(t, float64(i/files), r.Entry().Timestamp)
		require.Equal(t, paths[i%files], r.Entry().File)
		require.LessOrEqual(t, r.opener.Pool.Len(), 2)
	}
	require.False(t, r.Scan())
	require.NoError(t, r.Err())
	require.Zero(t, r.opener.Pool.Len())
}

// A file that has been replaced while its descriptor was closed isn't read on.
func TestPoolReplaced(t *testing.T) {
	dir := t.TempDir()
	text := strings.Repeat(logLine(1, strings.Repeat("x", source.BlockSize/2)), 80)
	a, b := write(t, dir, "a", text), write(t, dir, "b", text)
	f := find(t, a, b)
	r, err := f.Open(context.Background(), Options{MaxOpen: 1, window: 1})
	require.NoError(t, err)
	defer r.Close()
	require.True(t, r.Scan())
	require.NoError(t, os.Rename(write(t, dir, "new", text), a))
	require.NoError(t, os.Rename(write(t, dir, "new", text), b))
	for r.Scan() {
	}
	require.ErrorIs(t, r.Err(), source.ErrReplaced)
	require.Contains(t, r.Err().Error(), "reading "+dir)

	require.NoError(t, os.Remove(b))
	g := read(t, find(t, a), Options{})
	require.NoError(t, g.err)
	require.EqualValues(t, 80, g.stats.Records)
}

// A log that is compressed between Find and Open is read. One that is deleted is left out.
func TestCompressedMeanwhile(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, "x.jsonl", logLine(1, "a"))
	f := find(t, path, write(t, dir, "y", logLine(2, "b")))
	require.Equal(t, []string{"a", "b"}, read(t, f, Options{}).ids)
	packed := write(t, dir, "x.jsonl.zst", zstded(logLine(1, "a")))
	require.NoError(t, os.Remove(path))
	require.Equal(t, []string{"a", "b"}, read(t, f, Options{}).ids)
	require.NoError(t, os.Remove(packed))
	g := read(t, f, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"b"}, g.ids)
	require.Equal(t, []string{path + ": has gone since it was found: it is left out"}, texts(g.stats.Problems))
}
