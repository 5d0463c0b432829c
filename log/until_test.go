package log

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/internal/source"
)

func until(t float64) Options { return Options{Until: &t, window: 10} }

// Until ends the reading of a log, however long it is.
func TestUntilStopsReading(t *testing.T) {
	var text strings.Builder
	for i := range 100_000 {
		text.WriteString(logLine(float64(i), "r"))
	}
	path := write(t, t.TempDir(), "x", text.String())
	r, err := find(t, path).Open(context.Background(), until(5))
	require.NoError(t, err)
	n := 0
	for r.Scan() {
		n++
	}
	require.NoError(t, r.Err())
	require.Equal(t, 5, n)
	require.False(t, r.Scan())
	require.Equal(t, 5.0, *r.Stats().Beyond)
	require.NoError(t, r.Close())
	read, total := r.Progress()
	require.Greater(t, total, int64(15<<20))
	require.Less(t, read, int64((queuedBatches+2)*(batchBytes+source.BlockSize)), "the window, and what is decoded ahead")
}

// A log that begins at or after Until is not opened, so nothing that is wrong with it matters.
func TestUntilOpensNoLogBehind(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	for _, at := range []float64{10, 10.5, 1000} {
		dir := t.TempDir()
		files := find(t, write(t, dir, "a", logLine(1, "1"), "bad\n", logLine(9, "9"), logLine(12, "12")), write(t, dir, "b", logLine(at, "b"), "bad\n"),
			write(t, dir, "c", logLine(-1, "c"), logLine(at, "d")))
		r, err := files.Open(context.Background(), until(10))
		require.NoError(t, err)
		require.NoError(t, os.Remove(dir+"/b"))
		var ids []string
		for r.Scan() {
			ids = append(ids, string(r.Entry().RequestID))
		}
		require.NoError(t, r.Err())
		require.Equal(t, []string{"c", "1", "9"}, ids)
		r.scheduler.mu.Lock()
		for _, f := range r.inputs {
			require.Equal(t, f.log.Path != dir+"/b", f.job.started)
		}
		r.scheduler.mu.Unlock()
		beyond := min(at, 12)
		require.Equal(t, Stats{Records: 3, Skipped: 1, ProblemCount: 1, Problems: r.Stats().Problems, Beyond: &beyond}, timeless(r.Stats()))
		require.NoError(t, r.Close())
	}
	// A log with nothing before Until is recognised by its first timestamps.
	dir := t.TempDir()
	g := readArgs(t, until(10), write(t, dir, "a", logLine(11, "")), write(t, dir, "b", logLine(12, "")))
	require.NoError(t, g.err)
	require.Empty(t, g.ids)
	require.Equal(t, 11.0, *g.stats.Beyond)
	require.Nil(t, readArgs(t, until(13), dir+"/a", dir+"/b").stats.Beyond, "all has been read")
}

// Until yields exactly the records before it, in the same order, though the files are out of order.
func TestUntilEqualsFilter(t *testing.T) {
	rng := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		dir := t.TempDir()
		var paths []string
		for f := range 1 + rng.IntN(5) {
			var lines []string
			start, each := rng.IntN(60), 1+rng.IntN(3)
			for i := range rng.IntN(60) {
				lines = append(lines, logLine(float64(start+i/each), fmt.Sprintf("%d/%d", f, i)))
				if rng.IntN(20) == 0 {
					lines = append(lines, "bad\n")
				}
			}
			for i := 0; i+8 <= len(lines); i += 8 { // within a window
				rng.Shuffle(8, func(a, b int) { lines[i+a], lines[i+b] = lines[i+b], lines[i+a] })
			}
			pack := []func(string) string{forms["plain"], gzipped, quicklyZstded}[rng.IntN(3)]
			paths = append(paths, write(t, dir, fmt.Sprint(f), pack(strings.Join(lines, ""))))
		}
		files := find(t, paths...)
		all := read(t, files, Options{window: 16})
		require.Zero(t, all.stats.Late)
		at := float64(rng.IntN(140)-5) / 2
		var want []string
		var beyond *float64
		for i := range all.entries {
			if all.entries[i].Timestamp < at {
				want = append(want, all.ids[i])
			} else if beyond == nil {
				beyond = &all.entries[i].Timestamp
			}
		}
		got := read(t, files, Options{Until: &at, window: 16})
		require.NoError(t, got.err)
		require.Equal(t, want, got.ids)
		require.Equal(t, beyond, got.stats.Beyond)
	}
}
