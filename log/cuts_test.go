package log

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCut divides logs by hand.
func TestCut(t *testing.T) {
	logs := []beginning{{1, 10}, {2, 10}, {3, 20}, {4, 0}, {4, 20}, {5, 20}} // before them: 0, 10, 20, 40, 40, 60 of 80 bytes
	for n, want := range map[int][]float64{1: nil, 2: {4}, 3: {3, 5}, 4: {3, 4, 5}, 5: {3, 4, 5}, 8: {2, 3, 4, 5}, 100: {2, 3, 4, 5}} {
		require.Equal(t, want, cut(logs, n), n)
	}
	require.Empty(t, cut([]beginning{{1, 10}, {1, 20}}, 5))
	require.Empty(t, cut(nil, 5))
	require.Equal(t, []float64{2}, cut([]beginning{{1, 0}, {2, 0}}, 2))
}

// TestCutSkips compares the cuts of random logs with those found one k after the other, for few parts and for far more than there are logs.
func TestCutSkips(t *testing.T) {
	rng := rand.New(rand.NewPCG(53, 54))
	for range 2000 {
		var logs []beginning
		for i := range 1 + rng.IntN(12) {
			logs = append(logs, beginning{float64(i + rng.IntN(2)), rng.Int64N(4) * rng.Int64N(1000)})
		}
		slices.SortStableFunc(logs, func(a, b beginning) int { return cmp.Compare(a.time, b.time) })
		n := 1 + rng.IntN(1+rng.IntN(300))
		require.Equal(t, plainCut(logs, n), cut(logs, n), "%v in %d", logs, n)
	}
	require.Len(t, cut([]beginning{{1, 10}, {2, 10}, {3, 10}}, math.MaxInt), 2)
}

// plainCut is cut, one k after the other.
func plainCut(logs []beginning, n int) (cuts []float64) {
	var candidates []beginning
	before := int64(0)
	for i, l := range logs {
		if i > 0 && l.time > logs[i-1].time {
			candidates = append(candidates, beginning{l.time, before})
		}
		before += l.bytes
	}
	for k := 1; k < n && len(candidates) > 0; k++ {
		if at := candidates[nearest(candidates, float64(before)*float64(k)/float64(n))].time; len(cuts) == 0 || at > cuts[len(cuts)-1] {
			cuts = append(cuts, at)
		}
	}
	return cuts
}

// TestCuts divides logs and reads the parts: together they have all records, each once. No log that is in order but for the window is in two.
func TestCuts(t *testing.T) {
	rng := rand.New(rand.NewPCG(51, 52))
	const window, records = 8, 100
	dir := t.TempDir()
	var paths []string
	for i := range 20 {
		var lines []string
		for n := range records {
			lines = append(lines, logLine(float64(i*records+n), fmt.Sprint(i*records+n)))
		}
		for n := 0; n+window/2 <= len(lines); n += window / 2 {
			rng.Shuffle(window/2, func(a, b int) { lines[n+a], lines[n+b] = lines[n+b], lines[n+a] })
		}
		paths = append(paths, write(t, dir, fmt.Sprintf("x%02d", i), strings.Join(lines, "")))
	}
	slices.Reverse(paths)
	files := find(t, paths...)
	whole := read(t, files, Options{window: window})
	for _, n := range []int{1, 2, 3, 7, 20, 64} {
		cuts, err := files.Cuts(context.Background(), n, Options{window: window})
		require.NoError(t, err)
		require.Len(t, cuts, min(n, 20)-1)
		var ids []string
		for i := range len(cuts) + 1 {
			opts := Options{window: window}
			if i > 0 {
				opts.Since = &cuts[i-1]
			}
			if i < len(cuts) {
				opts.Until = &cuts[i]
			}
			part := read(t, files, opts)
			require.InDelta(t, 20*records/min(n, 20), len(part.ids), records)
			require.Zero(t, part.stats.BeforeSince)
			ids = append(ids, part.ids...)
		}
		require.Equal(t, whole.ids, ids)
	}

	since, until := 410.0, 1500.0
	cuts, err := files.Cuts(context.Background(), 64, Options{window: window, Since: &since, Until: &until})
	require.NoError(t, err)
	require.Equal(t, []float64{500, 600, 700, 800, 900, 1000, 1100, 1200, 1300, 1400}, cuts)
}

func TestCutsRefused(t *testing.T) {
	path := write(t, t.TempDir(), "x", logLine(1, "1"))
	cuts, err := find(t, path).Cuts(context.Background(), 5, Options{})
	require.NoError(t, err)
	require.Empty(t, cuts, "one log")
	_, err = find(t, path).Cuts(context.Background(), 0, Options{})
	require.ErrorContains(t, err, "dividing logs into 0 parts: must be 1 at least")
	_, err = find(t, path).Cuts(context.Background(), 2, Options{MaxOpen: -1})
	require.ErrorContains(t, err, "MaxOpen")
	stdin, err := Find(context.Background(), []string{path, "-"}, strings.NewReader(""))
	require.NoError(t, err)
	_, err = stdin.Cuts(context.Background(), 2, Options{})
	require.ErrorIs(t, err, errUncut)
}
