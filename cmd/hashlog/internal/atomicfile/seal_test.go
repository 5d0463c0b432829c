package atomicfile

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/flock"
)

// sealed writes a set of these files into a folder, each with its name as content, sealed by the last.
func sealed(t *testing.T, dir string, files ...string) *Set {
	s, err := NewSet(dir)
	require.NoError(t, err)
	s.Seal = files[len(files)-1]
	for i := range files { // the seal is written first, and yet renamed last
		name := files[len(files)-1-i]
		require.NoError(t, s.Write(context.Background(), File{name, text(name + "!")}))
	}
	return s
}

func TestSealIsRenamedLast(t *testing.T) {
	dir := t.TempDir()
	s := sealed(t, dir, "a", "b", "seal")
	require.NoError(t, s.Commit(t.Context()))
	require.Equal(t, []string{"a", "b", "seal"}, names(t, dir))

	s = sealed(t, dir, "a", "b", "seal")
	require.Equal(t, [][]byte{[]byte("seal!")}, s.Former())
	for _, p := range s.pending { // the second rename fails
		if p.name == "b" {
			require.NoError(t, os.Remove(p.temporary))
		}
	}
	if s.pending[1].name != "a" {
		s.pending[1], s.pending[2] = s.pending[2], s.pending[1]
	}
	require.ErrorContains(t, s.Commit(t.Context()), "b")
	require.Equal(t, []string{".seal.replaced", "a", "b"}, names(t, dir), "nothing vouches for a mixed set")

	s = sealed(t, dir, "a", "b", "seal")
	require.Equal(t, [][]byte{[]byte("seal!")}, s.Former(), "what the set before was is still known")
	require.NoError(t, s.Commit(t.Context()))
	require.Equal(t, []string{"a", "b", "seal"}, names(t, dir))
}

func TestSealStaysIfNothingWasReplaced(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, sealed(t, dir, "a", "seal").Commit(t.Context()))
	s := sealed(t, dir, "a", "seal")
	for _, p := range s.pending {
		if p.name == "a" {
			require.NoError(t, os.Remove(p.temporary))
		}
	}
	require.Error(t, s.Commit(t.Context()))
	require.Equal(t, []string{"a", "seal"}, names(t, dir))
}

// Whatever is in the way of the last of a set is found before the first is replaced.
func TestFolderInTheWay(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a"), []byte("old"), 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "b"), 0o755))
	s := sealed(t, dir, "a", "b", "seal")
	require.ErrorContains(t, s.Check("a", "b"), filepath.Join(dir, "b")+": a folder")
	require.ErrorContains(t, s.Commit(t.Context()), filepath.Join(dir, "b")+": a folder")
	require.Equal(t, []string{"a", "b"}, names(t, dir))
	data, err := os.ReadFile(filepath.Join(dir, "a"))
	require.NoError(t, err)
	require.Equal(t, "old", string(data))
}

func TestStale(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "old"), nil, 0o644))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "folder"), 0o755))
	require.NoError(t, os.Symlink("old", filepath.Join(dir, "link")))
	require.NoError(t, sealed(t, dir, "a", "seal").Commit(t.Context(), "old", "folder", "link", "missing"))
	require.Equal(t, []string{"a", "folder", "link", "seal"}, names(t, dir))
}

// Sweep removes what nobody holds, of the names that it is given, and nothing else.
func TestSweep(t *testing.T) {
	if !flock.Supported {
		t.Skip("no locks here")
	}
	dir := t.TempDir()
	left := []string{".a-1f.tmp", ".b-1.tmp", ".probe-0123456789abcdef.tmp", ".other-1.tmp", ".a-xyz.tmp", "a-1.tmp", ".a.tmp"}
	for _, name := range left {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), nil, 0o644))
	}
	require.NoError(t, os.Mkdir(filepath.Join(dir, ".a-2.tmp"), 0o755))
	require.NoError(t, os.Symlink(".other-1.tmp", filepath.Join(dir, ".a-3.tmp")))
	living, err := NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, living.Write(context.Background(), File{"a", text("x")}))
	s, err := NewSet(dir)
	require.NoError(t, err)
	s.Sweep("a", "b")
	require.NoError(t, living.Commit(t.Context()))
	require.Equal(t, []string{".a-2.tmp", ".a-3.tmp", ".a-xyz.tmp", ".a.tmp", ".other-1.tmp", "a", "a-1.tmp"}, names(t, dir))
}

// A context that ends is heard while a file is written, and a set that is aborted meanwhile leaves nothing.
func TestInterruptedWithin(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSet(dir)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	block := []byte(strings.Repeat("x", 1<<16))
	written := 0
	err = s.Write(ctx, File{"a", func(w io.Writer) error {
		for {
			if _, err := w.Write(block); err != nil {
				return err
			}
			if written++; written == 10 {
				cancel()
			}
		}
	}})
	require.ErrorIs(t, err, context.Canceled)
	require.LessOrEqual(t, written, 12)
	s.Abort()
	require.ErrorIs(t, s.Write(context.Background(), File{"b", text("late")}), context.Canceled)
	require.ErrorIs(t, s.Commit(t.Context()), context.Canceled, "it would replace nothing")
	require.Empty(t, names(t, dir))
}

// What fails because the set has been aborted meanwhile fails with the error of the context.
func TestClosedWithin(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := (&until{ctx, closing(cancel)}).Write([]byte("x"))
	require.ErrorIs(t, err, context.Canceled)
}

// closing is a file that is closed while it is written to.
type closing func()

func (c closing) Write([]byte) (int, error) {
	c()
	return 0, os.ErrClosed
}

func TestFolders(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "b", "c")
	made := Missing(dir)
	require.Equal(t, Folders{dir, filepath.Dir(dir), filepath.Join(top, "a")}, made)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(top, "a", "kept"), nil, 0o644))
	made.RemoveEmpty()
	require.Equal(t, []string{"kept"}, names(t, filepath.Join(top, "a")))
	require.Empty(t, Missing(top))
	require.NoError(t, os.Symlink("nowhere", filepath.Join(top, "link")))
	require.Empty(t, Missing(filepath.Join(top, "link")), "a link that leads nowhere is somebody's")
}

func TestRoom(t *testing.T) {
	if room, ok := Room(t.TempDir()); ok {
		require.Positive(t, room)
	}
	_, ok := Room(filepath.Join(t.TempDir(), "missing"))
	require.False(t, ok)
}

// Sets that are committed at once leave the files of one of them.
func TestCommitsTakeTurns(t *testing.T) {
	if !flock.Supported {
		t.Skip("there are no locks here")
	}
	names := []string{"a", "b", "c", "d", "seal"}
	for range 100 {
		dir := t.TempDir()
		start := make(chan struct{})
		var group sync.WaitGroup
		for i := range 3 {
			s, err := NewSet(dir)
			require.NoError(t, err)
			s.Seal = "seal"
			var files []File
			for _, name := range names {
				files = append(files, File{name, text(strconv.Itoa(i))})
			}
			require.NoError(t, s.Write(t.Context(), files...))
			group.Go(func() {
				<-start
				if err := s.Commit(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		close(start)
		group.Wait()
		seal, err := os.ReadFile(filepath.Join(dir, "seal"))
		require.NoError(t, err)
		for _, name := range names {
			data, err := os.ReadFile(filepath.Join(dir, name))
			require.NoError(t, err)
			require.Equal(t, string(seal), string(data), name)
		}
	}
}

// A folder is swept by others while it is tried.
func TestProbeIsSwept(t *testing.T) {
	dir := t.TempDir()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 500 {
				s, err := NewSet(dir)
				if err != nil {
					t.Error(err)
					return
				}
				s.Sweep("x")
				s.Abort()
			}
		})
	}
	group.Wait()
}
