package analyze

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim/routing"
)

// TestManySources replays 200 nodes, whose folders have plain, gzip and zstd segments, as it does one plain log for each, and each node
// as a replay of its log alone.
func TestManySources(t *testing.T) {
	const nodes = 200
	plain, packed := t.TempDir(), t.TempDir()
	opts := FleetOptions{Sources: true}
	opts.Capacities = []units.Capacity{units.InChunks(10), units.InChunks(40), {Unit: units.Unlimited}}
	var alone []*Report
	var logs, folders []string
	for i := range nodes {
		records := randomRecords(rand.New(rand.NewPCG(uint64(i), 19)), "alike", 20+i%7)
		alone = append(alone, runLog(t, records, opts.Options))
		logs = append(logs, filepath.Join(plain, fmt.Sprintf("node-%03d.jsonl", i)))
		require.NoError(t, os.WriteFile(logs[i], jsonl(t, records), 0o666))
		folders = append(folders, filepath.Join(packed, fmt.Sprintf("node-%03d", i)))
		require.NoError(t, os.Mkdir(folders[i], 0o777))
		writeSegment(t, folders[i], 0, i%3, records[:11])
		writeSegment(t, folders[i], 1, (i+i/3)%3, records[11:])
	}
	want, got := fleetOf(t, logs, opts), fleetOf(t, folders, opts)
	require.Equal(t, want.Fleet, got.Fleet)
	require.Equal(t, want.Pooled, got.Pooled)
	require.Equal(t, want.Results, got.Results)
	require.Len(t, got.Nodes, nodes)
	hits := make([]int64, len(opts.Capacities))
	for i, n := range got.Nodes {
		require.Equal(t, folders[i], n.Node)
		require.Equal(t, alone[i].Input.Requests, n.Requests)
		for j, r := range alone[i].Results {
			require.Equal(t, r.HitTokens, n.Results[j].HitTokens)
			hits[j] += r.HitTokens
		}
		n.Node = logs[i]
		require.Equal(t, want.Nodes[i], n)
	}
	for j, sum := range hits {
		require.Equal(t, sum, got.Fleet[j].HitTokens)
	}
}

func fleetOf(t *testing.T, sources []string, opts FleetOptions) *FleetReport {
	files, err := log.Find(context.Background(), sources, nil)
	require.NoError(t, err)
	return runFleet(t, files, opts)
}

func jsonl(t *testing.T, records []log.Record) (text []byte) {
	for i := range records {
		var err error
		text, err = log.AppendRecord(text, &records[i])
		require.NoError(t, err)
	}
	return text
}

// writeSegment writes a segment of a folder: a plain one, or one packed by gzip or zstd.
func writeSegment(t *testing.T, dir string, number, packing int, records []log.Record) {
	var out bytes.Buffer
	var w io.WriteCloser
	suffix := []string{"", ".gz", ".zst"}[packing]
	switch packing {
	case 0:
		out.Write(jsonl(t, records))
	case 1:
		w = gzip.NewWriter(&out)
	case 2:
		var err error
		w, err = zstd.NewWriter(&out, zstd.WithEncoderConcurrency(1), zstd.WithLowerEncoderMem(true))
		require.NoError(t, err)
	}
	if w != nil {
		_, err := w.Write(jsonl(t, records))
		require.NoError(t, err)
		require.NoError(t, w.Close())
	}
	begin := time.Unix(1_704_067_200+int64(records[0].Timestamp), 0).UTC()
	name := fmt.Sprintf("lookup_hashes_%s_%06d.jsonl%s", begin.Format("20060102_150405"), number, suffix)
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), out.Bytes(), 0o666))
}

// TestFleetErrorsDoNotWait ends all replays when one fails, although the stream sends nothing more.
func TestFleetErrorsDoNotWait(t *testing.T) {
	stream, w := io.Pipe()
	defer w.Close()
	go func() {
		for i := range log.Window + batchRecords {
			text, _ := log.AppendRecord(nil, &log.Record{Timestamp: float64(i), ChunkSize: 16, SeqLen: 16, ChunkHashes: []string{"0x1"}})
			if _, err := w.Write(text); err != nil {
				return
			}
		}
	}()
	files, err := log.Find(context.Background(), []string{"-"}, stream)
	require.NoError(t, err)
	opts := FleetOptions{Nodes: []int{1, 2, 3}}
	for _, name := range []string{"round-robin", "longest-prefix"} {
		r, err := routing.Parse(name)
		require.NoError(t, err)
		opts.Routings = append(opts.Routings, r)
	}
	opts.Capacities = []units.Capacity{units.InBytes(1)}
	_, err = Fleet(context.Background(), files, opts)
	require.ErrorContains(t, err, "stdin:1: capacity 1 B is in bytes, but")
	stream.Close()
}

// TestCancelledFleet ends a fleet with its context, and leaves no goroutine: see TestMain.
func TestCancelledFleet(t *testing.T) {
	files := findLog(t, manyRequests())
	ctx, cancel := context.WithCancel(context.Background())
	r, err := routing.Parse("round-robin")
	require.NoError(t, err)
	opts := FleetOptions{Nodes: []int{2}, Routings: []routing.Routing{r}}
	opts.Capacities = []units.Capacity{units.InChunks(1)}
	opts.OnPass = func(string, *log.Reader) { cancel() }
	_, err = Fleet(ctx, files, opts)
	require.ErrorIs(t, err, context.Canceled)
}
