package analyze

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/log/foreign"
)

// messyLogs writes a folder of logs, longer than a window, with everything that may be wrong with them.
func messyLogs(t *testing.T, rng *rand.Rand) (dir string) {
	dir = t.TempDir()
	write := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_"+name+".jsonl"), []byte(text), 0o666))
	}
	for i := range 1 + rng.IntN(3) {
		text := messyText(t, rng)
		if rng.IntN(2) == 0 {
			text += []string{`{"timestamp": 1`, "\x00\x00", "bad\n", "bad"}[rng.IntN(4)]
		}
		name := fmt.Sprintf("messy_%d", i)
		if rng.IntN(3) > 0 {
			write(name, text)
			continue
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		_, err := z.Write([]byte(text))
		require.NoError(t, err)
		require.NoError(t, z.Close())
		if n := packed.Len(); rng.IntN(2) == 0 {
			packed.Truncate(n/2 + rng.IntN(n/2))
		}
		require.NoError(t, os.WriteFile(filepath.Join(dir, "lookup_hashes_"+name+".jsonl.gz"), packed.Bytes(), 0o666))
	}
	for i, text := range []string{"", "\n", "bad\n{}\n",
		`{"timestamp": 27482, "input_length": 1300, "output_length": 52, "hash_ids": [46, 47, 48]}` + "\n" + `{"timestamp": 1.0e6}` + "\n"} {
		if rng.IntN(2) == 0 {
			write(fmt.Sprintf("other_%d", i), text)
		}
	}
	return dir
}

// messyText makes records of which some are late by more than a window, with bad lines between them.
func messyText(t *testing.T, rng *rand.Rand) string {
	records := randomRecords(rng, "equal", 3000+rng.IntN(3000))
	start := float64(rng.IntN(5000))
	var text []byte
	bad := []string{"bad\n", "{}\n", "\n", `{"timestamp": 5000, "chunk_size": 0}` + "\n"}
	for i := range records {
		r := &records[i]
		r.Timestamp += start
		switch rng.IntN(150) {
		case 0:
			r.Timestamp = max(0, r.Timestamp-12000) // records are a second and a half apart, and a window has 4096
		case 1:
			r.Timestamp = max(0, r.Timestamp-50)
		case 2:
			r.SeqLen, r.ChunkHashes = 0, nil
		case 3:
			text = append(text, bad[rng.IntN(len(bad))]...)
		}
		var err error
		text, err = log.AppendRecord(text, r)
		require.NoError(t, err)
	}
	return string(text)
}

// TestPartsOfMessyLogs cuts logs by time, joins the parts, and compares every figure, count, note and problem with one replay.
func TestPartsOfMessyLogs(t *testing.T) {
	t.Parallel()
	var met log.Stats
	for seed := range seeds(12) {
		rng := rand.New(rand.NewPCG(seed, 71))
		dir := messyLogs(t, rng)
		opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}, Formats: (foreign.Options{}).Formats()}
		opts.By = []Dimension{ByLength, ByModel, BySource, ByHour, BySalt}
		if rng.IntN(3) == 0 {
			opts.Model = new("model-1")
		}
		cuts := messyCuts(rng)
		join := joinParts
		if rng.IntN(2) == 0 {
			join = joinFiles
		}
		want := requireSameAsRun(t, findAll(t, dir), join(t, rng, partsOf(t, findAll(t, dir), opts, cuts)), opts)
		met.Merge(&want.Log)
	}
	require.Greater(t, min(met.Skipped, met.Late, met.OutOfOrder, met.Torn, met.Damaged, met.EmptyFiles, met.Foreign[0].Files), int64(0))
}

// messyCuts returns times, rising.
func messyCuts(rng *rand.Rand) (cuts []float64) {
	for range rng.IntN(5) {
		cuts = append(cuts, float64(rng.IntN(16000)))
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// requireSameAsRun compares everything that is reported of joined parts with one replay.
func requireSameAsRun(t *testing.T, files *log.Files, joined *Summary, opts Options) (want *Report) {
	t.Helper()
	whole := opts
	whole.summary = true
	want, err := Run(t.Context(), files, whole)
	require.NoError(t, err)
	got, err := joined.Report(opts)
	require.NoError(t, err)
	got.Notes = slices.DeleteFunc(got.Notes, func(n Note) bool { return strings.Contains(n.Text, "one run of all logs") })
	requireSameText(t, everything(t, want), everything(t, got))
	require.Equal(t, want.Log, got.Log)
	require.Equal(t, want.Input, got.Input)
	requireSameCurve(t, want.Curve, got.Curve)
	return want
}

// TestPartsOfAPeriod does the same with a period of the logs, also as a single part. What the logs have before it is counted as one replay of the
// period counts it.
func TestPartsOfAPeriod(t *testing.T) {
	t.Parallel()
	filtered, unread, skipped := int64(0), int64(0), int64(0)
	for seed := range seeds(24) {
		rng := rand.New(rand.NewPCG(seed, 72))
		dir := messyLogs(t, rng)
		opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20)}, Formats: (foreign.Options{}).Formats()}
		since := float64(rng.IntN(8000))
		var cuts []float64
		for _, cut := range messyCuts(rng) {
			if cut > since {
				cuts = append(cuts, cut)
			}
		}
		opts.Since = &since
		whole, err := Run(t.Context(), findAll(t, dir), opts)
		if err != nil || whole.Log.Late > 0 {
			continue // the parts put a late record where a replay of all logs has it
		}
		joined := joinParts(t, rng, partsOf(t, findAll(t, dir), opts, cuts))
		want := requireSameAsRun(t, findAll(t, dir), joined, opts)
		filtered, unread, skipped = filtered+want.Input.Filtered, unread+want.Log.Unread, skipped+want.Log.Skipped
	}
	require.Greater(t, min(filtered, unread, skipped), int64(0))
}

// TestPartsOfFiles joins a summary of each log.
func TestPartsOfFiles(t *testing.T) {
	t.Parallel()
	for seed := range uint64(10) {
		rng := rand.New(rand.NewPCG(seed, 73))
		dir, now := t.TempDir(), 0.0
		opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20)}}
		var parts []*Summary
		var paths []string
		for i := range 1 + rng.IntN(4) {
			records := randomRecords(rng, "equal", 1+rng.IntN(60))
			var text []byte
			for i := range records {
				r := &records[i]
				r.Timestamp += now
				if rng.IntN(9) == 0 {
					text = append(text, []string{"bad\n", "{}\n", "\n"}[rng.IntN(3)]...)
				}
				var err error
				text, err = log.AppendRecord(text, r)
				require.NoError(t, err)
			}
			now = records[len(records)-1].Timestamp + 1
			path := filepath.Join(dir, fmt.Sprint(i))
			require.NoError(t, os.WriteFile(path, append(text, "torn"[:4*rng.IntN(2)]...), 0o666))
			paths = append(paths, path)
			s, err := Summarize(t.Context(), findAll(t, path), opts)
			require.NoError(t, err)
			parts = append(parts, s)
		}
		requireSameAsRun(t, findAll(t, paths...), joinParts(t, rng, parts), opts)
	}
}

func findAll(t *testing.T, args ...string) *log.Files {
	t.Helper()
	files, err := log.Find(context.Background(), args, nil)
	require.NoError(t, err)
	return files
}
