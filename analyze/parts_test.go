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
	for seed := range uint64(12) {
		rng := rand.New(rand.NewPCG(seed, 71))
		dir := messyLogs(t, rng)
		opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}, Formats: (foreign.Options{}).Formats()}
		opts.By = []Dimension{ByLength, ByModel, BySource, ByHour}
		if rng.IntN(3) == 0 {
			opts.Model = new("model-1")
		}
		var cuts []float64
		for range rng.IntN(5) {
			cuts = append(cuts, float64(rng.IntN(16000)))
		}
		slices.Sort(cuts)
		cuts = slices.Compact(cuts)
		files := findAll(t, dir)
		whole := opts
		whole.summary = true
		want, err := Run(t.Context(), files, whole)
		require.NoError(t, err)
		joined := joinParts(t, rng, partsOf(t, findAll(t, dir), opts, cuts))
		got, err := joined.Report(opts)
		require.NoError(t, err)
		got.Notes = slices.DeleteFunc(got.Notes, func(n Note) bool { return strings.Contains(n.Text, "one run of all logs") })
		requireSameText(t, everything(t, want), everything(t, got))
		require.Equal(t, want.Log, got.Log)
		require.Equal(t, want.Input, got.Input)
		requireSameCurve(t, want.Curve, got.Curve)
		met.Merge(&want.Log)
	}
	require.Greater(t, min(met.Skipped, met.Late, met.OutOfOrder, met.Torn, met.Damaged, met.EmptyFiles, met.Foreign[0].Files), int64(0))
}

func findAll(t *testing.T, args ...string) *log.Files {
	t.Helper()
	files, err := log.Find(context.Background(), args, nil)
	require.NoError(t, err)
	return files
}
