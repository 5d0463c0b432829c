package log_test

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
	"hashlog/writer"
)

// Beside a writer that keeps rotating, compressing and removing logs, every pass succeeds: it
// yields whole records in order, and misses only records of logs that are gone and reported.
func TestBesideBusyWriter(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("an open file cannot be removed")
	}
	const rounds, perRound = 30, 2000
	for _, compression := range []writer.Compression{writer.Zstd, writer.NoCompression} {
		dir := t.TempDir()
		w, err := writer.New(writer.Options{Dir: dir, RotateSize: 300 << 10, MaxFiles: 12, QueueBytes: 1 << 20, Compress: compression,
			OnError: func(err error) { t.Error(err) }})
		require.NoError(t, err)
		defer w.Close(context.Background())
		written := lookUp(t, w, 0, perRound)
		require.NoError(t, w.Flush(t.Context())) // there is a log to find
		var sum log.Stats
		for round := range rounds {
			done := make(chan int64)
			go func() { done <- lookUp(t, w, written, perRound) }()
			files, err := log.Find(t.Context(), []string{dir}, nil)
			require.NoError(t, err)
			for range 2 { // passes
				stats := readWhole(t, files, log.Options{MaxOpen: round % 3}, written+perRound)
				sum.Records += stats.Records
				sum.Damaged += stats.Damaged
			}
			written = <-done
		}
		require.NoError(t, w.Close(context.Background()))
		t.Logf("%d rounds, %q: %d records read, %d logs gone", rounds, compression, sum.Records, sum.Damaged)
	}
}

// hashesOf is how many hashes a lookup has.
func hashesOf(n int64) int { return int(1 + n%50) }

// lookUp writes lookups numbered from n on, and returns the next number.
func lookUp(t *testing.T, w *writer.Writer, from int64, count int) (next int64) {
	for n := from; n < from+int64(count); n++ {
		l := writer.Lookup{Timestamp: float64(1 + n), RequestID: fmt.Sprint(n), ModelName: "m", ChunkSize: 16, SeqLen: n}
		for i := range hashesOf(n) {
			l.IntHashes = append(l.IntHashes, int64(i)<<56|n)
		}
		if err := w.RecordWait(t.Context(), l); err != nil {
			t.Error(err)
		}
	}
	return from + int64(count)
}

var gone = regexp.MustCompile(`: has gone since it was found: (it|the rest of it) is left out$`)

// readWhole reads logs of lookups. It checks that every record is whole, that they are in order,
// and that only records of deleted logs are missing.
func readWhole(t *testing.T, files *log.Files, opts log.Options, end int64) log.Stats {
	r, err := files.Open(t.Context(), opts)
	require.NoError(t, err)
	defer r.Close()
	last, gaps := int64(-1), int64(0)
	for r.Scan() {
		e := r.Entry()
		n := e.SeqLen
		if n != int64(e.Timestamp)-1 || string(e.RequestID) != fmt.Sprint(n) || len(e.Hashes) != hashesOf(n) || n >= end {
			t.Fatalf("%s:%d: %+v is not as it was written", e.File, e.Line, e)
		}
		if n <= last {
			t.Fatalf("%s:%d: %d after %d", e.File, e.Line, n, last)
		}
		if last >= 0 && n > last+1 {
			gaps++
		}
		last = n
	}
	require.NoError(t, r.Err())
	stats := r.Stats()
	require.Zero(t, stats.Skipped+stats.Late+stats.OutOfOrder)
	require.LessOrEqual(t, stats.Torn, int64(1), "only the live one may be torn")
	require.LessOrEqual(t, gaps, stats.Damaged, "%v", stats.Problems)
	for _, p := range stats.Problems {
		require.Regexp(t, gone, p.String())
	}
	return stats
}
