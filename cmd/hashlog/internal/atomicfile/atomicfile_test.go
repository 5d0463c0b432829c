package atomicfile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func names(t *testing.T, dir string) (names []string) {
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, s)
		return err
	}
}

func TestCommit(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s, err := NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), File{"x.csv", text("one")}))
	require.NoFileExists(t, filepath.Join(dir, "x.csv"), "not before Commit")
	require.NoError(t, s.Write(context.Background(), File{"y.csv", text("")}))
	require.NoError(t, s.Commit(t.Context()))
	require.Equal(t, []string{"x.csv", "y.csv"}, names(t, dir))
	s.Abort()
	require.Equal(t, []string{"x.csv", "y.csv"}, names(t, dir), "Abort after Commit changes nothing")
	data, err := os.ReadFile(filepath.Join(dir, "x.csv"))
	require.NoError(t, err)
	require.Equal(t, "one", string(data))
}

func TestAbort(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "new", "newer")
	s, err := NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), File{"x.csv", text("one")}))
	s.Abort()
	require.Empty(t, names(t, top), "folders that were made for nothing")

	dir = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "x.csv"), []byte("old"), 0o644))
	s, err = NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), File{"x.csv", text("new")}))
	s.Abort()
	require.Equal(t, []string{"x.csv"}, names(t, dir))
	data, err := os.ReadFile(filepath.Join(dir, "x.csv"))
	require.NoError(t, err)
	require.Equal(t, "old", string(data))
}

func TestNotAFolder(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	_, err := NewSet(filepath.Join(file, "below"))
	require.ErrorContains(t, err, "output folder")
}

func TestCommitThatFails(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "x.csv", "in the way"), 0o755))
	s, err := NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), File{"x.csv", text("one")}))
	require.ErrorContains(t, s.Commit(t.Context()), "x.csv")
	require.Equal(t, []string{"x.csv"}, names(t, dir), "no temporary file is left")
}

func TestRenderThatFails(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	broken := errors.New("broken")
	err = s.Write(context.Background(), File{"x.csv", func(io.Writer) error { return broken }})
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "x.csv")
	s.Abort()
	require.Empty(t, names(t, dir))
}

// Of several that fail, the error is that of the first in order, and nothing of the set is left.
func TestFirstErrorOfSeveral(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	first, second := errors.New("first"), errors.New("second")
	err = s.Write(context.Background(), File{"good", text("x")}, File{"a", func(io.Writer) error {
		time.Sleep(10 * time.Millisecond)
		return first
	}}, File{"b", func(io.Writer) error { return second }})
	require.ErrorIs(t, err, first)
	s.Abort()
	require.Empty(t, names(t, dir))
}

func TestCancelled(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, s.Write(ctx, File{"x", text("x")}), context.Canceled)
	s.Abort()
	require.Empty(t, names(t, dir))
}

// More files than processors are rendered a few at a time; those being flushed don't count. Files that cannot be begun hold
// nothing up.
func TestManyFiles(t *testing.T) {
	s, err := NewSet(t.TempDir())
	require.NoError(t, err)
	most := int64(runtime.GOMAXPROCS(0))
	var rendering, peak atomic.Int64
	var files []File
	for i := range 5 * most {
		files = append(files, File{fmt.Sprint(i), func(w io.Writer) error {
			now := rendering.Add(1)
			defer rendering.Add(-1)
			for seen := peak.Load(); now > seen && !peak.CompareAndSwap(seen, now); seen = peak.Load() {
			}
			time.Sleep(time.Millisecond)
			_, err := io.WriteString(w, "x")
			return err
		}})
	}
	require.NoError(t, s.Write(t.Context(), files...))
	require.LessOrEqual(t, peak.Load(), most)
	s.Abort()
	require.ErrorIs(t, s.Write(t.Context(), files...), context.Canceled)
}
