package atomicfile

import (
	"context"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDiskFull writes to a file system that is too small. It takes the right to mount one.
func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skip("mounting a small file system: ", err)
	}
	defer syscall.Unmount(dir, 0)
	s, err := NewSet(dir)
	require.NoError(t, err)
	require.NoError(t, s.Write(context.Background(), File{"small.csv", text("one")}))
	err = s.Write(context.Background(), File{"large.csv", text(strings.Repeat("x", 1<<20))})
	require.ErrorIs(t, err, syscall.ENOSPC)
	require.ErrorContains(t, err, "large.csv")
	s.Abort()
	require.Empty(t, names(t, dir))
}
