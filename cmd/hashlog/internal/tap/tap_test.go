package tap

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestReadsAll(t *testing.T) {
	text := strings.Repeat("0123456789", 100_000)
	for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
		got, err := io.ReadAll(New(context.Background(), r))
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
}

func TestErrorPassesThrough(t *testing.T) {
	_, err := io.ReadAll(New(context.Background(), iotest.ErrReader(io.ErrClosedPipe)))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

// TestNothingTakenIsLost turns the tap off under a writer that goes on: what was taken from the pipe comes out.
func TestNothingTakenIsLost(t *testing.T) {
	r, w := io.Pipe()
	taken := make(chan int)
	go func() {
		n := 0
		for {
			k, err := w.Write([]byte("line\n"))
			if n += k; err != nil {
				taken <- n
				return
			}
		}
	}()
	ctx, cancel := context.WithCancel(context.Background())
	tap := New(ctx, r)
	time.AfterFunc(50*time.Millisecond, cancel)
	got, err := io.ReadAll(tap)
	require.NoError(t, err)
	r.Close()
	require.InDelta(t, <-taken, len(got), 5, "but for a read that begins as the tap is turned off")
}

func TestSilentPipe(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	began := time.Now()
	got, err := io.ReadAll(New(ctx, r))
	require.NoError(t, err)
	require.Empty(t, got)
	require.Less(t, time.Since(began), time.Second)
}
