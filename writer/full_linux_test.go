package writer

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A real file system fills up and gets room again. Writing goes on by itself, and
// everything that the queue held meanwhile is written.
func TestFullTmpfs(t *testing.T) {
	mount := t.TempDir()
	if err := syscall.Mount("tmpfs", mount, "tmpfs", 0, "size=1m"); err != nil {
		t.Skipf("mounting a tmpfs: %v", err)
	}
	t.Cleanup(func() { require.NoError(t, syscall.Unmount(mount, 0)) })
	ballast := filepath.Join(mount, "ballast")
	require.NoError(t, os.WriteFile(ballast, make([]byte, 700<<10), 0o666))

	dir := filepath.Join(mount, "log")
	w := open(t, Options{Dir: dir, FlushInterval: time.Millisecond})
	const records = 4000 // some 700 KB
	record(t, w, upTo(records)...)
	faulty(t, w)
	require.Error(t, w.Flush(timeout(t, 50*time.Millisecond)))
	s := w.Stats()
	require.Positive(t, s.Written)
	require.Positive(t, s.Queued)
	require.ErrorIs(t, w.drain.faults.obstacle(), syscall.ENOSPC)
	require.NoError(t, os.Remove(ballast))
	require.NoError(t, w.Flush(context.Background()))
	closed(t, w)
	f := read(t, dir)
	require.Equal(t, upTo(records), f.numbers)
	require.Zero(t, f.stats.Torn+f.stats.Skipped)
	require.GreaterOrEqual(t, len(names(t, dir)), 2)
}
