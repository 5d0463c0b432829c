package log

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"hashlog/log/internal/line"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// logLine returns a canonical line of a small record.
func logLine(timestamp float64, id string) string {
	return string(encode(line.Record{Timestamp: timestamp, RequestID: id, ModelName: "m", ChunkSize: 16, SeqLen: 40,
		DTypes: []string{"float16"}, Shapes: [][]int64{{4}}, ChunkHashes: []string{"0xa", "0xb"}}))
}

// encode returns the canonical line of a record that is known to be good.
func encode(r line.Record) []byte {
	b, err := line.AppendRecord(nil, &r)
	if err != nil {
		panic(err)
	}
	return b
}

// write writes a file into dir and returns its path.
func write(t testing.TB, dir, name string, parts ...string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte(strings.Join(parts, "")), 0o644))
	return path
}

func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	w.Name, w.Comment = "a name in the header", "and a comment"
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

func zstded(s string) string {
	var b bytes.Buffer
	w, _ := zstd.NewWriter(&b, zstd.WithEncoderConcurrency(1))
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// got is the outcome of a pass.
type got struct {
	ids     []string
	entries []Entry
	stats   Stats
	err     error
}

// timeless returns stats without First and Last, for tests of the counts. TestSinceEqualsFilter tests First and Last.
func timeless(s Stats) Stats {
	s.First, s.Last = 0, 0
	return s
}

// read reads all of the files.
func read(t testing.TB, files *Files, opts Options) got {
	t.Helper()
	r, err := files.Open(context.Background(), opts)
	require.NoError(t, err)
	defer r.Close()
	var g got
	for r.Scan() {
		e := *r.Entry()
		g.ids = append(g.ids, string(e.RequestID))
		e.RequestID = bytes.Clone(e.RequestID)
		e.Hashes = append([]uint64(nil), e.Hashes...)
		g.entries = append(g.entries, e)
	}
	g.stats, g.err = timeless(r.Stats()), r.Err()
	return g
}

// find finds logs that must be there.
func find(t testing.TB, args ...string) *Files {
	t.Helper()
	f, err := Find(context.Background(), args, nil)
	require.NoError(t, err)
	return f
}

// readArgs finds and reads.
func readArgs(t testing.TB, opts Options, args ...string) got {
	t.Helper()
	return read(t, find(t, args...), opts)
}

func texts(problems []Problem) (s []string) {
	for _, p := range problems {
		s = append(s, p.String())
	}
	return s
}

// minimal returns a record without optional fields; more is inserted before its end.
func minimal(more string) string {
	return `{"timestamp":1.5,"chunk_size":16,"seq_len":40,"chunk_hashes":["a","b"]` + more + `}`
}
