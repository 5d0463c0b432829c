//go:build !race

package analyze

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// peakLogs names the folder of logs that a child process replays.
const peakLogs = "HASHLOG_TEST_PEAK_LOGS"

// TestPeakMemory replays logs of many kinds, each in its own process, and compares the peak memory with the estimate. Apart
// from a constant part, neither may be more than one and a half times the other.
func TestPeakMemory(t *testing.T) {
	if dir := os.Getenv(peakLogs); dir != "" {
		replayForPeak(t, dir)
		return
	}
	size := func(int) int64 { return 8 }
	name := func(int) string { return "m" }
	for _, tt := range []struct {
		what                          string
		logs, records, chunks, unique int
		model                         func(record int) string
		size                          func(prompt int) int64
	}{
		{"a plain log", 1, 30_000, 20, 400_000, name, size},
		{"no new chunk after the beginning", 1, 150_000, 40, 800_000, name, size},
		{"unlike sizes", 1, 30_000, 20, 400_000, name, func(i int) int64 { return 8 << (i % 3) }},
		{"1,000 overlapping logs", 1000, 200, 20, 40_000, name, size},
		{"100 long overlapping logs", 100, 6000, 2, 10_000, name, size},
		{"200,000 model names", 1, 200_000, 1, 1000, func(i int) string { return fmt.Sprint("model-", i) }, size},
		{"names of 60 KB in ten overlapping logs", 10, 50, 2, 1000, func(i int) string { return fmt.Sprint(i) + strings.Repeat("n", 60_000) }, size},
	} {
		t.Run(tt.what, func(t *testing.T) {
			dir := t.TempDir()
			for l := range tt.logs {
				writePeakLog(t, filepath.Join(dir, fmt.Sprintf("lookup_hashes_20240401_000000_%06d.jsonl", l)), tt.records, func(i int, r *log.Record) {
					prompt := (i*tt.logs + l) * 7919 % (tt.unique / tt.chunks)
					r.Timestamp = 1711929600 + float64(i) + float64(l)/float64(tt.logs)
					r.ModelName = tt.model(i)
					r.Shapes[0][0] = tt.size(prompt)
					r.ChunkHashes = r.ChunkHashes[:0]
					for c := range tt.chunks {
						r.ChunkHashes = append(r.ChunkHashes, fmt.Sprintf("0x%x", prompt*tt.chunks+c))
					}
				})
			}
			peak, estimate := peakOf(t, dir)
			t.Logf("%d MiB at the peak, %d MiB estimated", peak>>20, estimate>>20)
			require.LessOrEqual(t, peak, estimate*3/2)
			require.LessOrEqual(t, estimate-baseMemory, peak*3/2)
		})
	}
}

func writePeakLog(t *testing.T, path string, records int, next func(i int, r *log.Record)) {
	f, err := os.Create(path)
	require.NoError(t, err)
	out := bufio.NewWriter(f)
	r := log.Record{RequestID: "request", ChunkSize: 16, DTypes: []string{"int8"}, Shapes: [][]int64{{0}}}
	var line []byte
	for i := range records {
		next(i, &r)
		r.SeqLen = r.ChunkSize * int64(len(r.ChunkHashes))
		line, err = log.AppendRecord(line[:0], &r)
		require.NoError(t, err)
		out.Write(line)
	}
	require.NoError(t, out.Flush())
	require.NoError(t, f.Close())
}

// peakOf replays logs in a child process, and returns its peak memory and its estimate.
func peakOf(t *testing.T, dir string) (peak, estimate int64) {
	child := exec.Command(os.Args[0], "-test.run=^TestPeakMemory$", "-test.v")
	child.Env = append(os.Environ(), peakLogs+"="+dir)
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	_, line, ok := strings.Cut(string(out), "peak ")
	require.True(t, ok, "%s", out)
	_, err = fmt.Sscanf(line, "%d estimate %d", &peak, &estimate)
	require.NoError(t, err)
	return peak << 10, estimate
}

// replayForPeak prints the peak of this process. Its resource usage would not do: it includes the parent's peak.
func replayForPeak(t *testing.T, dir string) {
	files, err := log.Find(context.Background(), []string{dir}, nil)
	require.NoError(t, err)
	report, err := Run(context.Background(), files, Options{Capacities: []units.Capacity{{Unit: units.Unlimited}}, Rolling: &RollingOptions{}, Audit: true})
	require.NoError(t, err)
	require.NoError(t, json.NewEncoder(io.Discard).Encode(report.Input)) // as plot.json and the JSON report do
	status, err := os.ReadFile("/proc/self/status")
	require.NoError(t, err)
	_, text, ok := strings.Cut(string(status), "VmHWM:")
	require.True(t, ok)
	var peak int64
	_, err = fmt.Sscanf(text, "%d kB", &peak)
	require.NoError(t, err)
	fmt.Printf("peak %d estimate %d\n", peak, report.Audit.ReplayMemoryBytes)
}
