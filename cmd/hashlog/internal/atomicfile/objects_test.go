package atomicfile

import (
	"context"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/s3"
	"hashlog/log/s3/s3test"
)

// newObjects starts a store, and a folder for temporary files that must be empty in the end.
func newObjects(t *testing.T) *s3test.Server {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("TMP", dir)
	t.Cleanup(func() {
		left, err := os.ReadDir(dir)
		require.NoError(t, err)
		require.Empty(t, left)
	})
	return s3test.New(t)
}

func set(t *testing.T, files ...File) *Set {
	t.Helper()
	s, err := NewSet("s3://bucket/out")
	require.NoError(t, err)
	s.Seal = "seal.json"
	require.NoError(t, s.Check("a.csv"))
	s.Sweep("a.csv")
	require.NoError(t, s.Write(t.Context(), files...))
	return s
}

func TestObjectSet(t *testing.T) {
	server := newObjects(t)
	s := set(t, File{"a.csv", text("one")}, File{"seal.json", text("first")})
	require.Empty(t, server.Keys(t), "nothing before Commit")
	require.NoError(t, s.Commit(t.Context()))
	s.Abort()
	require.Equal(t, []string{"out/a.csv", "out/seal.json"}, server.Keys(t))

	s = set(t, File{"b.csv", text("two")}, File{"seal.json", text("second")})
	require.Equal(t, [][]byte{[]byte("first")}, s.Former())
	require.NoError(t, s.Commit(t.Context(), "a.csv"))
	require.Equal(t, []string{"out/b.csv", "out/seal.json"}, server.Keys(t))
	got, _ := server.Get(t, "out/seal.json")
	require.Equal(t, "second", got)

	set(t, File{"c.csv", text("three")}).Abort()
	require.Equal(t, []string{"out/b.csv", "out/seal.json"}, server.Keys(t))
}

// An upload that fails leaves nothing under its name, and the earlier set as it was if it is the first.
func TestObjectSetThatFails(t *testing.T) {
	server := newObjects(t)
	require.NoError(t, set(t, File{"a.csv", text("one")}, File{"seal.json", text("first")}).Commit(t.Context()))
	puts := func(name string) s3test.Fault {
		return s3test.Denied(func(r *http.Request) bool { return r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, name) })
	}
	s := set(t, File{"b.csv", text("two")}, File{"seal.json", text("second")})
	server.Break(puts("b.csv"))
	err := s.Commit(t.Context())
	require.EqualError(t, err, "writing s3://bucket/out/b.csv: access denied: the credentials do not allow it (AccessDenied)")
	require.ErrorIs(t, err, s3.ErrDenied)
	got, _ := server.Get(t, "out/seal.json")
	require.Equal(t, "first", got)

	server.Break(puts("seal.json"))
	require.ErrorContains(t, set(t, File{"b.csv", text("two")}, File{"seal.json", text("second")}).Commit(t.Context()), "seal.json")
	require.Equal(t, []string{"out/a.csv", "out/b.csv"}, server.Keys(t), "not sealed")
}

// An upload that fails once is repeated, as a whole, whether it goes in one request or in parts.
func TestObjectSetRepeatsUploads(t *testing.T) {
	server := newObjects(t)
	long := strings.Repeat("0123456789abcdef", 2<<20)
	s := set(t, File{"a.csv", text("one")}, File{"b.csv", text(long)})
	var puts atomic.Int64
	server.Break(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
		return r.Method == http.MethodPut && puts.Add(1)%2 == 1 && s3test.Refuse(w, http.StatusServiceUnavailable, "SlowDown")
	})
	require.NoError(t, s.Commit(t.Context()))
	require.Greater(t, puts.Load(), int64(4), "in parts")
	for name, want := range map[string]string{"out/a.csv": "one", "out/b.csv": long} {
		got, ok := server.Get(t, name)
		require.True(t, ok && got == want, name)
	}
}

// Who may not read may remove the seal, so an upload that breaks off leaves no seal on a mixture of two sets.
func TestObjectSetThatCannotBeRead(t *testing.T) {
	server := newObjects(t)
	require.NoError(t, set(t, File{"a.csv", text("one")}, File{"b.csv", text("one")}, File{"seal.json", text("first")}).Commit(t.Context()))
	s := set(t, File{"a.csv", text("two")}, File{"b.csv", text("two")}, File{"seal.json", text("second")})
	server.Break(s3test.Denied(func(r *http.Request) bool {
		return r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "b.csv")
	}))
	require.ErrorContains(t, s.Commit(t.Context()), "b.csv")
	require.Equal(t, []string{"out/a.csv", "out/b.csv"}, server.Keys(t), "not sealed")
}

func TestObjectSetRefused(t *testing.T) {
	server := newObjects(t)
	_, err := NewSet("s3://missing/out")
	require.EqualError(t, err, "the output folder s3://missing/out cannot be written: there is no bucket missing")
	_, err = NewSet("s3://")
	require.ErrorContains(t, err, "names no bucket")
	server.Break(s3test.Denied(func(r *http.Request) bool { return r.Method != http.MethodGet }))
	_, err = NewSet("s3://bucket/out")
	require.ErrorContains(t, err, "the output folder s3://bucket/out cannot be written: access denied")
}

func TestObjectSetCancelled(t *testing.T) {
	server := newObjects(t)
	s, err := NewSet("s3://bucket/out")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	require.NoError(t, s.Write(t.Context(), File{"a.csv", text("one")}))
	cancel()
	require.ErrorIs(t, s.Commit(ctx), context.Canceled)
	require.Empty(t, server.Keys(t))
}
