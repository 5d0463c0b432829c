package log

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A silent stream can be cancelled at once.
func TestCancelBlockedStream(t *testing.T) {
	in, out := io.Pipe()
	defer out.Close() // lets the goroutine end
	ctx, cancel := context.WithCancel(context.Background())
	f, err := Find(ctx, []string{"-"}, in)
	require.NoError(t, err)
	r, err := f.Open(ctx, Options{})
	require.NoError(t, err)
	defer r.Close()
	time.AfterFunc(20*time.Millisecond, cancel)
	start := time.Now()
	require.False(t, r.Scan())
	require.Equal(t, context.Canceled, r.Err())
	require.Less(t, time.Since(start), time.Second)
}

// A stream is merged with files.
func TestMergeStream(t *testing.T) {
	path := write(t, t.TempDir(), "x", logLine(1, "1"), logLine(3, "3"))
	stdin := strings.NewReader(zstded(logLine(2, "2") + logLine(0, "0")))
	f, err := Find(context.Background(), []string{path, "-"}, stdin)
	require.NoError(t, err)
	g := read(t, f, Options{})
	require.NoError(t, g.err)
	require.Equal(t, []string{"0", "1", "2", "3"}, g.ids)
	require.EqualValues(t, 1, g.stats.OutOfOrder)
}
