//go:build unix

package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/zeebo/xxh3"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/cmd/hashlog/internal/memory"
	"hashlog/log"
)

// sparseYear writes a log of some requests of as many models as asked for, each in a window of its own.
func sparseYear(t *testing.T, requests, models int) (path string) {
	records := make([]log.Record, requests)
	for i := range records {
		records[i] = log.Record{Timestamp: float64(i) * 100, ModelName: fmt.Sprintf("model-%d", i%models), ChunkSize: 16, SeqLen: 40,
			ChunkHashes: []string{fmt.Sprintf("0x%x", i%97), fmt.Sprintf("0x%x", 1000+i%301)}}
	}
	path = filepath.Join(t.TempDir(), "year.jsonl")
	require.NoError(t, os.WriteFile(path, lines(t, records), 0o644))
	return path
}

// firstChunks lists the capacities from one chunk to n chunks.
func firstChunks(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("%dchunks", i+1))
	}
	return strings.Join(list, ",")
}

// untilWritten waits until a temporary file of a folder has some content.
func untilWritten(t *testing.T, pattern string) {
	require.Eventually(t, func() bool {
		files, _ := filepath.Glob(pattern)
		if len(files) == 0 {
			return false
		}
		info, err := os.Stat(files[0])
		return err == nil && info.Size() > 1<<20
	}, 30*time.Second, 10*time.Millisecond)
}

// TestInterruptPlotWriting stops plot while it writes 40 million rows: within a second, and no temporary file is left.
func TestInterruptPlotWriting(t *testing.T) {
	dir := t.TempDir()
	cmd := command(nil, "plot", sparseYear(t, 20_000, 1), "-o", filepath.Join(dir, "out"), "--window", "1ms", "--capacity", firstChunks(2000), "--quiet")
	require.NoError(t, cmd.Start())
	untilWritten(t, filepath.Join(dir, "out", ".rolling.csv-*.tmp"))
	cmd.interrupt(t)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestKilledPlotIsSwept kills plot while it writes. What that leaves vouches for nothing, and the next run removes it.
func TestKilledPlotIsSwept(t *testing.T) {
	dir := t.TempDir()
	require.Equal(t, exitDone, run([]string{"plot", testdata + "/good.jsonl", "-o", dir, "--format", "svg", "--quiet"}, nil, io.Discard, io.Discard))
	want := folder(t, dir)
	cmd := command(nil, "plot", sparseYear(t, 20_000, 1), "-o", dir, "--format", "svg", "--window", "1ms", "--capacity", firstChunks(2000), "--quiet")
	require.NoError(t, cmd.Start())
	untilWritten(t, filepath.Join(dir, ".rolling.csv-*.tmp"))
	require.Equal(t, exitDone, run([]string{"plot", testdata + "/good.jsonl", "-o", dir, "--format", "svg", "--quiet"}, nil, io.Discard, io.Discard))
	require.NotEmpty(t, temporaries(t, dir), "those of a living process stay")
	require.NoError(t, cmd.Process.Kill())
	require.Error(t, cmd.Wait())
	require.NotEmpty(t, temporaries(t, dir))
	require.Equal(t, exitDone, run([]string{"plot", testdata + "/good.jsonl", "-o", dir, "--format", "svg", "--quiet"}, nil, io.Discard, io.Discard))
	require.Equal(t, want, folder(t, dir))
}

func temporaries(t *testing.T, dir string) []string {
	files, err := filepath.Glob(filepath.Join(dir, ".*.tmp"))
	require.NoError(t, err)
	return files
}

// folder returns the files of a folder with the hash of their content.
func folder(t *testing.T, dir string) map[string]uint64 {
	out := make(map[string]uint64)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		require.NoError(t, err)
		out[e.Name()] = xxh3.Hash(text)
	}
	return out
}

// TestOutputIsStreamed prints the figures of a million models and capacities, as JSON and as text: not in the memory that
// all of them together would take.
func TestOutputIsStreamed(t *testing.T) {
	if raceDetector || runtime.GOOS != "linux" {
		t.Skip("a process's own peak is known on Linux, and the race detector takes memory of its own")
	}
	log := sparseYear(t, 4000, 2000)
	for _, args := range [][]string{{"--json"}, {}} {
		count := &counting{}
		peak := peakOf(t, count, append([]string{"simulate", log, "--capacity", firstChunks(500)}, args...)...)
		require.Greater(t, count.n, int64(50<<20))
		require.Less(t, peak, int64(150<<20), args)
	}
}

type counting struct{ n int64 }

func (c *counting) Write(p []byte) (int, error) {
	c.n += int64(len(p))
	return len(p), nil
}

// TestInterruptLongOutput stops simulate in the middle of what it prints, whether somebody reads that or not.
func TestInterruptLongOutput(t *testing.T) {
	log := sparseYear(t, 4000, 2000)
	for name, read := range map[string]func(io.Reader){
		"read":     func(r io.Reader) { _, _ = io.Copy(io.Discard, r) },
		"not read": func(io.Reader) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, w, err := os.Pipe()
			require.NoError(t, err)
			defer r.Close()
			cmd := command(nil, "simulate", log, "--capacity", firstChunks(1000), "--json")
			cmd.Stdout = w
			require.NoError(t, cmd.Start())
			w.Close()
			_, err = io.ReadFull(r, make([]byte, 1<<10))
			require.NoError(t, err)
			go read(r)
			cmd.interrupt(t)
		})
	}
}

// TestMemoryLimitCoversOutput gives up a run whose output takes more memory than it may have.
func TestMemoryLimitCoversOutput(t *testing.T) {
	c := commonFlags{memoryLimit: &units.Capacity{N: memory.Resident() + 200<<20, Unit: units.Bytes}, remarks: remarks{quiet: true}}
	var kept [][]byte
	_, err := c.replay(t.Context(), &env{stdout: io.Discard, stderr: io.Discard}, []string{testdata + "/good.jsonl"},
		func(ctx context.Context, _ *analyze.Report) error {
			for ctx.Err() == nil && len(kept) < 1000 {
				kept = append(kept, bytes.Repeat([]byte{1}, 1<<20))
				time.Sleep(time.Millisecond)
			}
			return ctx.Err()
		})
	require.ErrorContains(t, err, "of memory in use while writing the output, and the limit is ")
	runtime.KeepAlive(kept)
}

// TestManyRows notes beforehand that rolling.csv will be large, and refuses to begin one that there is no room for.
func TestManyRows(t *testing.T) {
	path := sparseYear(t, 10_001, 1)
	noted := func(lines int, quiet bool) string {
		var errs bytes.Buffer
		env := &env{stdout: io.Discard, stderr: &errs}
		p := plotFlags{output: t.TempDir()}
		p.quiet, p.rolling.Window = quiet, time.Millisecond
		for i := range lines {
			p.rolling.Capacities = append(p.rolling.Capacities, units.Capacity{N: int64(i + 1), Unit: units.Chunks})
		}
		require.NoError(t, p.check(t.Context(), []string{path}))
		_, err := p.replay(t.Context(), env, []string{path}, func(_ context.Context, r *analyze.Report) error { return p.checkRoom(p.bar(env), r) })
		require.NoError(t, err)
		return errs.String()
	}
	require.Regexp(t, `^note: rolling.csv: 1,000,100 rows \(10,001 windows, 100 capacities\), about \d\d\.\d+ MiB; a longer --window or fewer capacities \(--capacity\) make it smaller\n$`, noted(100, false))
	require.Empty(t, noted(100, true))
	require.Empty(t, noted(99, false))

	dir := filepath.Join(t.TempDir(), "out")
	defer func(room func(string) (int64, bool)) { roomIn = room }(roomIn)
	roomIn = func(string) (int64, bool) { return 100_000, true }
	var errs bytes.Buffer
	require.Equal(t, exitFailed, run([]string{"plot", path, "-o", dir, "--window", "1ms"}, nil, io.Discard, &errs))
	require.Regexp(t, `^hashlog: rolling.csv: 30,003 rows \(10,001 windows, 3 capacities\), about \d\.\d+ MiB, and there is room for 97.66 KiB in .*: ask for a longer --window or fewer capacities \(--capacity\)\n$`, errs.String())
	require.NoDirExists(t, dir)

	errs.Reset()
	require.Equal(t, exitFailed, run([]string{"plot", testdata + "/demo", "-o", dir, "--by", "turn,hour"}, nil, io.Discard, &errs))
	require.Regexp(t, `^hashlog: by.csv: 2,378 rows \(classes: 29; 82 capacities\), about \d{3}\.\d+ KiB, and there is room for \d\d\.\d+ KiB in .*: ask for fewer dimensions \(--by\) or capacities \(--points\)\n$`, errs.String())
	require.NoDirExists(t, dir)
}

// TestStaleFiles lists only what an earlier run can have written.
func TestStaleFiles(t *testing.T) {
	written := []string{"capacity.csv", "rolling.csv", "plot.json"}
	require.Equal(t, []string{"tiers.csv", "rolling.pdf", "by.csv", "by-hour.svg"}, staleFiles([]byte(`{"files": ["capacity.csv", "tiers.csv", "rolling.pdf", "tiers.csv",
		"by.csv", "by-hour.svg", "by-age.svg", "by-hour.csv", "by.png",
		"plot.json", "/etc/passwd", "../tiers.csv", "./tiers.csv", "tiers.csv\n", "tiers.csv/", "TIERS.CSV", "mine.csv", "", ".", "..", "\u0000"]}`), written))
	for _, text := range []string{"", "{", "null", "[]", `{"files": "tiers.csv"}`, `{"files": [1]}`, `{"files": {"tiers.csv": 1}}`} {
		require.Empty(t, staleFiles([]byte(text), written), text)
	}
}
