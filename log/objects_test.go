package log

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log/s3/s3test"
)

// segment returns the name of a segment.
func segment(n int, suffix string) string {
	return SegmentName{Stamp: "20240101_000000", Number: int64(n), Suffix: suffix}.String()
}

// nodes writes the logs of some nodes into folders, plain and compressed, two segments each that
// overlap in time with those of all others.
func nodes(t testing.TB, n, records int) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for node := range n {
		folder := filepath.Join(dir, fmt.Sprintf("node-%03d", node))
		require.NoError(t, os.Mkdir(folder, 0o777))
		for s := range 2 {
			var text strings.Builder
			for i := range records {
				text.WriteString(logLine(float64(s*records+i)+float64(node)/1000, fmt.Sprintf("%d/%d/%d", node, s, i)))
			}
			switch node % 3 {
			case 0:
				write(t, folder, segment(s, ".gz"), gzipped(text.String()))
			case 1:
				write(t, folder, segment(s, ".zst"), zstded(text.String()))
			default:
				write(t, folder, segment(s, ""), text.String())
			}
		}
	}
	return dir
}

// upload puts the folders of nodes into the store.
func upload(t testing.TB, server *s3test.Server, dir string) {
	t.Helper()
	folders, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, f := range folders {
		server.PutFolder(t, "fleet/"+f.Name(), filepath.Join(dir, f.Name()))
	}
}

// Objects read like files of the same content, whatever the store does that goes away.
func TestObjects(t *testing.T) {
	server := s3test.New(t)
	dir := nodes(t, 12, 300)
	upload(t, server, dir)
	local, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	want := readArgs(t, Options{}, local...)
	require.Zero(t, want.stats.ProblemCount)
	for name, fault := range map[string]s3test.Fault{
		"sound": nil, "slow": s3test.Slow(16<<10, time.Millisecond), "truncated": s3test.Truncated(8 << 10), "failing": s3test.Failing(7),
	} {
		server.Break(fault)
		files := find(t, "s3://bucket/fleet/*")
		require.Equal(t, "s3://bucket/fleet/node-000/", files.Sources()[0])
		require.Len(t, files.Sources(), 12)
		require.Equal(t, find(t, local...).Bytes(), files.Bytes())
		for pass := range 2 {
			g := read(t, files, Options{})
			require.NoError(t, g.err)
			require.Equal(t, want.ids, g.ids, "%s, pass %d", name, pass)
			require.Equal(t, want.stats, g.stats)
		}
	}
	server.Break(nil)
	// Folders and objects by name, and files beside them.
	require.Equal(t, readArgs(t, Options{}, local[0]).ids, readArgs(t, Options{}, "s3://bucket/fleet/node-000").ids)
	one := segment(0, ".gz")
	require.Equal(t, readArgs(t, Options{}, filepath.Join(local[0], one)).ids, readArgs(t, Options{}, "s3://bucket/fleet/node-000/"+one).ids)
	mixed := readArgs(t, Options{}, append([]string{"s3://bucket/fleet/node-000"}, local[1:]...)...)
	require.Equal(t, want.ids, mixed.ids)
}

// A log that is named twice, or stands there plain and compressed, is read once.
func TestObjectsOnce(t *testing.T) {
	server := s3test.New(t)
	text := logLine(1, "a") + logLine(2, "b")
	server.Put(t, "x/"+segment(1, ""), text)
	server.Put(t, "x/"+segment(1, ".zst"), zstded(text))
	server.Put(t, "x/"+segment(2, ".gz"), gzipped(text))
	files := find(t, "s3://bucket/x/", "s3://bucket/x", "s3://bucket/x/"+segment(2, ".gz"))
	require.Equal(t, []string{"a", "a", "b", "b"}, read(t, files, Options{}).ids)
	notes := strings.Join(files.Notes(), "\n")
	require.Contains(t, notes, "are one log: s3://bucket/x/"+segment(1, "")+" is read, which holds all of the other")
	require.Contains(t, notes, segment(2, ".gz")+" is given twice: read once")

	server.Put(t, "x/"+segment(1, ".zst"), zstded(text + logLine(3, "c"))[:40])
	files = find(t, "s3://bucket/x")
	require.Contains(t, files.Notes()[0], "since the compressed one is damaged")
}

// An object that goes or is replaced after it was found is damage, which the report names.
func TestObjectsLost(t *testing.T) {
	server := s3test.New(t)
	at := func(n int) string { return "s3://bucket/x/" + segment(n, "") }
	put := func(n int, ids ...string) {
		var text strings.Builder
		for _, id := range ids {
			text.WriteString(logLine(float64(n), id))
		}
		server.Put(t, "x/"+segment(n, ""), text.String())
	}
	put(1, "a")
	put(2, "b")
	put(3, "c")
	files := find(t, "s3://bucket/x")
	server.Remove(t, "x/"+segment(1, ""))
	put(2, "B")
	g := read(t, files, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"c"}, g.ids)
	require.Equal(t, []string{at(1) + ": has gone since it was found: it is left out", at(2) + ":1: has been replaced since it was found"}, texts(g.stats.Problems))
	require.EqualValues(t, 2, g.stats.Damaged)

	// So are compressed ones that are cut short, and an empty one is empty.
	server.Put(t, "y/"+segment(1, ".gz"), gzipped(logLine(1, "a"))[:40])
	server.Put(t, "y/"+segment(2, ""), "")
	g = readArgs(t, Options{}, "s3://bucket/y")
	require.Equal(t, Stats{Damaged: 1, EmptyFiles: 1, FirstEmpty: "s3://bucket/y/" + segment(2, ""), ProblemCount: 1,
		Problems: []Problem{{"s3://bucket/y/" + segment(1, ".gz"), 1, KindDamaged, "compressed data ends early"}}}, g.stats)
}

// What cannot be found or may not be read is named.
func TestObjectsErrors(t *testing.T) {
	server := s3test.New(t)
	for _, key := range []string{"fleet/a/x.jsonl", "fleet/a/y.txt", "fleet/b/" + segment(1, "")} {
		server.Put(t, key, logLine(1, "a"))
	}
	for arg, want := range map[string]string{
		"s3://missing/x":           "reading s3://missing/x: there is no bucket missing",
		"s3://missing":             "reading s3://missing/: there is no bucket missing",
		"s3://bucket/none":         "reading s3://bucket/none: there is no object and no folder of this name",
		"s3://bucket/none/":        "reading s3://bucket/none/: there is no object in this folder",
		"s3://bucket/none*":        "reading s3://bucket/none*: nothing matches",
		"s3://bucket/[":            "reading s3://bucket/[: syntax error in pattern",
		"s3://":                    "s3:// names no bucket: write s3://bucket/prefix",
		"s3://bucket/fleet":        "s3://bucket/fleet: no lookup_hashes_*.jsonl (.gz, .zst) in this folder; it holds folders (a, b): name one, or 's3://bucket/fleet/*/' for all",
		"s3://bucket/fleet/a":      "s3://bucket/fleet/a: no lookup_hashes_*.jsonl (.gz, .zst) in this folder; to read its other logs (x.jsonl), name them as arguments",
		"s3://BAD_NAME_/fleet/*/x": "reading s3://BAD_NAME_/fleet/*/x: ",
	} {
		_, err := Find(t.Context(), []string{arg}, nil)
		require.ErrorContains(t, err, want, arg)
	}
	files := find(t, "s3://bucket/fleet/*/")
	require.Equal(t, 1, files.Len())
	require.Len(t, files.Notes(), 1)

	server.Break(s3test.Denied(func(*http.Request) bool { return true }))
	_, err := Find(t.Context(), []string{"s3://bucket/fleet/b"}, nil)
	require.EqualError(t, err, "reading s3://bucket/fleet/b: access denied: the credentials do not allow it (AccessDenied)")
	g := read(t, files, Options{})
	require.EqualError(t, g.err, "reading s3://bucket/fleet/b/"+segment(1, "")+": access denied: the credentials do not allow it (AccessDenied)")

	// Who may list a folder need not be allowed to ask for an object of that name.
	server.Break(s3test.Denied(func(r *http.Request) bool { return r.Method == http.MethodHead }))
	require.Equal(t, []string{"a"}, readArgs(t, Options{}, "s3://bucket/fleet/b").ids)
	_, err = Find(t.Context(), []string{"s3://bucket/fleet/a/x.jsonl"}, nil)
	require.ErrorContains(t, err, "reading s3://bucket/fleet/a/x.jsonl: access denied", "not that there is none")
}

// The context ends a pass that waits for a store, and nothing is left of it.
func TestObjectsCancelled(t *testing.T) {
	server := s3test.New(t)
	server.Put(t, "x/"+segment(1, ""), strings.Repeat(logLine(1, "a"), 5000))
	files := find(t, "s3://bucket/x")
	server.Break(s3test.Stalled(100<<10, 1e6))
	ctx, cancel := context.WithCancel(t.Context())
	defer time.AfterFunc(50*time.Millisecond, cancel).Stop()
	r, err := files.Open(ctx, Options{})
	require.NoError(t, err)
	for r.Scan() {
	}
	require.ErrorIs(t, r.Err(), context.Canceled)
	require.NoError(t, r.Close())
}

// A listing of many objects takes memory only for those that are logs.
func TestManyObjects(t *testing.T) {
	server := s3test.New(t)
	for i := range 3000 {
		server.Put(t, fmt.Sprintf("x/other_%06d.jsonl", i), "")
	}
	server.Put(t, "x/"+segment(1, ""), logLine(1, "a"))
	before := server.Requests.Load()
	require.Equal(t, []string{"s3://bucket/x/" + segment(1, "")}, find(t, "s3://bucket/x").Paths())
	require.LessOrEqual(t, server.Requests.Load()-before, int64(6), "a thousand names a request")
}

// What a pattern matches is known from the listing: there is no request an object.
func TestManyMatches(t *testing.T) {
	server := s3test.New(t)
	const objects = 200
	for i := range objects {
		server.Put(t, fmt.Sprintf("x/%06d.jsonl", i), "")
	}
	before := server.Requests.Load()
	files := find(t, "s3://bucket/x/*.jsonl")
	require.Len(t, files.Sources(), objects)
	require.LessOrEqual(t, server.Requests.Load()-before, int64(2))
}

// The folders that a pattern matches are listed side by side, and stay in order.
func TestManyFolders(t *testing.T) {
	server := s3test.New(t)
	var want []string
	for i := range 30 {
		server.Put(t, fmt.Sprintf("x/%02d/%s", i, segment(1, "")), "")
		want = append(want, fmt.Sprintf("s3://bucket/x/%02d/", i))
	}
	var now, most atomic.Int64
	server.Break(func(w http.ResponseWriter, r *http.Request, next http.Handler) bool {
		n := now.Add(1)
		defer now.Add(-1)
		for old := most.Load(); n > old && !most.CompareAndSwap(old, n); old = most.Load() {
		}
		time.Sleep(10 * time.Millisecond)
		next.ServeHTTP(w, r)
		return true
	})
	require.Equal(t, want, find(t, "s3://bucket/x/*").Sources())
	require.Greater(t, most.Load(), int64(4))
	require.LessOrEqual(t, most.Load(), int64(objectsAtOnce))
}

// BenchmarkObjects reads logs from the store in this process, and the same from files.
func BenchmarkObjects(b *testing.B) {
	server := s3test.New(b)
	dir := nodes(b, 8, 20_000)
	upload(b, server, dir)
	local, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(b, err)
	for name, args := range map[string][]string{"files": local, "objects": {"s3://bucket/fleet/*"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				files := find(b, args...)
				b.SetBytes(files.Bytes())
				r, err := files.Open(b.Context(), Options{})
				require.NoError(b, err)
				for r.Scan() {
				}
				require.NoError(b, r.Err())
				require.NoError(b, r.Close())
			}
		})
	}
}
