//go:build unix

package log

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func mkfifo(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "fifo")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	return path
}

func TestFIFO(t *testing.T) {
	path := mkfifo(t)
	f := find(t, path)
	require.True(t, f.Streams())
	go func() {
		w, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err == nil {
			w.WriteString(logLine(1, "a") + logLine(2, "b"))
			w.Close()
		}
	}()
	g := read(t, f, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"a", "b"}, g.ids)
}

// Cancelling works while the FIFO waits for a writer, and while it waits for what
// the writer writes.
func TestCancelFIFO(t *testing.T) {
	for _, opened := range []bool{false, true} {
		path := mkfifo(t)
		ctx, cancel := context.WithCancel(context.Background())
		r, err := find(t, path).Open(ctx, Options{})
		require.NoError(t, err)
		if opened {
			w, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			defer w.Close()
		}
		time.AfterFunc(20*time.Millisecond, cancel)
		start := time.Now()
		require.False(t, r.Scan())
		require.Equal(t, context.Canceled, r.Err())
		require.NoError(t, r.Close())
		require.Less(t, time.Since(start), time.Second)
		if !opened { // let the goroutine end
			w, err := os.OpenFile(path, os.O_WRONLY, 0)
			require.NoError(t, err)
			w.Close()
		}
	}
}
