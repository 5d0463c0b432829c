package log

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Since keeps back exactly the records before it. They and all problems among them are counted, and the other records
// come in the same order as without Since.
func TestSinceEqualsFilter(t *testing.T) {
	rng := rand.New(rand.NewPCG(23, 24))
	kept, held := 0, 0
	for range 200 {
		dir := t.TempDir()
		var paths []string
		for f := range 1 + rng.IntN(4) {
			var lines []string
			start := rng.IntN(60)
			for i := range rng.IntN(60) {
				lines = append(lines, logLine(float64(start+i), fmt.Sprintf("%d/%d", f, i)))
				if rng.IntN(20) == 0 {
					lines = append(lines, "bad\n")
				}
			}
			for i := 0; i+20 <= len(lines); i += 20 { // more than the window puts in order
				rng.Shuffle(20, func(a, b int) { lines[i+a], lines[i+b] = lines[i+b], lines[i+a] })
			}
			paths = append(paths, write(t, dir, fmt.Sprint(f), strings.Join(lines, "")))
		}
		files := find(t, paths...)
		since, until := float64(rng.IntN(140)-5)/2, math.Inf(1)
		opts := Options{window: 8, readAll: true}
		if rng.IntN(2) == 0 {
			until = since + 1 + float64(rng.IntN(60))
			opts.Until = &until
		}
		all := read(t, files, opts)
		want, first, last := all.stats, 0.0, 0.0
		var ids []string
		for i, e := range all.entries {
			if i == 0 {
				first, last = e.Timestamp, e.Timestamp
			}
			first, last = min(first, e.Timestamp), max(last, e.Timestamp)
			if e.Timestamp >= since {
				ids = append(ids, all.ids[i])
			}
		}
		want.Records, want.BeforeSince = int64(len(ids)), int64(len(all.ids)-len(ids))
		opts.Since = &since
		got := read(t, files, opts)
		require.NoError(t, got.err)
		require.Equal(t, ids, got.ids)
		require.Equal(t, want, got.stats)
		kept, held = kept+len(ids), held+len(all.ids)-len(ids)

		r, err := files.Open(context.Background(), opts)
		require.NoError(t, err)
		for r.Scan() {
		}
		require.Equal(t, []float64{first, last}, []float64{r.Stats().First, r.Stats().Last})
		require.NoError(t, r.Close())
	}
	require.Greater(t, min(kept, held), 1000)
}

// Records before Since count even if none is yielded.
func TestSinceBehindTheEnd(t *testing.T) {
	since := 1000.0
	g := readArgs(t, Options{Since: &since}, write(t, t.TempDir(), "a", logLine(1, "1"), "bad\n", logLine(2, "2")))
	require.NoError(t, g.err)
	require.Empty(t, g.ids)
	require.Equal(t, Stats{BeforeSince: 2, Skipped: 1, ProblemCount: 1, Problems: g.stats.Problems}, g.stats)
}

func TestOptionsRefuseNonsense(t *testing.T) {
	one, two, nan, inf := 1.0, 2.0, math.NaN(), math.Inf(1)
	files := find(t, write(t, t.TempDir(), "a", logLine(1, "1")))
	for want, opts := range map[string]Options{
		"option MaxOpen must not be negative, is -1":            {MaxOpen: -1},
		"option Since must be finite, is NaN":                   {Since: &nan},
		"option Until must be finite, is +Inf":                  {Until: &inf},
		"option Since must be before Until, is 2 and that is 1": {Since: &two, Until: &one},
		"option Since must be before Until, is 1 and that is 1": {Since: &one, Until: &one},
		"option Formats must not hold nil, does at 0":           {Formats: []Format{nil}},
	} {
		_, err := files.Open(context.Background(), opts)
		var option *OptionError
		require.ErrorAs(t, err, &option)
		require.EqualError(t, err, want)
		require.True(t, slices.Contains([]string{"MaxOpen", "Since", "Until", "Formats"}, option.Option))
	}
	require.Equal(t, []string{"1"}, read(t, files, Options{Since: &one, Until: &two}).ids)

	// A stream that was refused for its options can still be opened.
	stdin, err := Find(context.Background(), []string{"-"}, strings.NewReader(logLine(1, "1")))
	require.NoError(t, err)
	_, err = stdin.Open(context.Background(), Options{MaxOpen: -1})
	require.Error(t, err)
	require.Equal(t, []string{"1"}, read(t, stdin, Options{}).ids)
}
