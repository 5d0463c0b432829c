package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"hashlog/log/s3/s3test"
)

// ran is what a command has printed and its exit status.
type ran struct {
	status         int
	stdout, stderr string
}

func ranWith(args ...string) ran {
	var stdout, stderr bytes.Buffer
	status := run(args, nil, &stdout, &stderr)
	return ran{status, stdout.String(), stderr.String()}
}

// fleet deals the requests of a generated log to the folders of n nodes, compressed with gzip and zstd in turn.
func fleet(t *testing.T, n, requests int) (dir string) {
	t.Helper()
	logs := filepath.Join(t.TempDir(), "logs")
	require.Zero(t, ranWith("generate", "-o", logs, "--requests", fmt.Sprint(requests), "--hash-bytes", "8").status)
	paths, err := filepath.Glob(filepath.Join(logs, "*.jsonl"))
	require.NoError(t, err)
	require.Len(t, paths, 1)
	text, err := os.ReadFile(paths[0])
	require.NoError(t, err)
	dir = filepath.Join(t.TempDir(), "fleet")
	nodes := make([]bytes.Buffer, n)
	for i, line := range bytes.SplitAfter(text, []byte("\n")) {
		nodes[i%n].Write(line)
	}
	for i := range nodes {
		folder := filepath.Join(dir, fmt.Sprintf("node-%03d", i))
		require.NoError(t, os.MkdirAll(folder, 0o777))
		var packed bytes.Buffer
		var w io.WriteCloser = gzip.NewWriter(&packed)
		suffix := ".gz"
		if i%2 == 1 {
			suffix = ".zst"
			w, err = zstd.NewWriter(&packed, zstd.WithEncoderConcurrency(1))
			require.NoError(t, err)
		}
		_, err = w.Write(nodes[i].Bytes())
		require.NoError(t, err)
		require.NoError(t, w.Close())
		require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.Base(paths[0])+suffix), packed.Bytes(), 0o666))
	}
	return dir
}

// 200 nodes give the same figures from folders and from an object store, by every source too.
func TestFleetOfObjects(t *testing.T) {
	dir := fleet(t, 200, 4000)
	server := s3test.ServeFolder(filepath.Dir(dir))
	defer server.Close()
	for name, value := range s3test.Environment(server.URL) {
		t.Setenv(name, value)
	}
	folders, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	for _, command := range [][]string{
		{"simulate", "--capacity", "1GiB,64GiB,inf", "--target", "50%", "--by", "source", "--stats", "--json"},
		{"fleet", "--nodes", "sources", "--capacity", "1GiB,inf", "--elsewhere", "--json"},
	} {
		local := ranWith(append(command, folders...)...)
		require.Zero(t, local.status, local.stderr)
		remote := ranWith(append(command, "s3://bucket/fleet/*")...)
		require.Zero(t, remote.status, remote.stderr)
		require.Contains(t, remote.stdout, "s3://bucket/fleet/node-199/")
		paths := strings.NewReplacer("s3://bucket/fleet/", dir+string(filepath.Separator), `/"`, `"`)
		require.Equal(t, local.stdout, paths.Replace(remote.stdout))
	}
}

// What a command writes is the same in an object store as in a folder.
func TestOutputsToObjects(t *testing.T) {
	server := s3test.New(t)
	server.PutFolder(t, "demo", filepath.Join(testdata, "demo"))
	dir := t.TempDir()
	compared := filepath.Join(dir, "compared")
	for _, c := range [][]string{
		{"plot", "-o", "DIR/plot", "--capacity", "1GiB,inf", "--format", "png,svg"},
		{"compare", "-o", "DIR/compared", "--capacity", "1GiB", "--cache", "lru,fifo"},
		{"fleet", "-o", "DIR/fleet", "--nodes", "2", "--routing", "prefix:2,sglang", "--capacity", "1GiB", "--format", "svg"},
		{"export", "-o", "DIR/rows.csv"},
		{"export", "-o", "DIR/rows.parquet"},
		{"report", "-o", "DIR/report.html", "--compare", "DIR/compared", "--capacity", "1GiB"},
		{"convert", "--to", "mooncake", "-o", "DIR/trace.jsonl"},
	} {
		for _, to := range []string{dir, "s3://bucket/out"} {
			args := append([]string{c[0], "s3://bucket/demo"}, c[1:]...)
			for i := range args {
				args[i] = strings.Replace(args[i], "DIR", to, 1)
			}
			got := ranWith(args...)
			require.Zero(t, got.status, got.stderr)
		}
	}
	require.FileExists(t, filepath.Join(compared, "caches.csv"))
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		want, err := os.ReadFile(path)
		require.NoError(t, err)
		name, err := filepath.Rel(dir, path)
		require.NoError(t, err)
		got, ok := server.Get(t, "out/"+filepath.ToSlash(name))
		require.True(t, ok, name)
		got = strings.ReplaceAll(got, "s3://bucket/out", dir)
		require.True(t, string(want) == got, "%s differs: %d and %d bytes", name, len(want), len(got))
		return nil
	})
	require.NoError(t, err)
	// A later plot removes what it doesn't write.
	require.Zero(t, ranWith("plot", "s3://bucket/demo", "-o", "s3://bucket/out/plot", "--charts", "rolling").status)
	_, stale := server.Get(t, "out/plot/capacity.png")
	require.False(t, stale)
	_, there := server.Get(t, "out/plot/rolling.png")
	require.True(t, there)
}

// Bad input and outputs that cannot be written have their exit statuses, name the object, and leave nothing behind.
func TestObjectsRefused(t *testing.T) {
	server := s3test.New(t)
	server.PutFolder(t, "demo", filepath.Join(testdata, "demo"))
	before := server.Keys(t)
	log := "s3://bucket/" + before[0]
	for _, c := range []struct {
		status int
		stderr string
		args   []string
	}{
		{exitFailed, "there is no bucket missing", []string{"inspect", "s3://missing/x"}},
		{exitFailed, "reading s3://bucket/none: there is no object and no folder of this name", []string{"inspect", "s3://bucket/none"}},
		{exitUsage, "generate writes logs", []string{"generate", "-o", "s3://bucket/x", "--requests", "5"}},
		{exitUsage, "record writes logs", []string{"record", "-o", "s3://bucket/x"}},
		{exitUsage, "convert --from writes logs", []string{"convert", "--from", "mooncake", log, "-o", "s3://bucket/x"}},
		{exitUsage, "is a folder: name an object for the page", []string{"report", log, "-o", "s3://bucket/x.html/"}},
		{exitUsage, "-o " + log + " is one of the logs: name another file", []string{"convert", "--to", "mooncake", log, "-o", log}},
		{exitUsage, "is one of the logs: name another file", []string{"convert", "--to", "mooncake", log, "-o", log + ".gz"}},
		{exitFailed, "the output folder s3://missing/ cannot be written: there is no bucket missing", []string{"report", log, "-o", "s3://missing/x.html"}},
		{exitFailed, "--compare: reading s3://bucket/none/caches.csv: there is no such object", []string{"report", log, "-o", "s3://bucket/x.html", "--compare", "s3://bucket/none"}},
	} {
		got := ranWith(c.args...)
		require.Equal(t, c.status, got.status, "%q: %s", c.args, got.stderr)
		require.Contains(t, got.stderr, c.stderr)
		require.Equal(t, before, server.Keys(t))
	}
	server.Break(s3test.Denied(func(r *http.Request) bool { return r.Method == http.MethodPut }))
	got := ranWith("plot", log, "-o", "s3://bucket/plot")
	require.Equal(t, exitFailed, got.status)
	require.Contains(t, got.stderr, "hashlog: writing s3://bucket/plot/")
	require.Contains(t, got.stderr, "access denied")
	require.Equal(t, before, server.Keys(t))

	// An object that cannot be read any more leaves the rest.
	server.Break(nil)
	server.Put(t, "two/lookup_hashes_1.jsonl", `{"timestamp":1.5,"chunk_size":16,"seq_len":40,"chunk_hashes":["a","b"]}`+"\n")
	server.Put(t, "two/lookup_hashes_2.jsonl", `{"timestamp":2.5,"chunk_size":16,"seq_len":40,"chunk_hashes":["a","b"]}`+"\n")
	gone := func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		return s3test.IsRead(r) && strings.HasSuffix(r.URL.Path, "_1.jsonl") && s3test.Refuse(w, http.StatusNotFound, "NoSuchKey")
	}
	server.Break(gone)
	got = ranWith("simulate", "s3://bucket/two", "--capacity", "1chunks")
	require.Equal(t, exitPartial, got.status, got.stderr)
	require.Contains(t, got.stderr, "s3://bucket/two/lookup_hashes_1.jsonl: has gone since it was found: it is left out")
}
