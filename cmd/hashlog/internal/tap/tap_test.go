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

// TestLastBlockArrives turns the tap off while a block is being read: what comes within the grace is not lost, and what
// would come after it is not asked for.
func TestLastBlockArrives(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	reading := make(chan struct{})
	tap := New(ctx, io.MultiReader(strings.NewReader("first\n"), readFunc(func(p []byte) (int, error) {
		close(reading) // a second time would panic
		time.Sleep(20 * time.Millisecond)
		return copy(p, "second\n"), nil
	})))
	tap.grace = time.Minute
	go func() {
		<-reading
		cancel()
	}()
	got, err := io.ReadAll(tap)
	require.NoError(t, err)
	require.Equal(t, "first\nsecond\n", string(got))
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

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
