package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log/s3/s3test"
)

// jobs is where a small fleet is, and where its jobs work.
type jobs struct {
	dir     string
	folders []string
}

func newJobs(t *testing.T) *jobs {
	t.Setenv("TMPDIR", t.TempDir()) // Beam leaves files there
	dir := t.TempDir()
	return &jobs{dir, fleet(t, madeUp(t), filepath.Join(dir, "logs"), 5)}
}

func (j *jobs) in(name string) string { return filepath.Join(j.dir, name) }

// run runs a job over the fleet in three parts, and returns its status, stderr and output folder.
func (j *jobs) run(t *testing.T, args ...string) (status int, stderr, out string) {
	t.Helper()
	out = j.in("out")
	all := append([]string{"--logs"}, j.folders...)
	status, _, stderr = command(t, append(append(all, "--cuts", "3", "--work", j.in("work"), "-o", out), args...)...)
	return status, stderr, out
}

// curves returns those of nodes, each replayed by itself, and of all together.
func (j *jobs) curves(t *testing.T, opts analyze.Options) (nodes []*analyze.Curve, pool *analyze.Curve) {
	t.Helper()
	for _, folder := range j.folders {
		nodes = append(nodes, replayed(t, opts, folder).Curve)
	}
	return nodes, replayed(t, opts, j.folders...).Curve
}

// files returns the contents of the files in a folder, by name.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	contents := make(map[string]string)
	require.NoError(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		contents[strings.TrimPrefix(path, dir+"/")] = string(text)
		return err
	}))
	return contents
}

// A job that knows only small capacities is right about them, and about a pool of all nodes.
func TestMaxCapacity(t *testing.T) {
	j := newJobs(t)
	nodes, pool := j.curves(t, analyze.Options{})
	status, stderr, out := j.run(t, "--max-capacity", "200chunks", "--capacity", "150chunks")
	require.Zero(t, status, stderr)
	rows := table(t, out)
	require.Greater(t, len(rows), 5)
	for _, row := range rows {
		requireRow(t, row, nodes, pool)
		require.LessOrEqual(t, number(t, row["capacity_chunks"]), int64(200))
		require.NotEmpty(t, row["pooled_same_total_hit_tokens"], "the pool is known up to five times as much")
		require.NotEmpty(t, row["pooled_same_capacity_hit_tokens"])
	}
	for _, most := range []int64{500, 100} { // and a pool below the largest capacity of a node
		status, stderr, out = j.run(t, "--max-capacity", "200chunks", "--max-pool", strconv.FormatInt(most, 10)+"chunks")
		require.Zero(t, status, stderr)
		for _, row := range table(t, out) {
			requireRow(t, row, nodes, pool)
			bytes := number(t, row["capacity_bytes"]) // which need not be whole chunks
			require.Equal(t, 5*bytes/pool.ChunkBytes <= most, row["pooled_same_total_hit_tokens"] != "", row)
			require.Equal(t, bytes/pool.ChunkBytes <= most, row["pooled_same_capacity_hit_tokens"] != "", row)
		}
	}
}

// What a job of other settings gives equals plain replays with them.
func TestSettings(t *testing.T) {
	j := newJobs(t)
	warm := 1704067200.0 + 300
	opts := analyze.Options{Warmup: analyze.Warmup{Until: &warm}, Cache: analyze.Cache{TTL: 90e9}, BytesPerChunk: 4096}
	nodes, pool := j.curves(t, opts)
	status, stderr, out := j.run(t, "--warmup", "2024-01-01T00:05", "--ttl", "90s", "--bytes-per-chunk", "4KiB", "--capacity", "1MiB")
	require.Zero(t, status, stderr)
	rows := table(t, out)
	require.Equal(t, "1048576", rows[slices.IndexFunc(rows, func(r map[string]string) bool { return r["capacity_chunks"] == "256" })]["capacity_bytes"])
	for _, row := range rows {
		requireRow(t, row, nodes, pool)
	}
	opts.Capacities = []units.Capacity{units.InBytes(1 << 20)}
	requireSame(t, replayed(t, opts, j.folders...), summary(t, opts, filepath.Join(out, "pooled.sum")))
}

// A job that is started again finds what it has done, and gives the same as one that begins anew.
func TestAgain(t *testing.T) {
	j := newJobs(t)
	status, stderr, out := j.run(t)
	require.Zero(t, status, stderr)
	first, work := files(t, out), files(t, j.in("work"))
	names := []string{"apart.sum", "fleet.csv", "nodes/node-00.sum", "nodes/node-01.sum", "nodes/node-02.sum", "nodes/node-03.sum", "nodes/node-04.sum", "pooled.sum"}
	for _, name := range names {
		require.NotEmpty(t, first[name], name)
	}
	require.Len(t, first, len(names))

	when := make(map[string]int64)
	for name := range work {
		info, err := os.Stat(filepath.Join(j.in("work"), name))
		require.NoError(t, err)
		when[name] = info.ModTime().UnixNano()
	}
	lost := 0
	for name := range work {
		if strings.HasSuffix(name, ".sum") && lost%2 == 0 {
			require.NoError(t, os.Remove(filepath.Join(j.in("work"), name)))
			delete(when, name)
		}
		lost++
	}
	require.NoError(t, os.RemoveAll(out))
	status, stderr, _ = j.run(t)
	require.Zero(t, status, stderr)
	require.Equal(t, first, files(t, out))
	require.Equal(t, work, files(t, j.in("work")))
	for name, then := range when {
		if info, err := os.Stat(filepath.Join(j.in("work"), name)); strings.HasSuffix(name, ".sum") {
			require.NoError(t, err)
			require.Equal(t, then, info.ModTime().UnixNano(), "%s is written again", name)
		}
	}

	more, err := os.OpenFile(filepath.Join(j.folders[0], "lookup_hashes_20240101_000000_000007.jsonl"), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = more.WriteString(strings.Repeat(`{"timestamp": 1704070000.0, "chunk_size": 256, "seq_len": 512, "chunk_hashes": ["0x1", "0x2"], "dtypes": ["bfloat16"], "shapes": [[512]]}`+"\n", 3))
	require.NoError(t, err)
	require.NoError(t, more.Close())
	status, stderr, _ = j.run(t)
	require.Zero(t, status, stderr)
	require.NotEqual(t, first["fleet.csv"], files(t, out)["fleet.csv"], "a log has grown")
}

// Logs, summaries and results may all be in an object store.
func TestObjects(t *testing.T) {
	j := newJobs(t)
	status, stderr, out := j.run(t)
	require.Zero(t, status, stderr)
	server := s3test.New(t)
	for _, folder := range j.folders {
		server.PutFolder(t, "fleet/"+filepath.Base(folder), folder)
	}
	status, _, stderr = command(t, "--logs", "s3://bucket/fleet/*", "--cuts", "3", "--work", "s3://bucket/work", "-o", "s3://bucket/out")
	require.Zero(t, status, stderr)
	got, ok := server.Get(t, "out/fleet.csv")
	require.True(t, ok)
	require.Equal(t, files(t, out)["fleet.csv"], got)
	for _, name := range []string{"out/pooled.sum", "out/apart.sum", "out/nodes/node-04.sum"} {
		_, ok := server.Get(t, name)
		require.True(t, ok, name)
	}
}

// Bad records are counted and located, and change the status.
func TestBadRecords(t *testing.T) {
	j := newJobs(t)
	bad := filepath.Join(j.folders[2], "lookup_hashes_20240101_000000_000007.jsonl")
	text, err := os.ReadFile(bad)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(bad, append([]byte("{}\n"), text...), 0o666))
	status, stderr, out := j.run(t)
	require.Equal(t, statusPartial, status, stderr)
	require.Contains(t, stderr, "lookup_hashes_20240101_000000_000007.jsonl:1")
	require.Contains(t, stderr, "hashlog-beam: done, but part of the input was unusable: 1 skipped, 0 late, 0 damaged")
	require.NotEmpty(t, table(t, out))
}

// A folder without logs is no node.
func TestIdleNode(t *testing.T) {
	j := newJobs(t)
	idle := j.in("logs/node-99")
	require.NoError(t, os.Mkdir(idle, 0o777))
	j.folders = append(j.folders, idle)
	status, stderr, out := j.run(t)
	require.Zero(t, status, stderr)
	require.Contains(t, stderr, "node-99")
	require.Equal(t, "5", table(t, out)[0]["nodes"])
}

// A job that fails says why in a line, and leaves no table.
func TestFailure(t *testing.T) {
	j := newJobs(t)
	status, stderr, out := j.run(t)
	require.Zero(t, status, stderr)
	for name := range files(t, j.in("work")) {
		path := filepath.Join(j.in("work"), name)
		if strings.HasPrefix(name, "part-") {
			require.NoError(t, os.WriteFile(path, []byte("no summary"), 0o666))
		} else {
			require.NoError(t, os.Remove(path))
		}
	}
	require.NoError(t, os.RemoveAll(out))
	status, stderr, _ = j.run(t)
	require.Equal(t, statusFailed, status)
	require.Contains(t, stderr, "hashlog-beam: ")
	require.Contains(t, stderr, "part-")
	require.Equal(t, 1, strings.Count(stderr, "\n"), stderr)
	require.NoFileExists(t, filepath.Join(out, "fleet.csv"))
	require.NoError(t, os.RemoveAll(j.in("work")))
	require.NoError(t, os.WriteFile(j.in("work"), nil, 0o666))
	status, stderr, _ = j.run(t)
	require.Equal(t, statusFailed, status)
	require.Contains(t, stderr, j.in("work"))
}
