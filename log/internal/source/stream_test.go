package source

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStreamReads(t *testing.T) {
	text := strings.Repeat("0123456789", 100_000)
	for _, src := range []io.Reader{
		strings.NewReader(text), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text)),
	} {
		s := newStream(context.Background(), func() (io.ReadCloser, error) { return io.NopCloser(src), nil })
		have, err := io.ReadAll(iotest.HalfReader(s))
		require.NoError(t, err)
		require.Equal(t, text, string(have))
		n, err := s.Read(make([]byte, 1))
		require.Zero(t, n)
		require.Equal(t, io.EOF, err)
		require.NoError(t, s.Close())
	}
}

func TestStreamCannotOpen(t *testing.T) {
	failure := errors.New("failure")
	s := newStream(context.Background(), func() (io.ReadCloser, error) { return nil, failure })
	_, err := s.Read(make([]byte, 1))
	require.Equal(t, failure, err)
	require.NoError(t, s.Close())
}

// closeCounter counts how often it is closed.
type closeCounter struct {
	io.Reader
	closed chan struct{}
}

func (c closeCounter) Close() error {
	c.closed <- struct{}{}
	return nil
}

// Whether Close comes before, while or after the stream opens, it is closed once.
func TestStreamClosesOnce(t *testing.T) {
	for range 100 {
		c := closeCounter{strings.NewReader("x"), make(chan struct{}, 9)}
		opening := make(chan struct{})
		s := newStream(context.Background(), func() (io.ReadCloser, error) {
			<-opening
			return c, nil
		})
		go close(opening)
		require.NoError(t, s.Close())
		<-c.closed
		require.NoError(t, s.Close())
		require.Empty(t, c.closed)
	}
}

const grace = 100 * time.Millisecond

func TestDrainedReadsAll(t *testing.T) {
	text := strings.Repeat("0123456789", 100_000)
	for _, r := range []io.Reader{strings.NewReader(text), iotest.HalfReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
		got, err := io.ReadAll(newDrained(context.Background(), r, grace))
		require.NoError(t, err)
		require.Equal(t, text, string(got))
	}
}

func TestDrainedErrorPassesThrough(t *testing.T) {
	_, err := io.ReadAll(newDrained(context.Background(), iotest.ErrReader(io.ErrClosedPipe), grace))
	require.ErrorIs(t, err, io.ErrClosedPipe)
}

// TestDrainedLastBlockArrives ends the context while a block is being read: a block that arrives within the grace is not
// lost, and no further one is read.
func TestDrainedLastBlockArrives(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	reading := make(chan struct{})
	s := newDrained(ctx, io.MultiReader(strings.NewReader("first\n"), readFunc(func(p []byte) (int, error) {
		close(reading) // a second time would panic
		time.Sleep(20 * time.Millisecond)
		return copy(p, "second\n"), nil
	})), time.Minute)
	go func() {
		<-reading
		cancel()
	}()
	got, err := io.ReadAll(s)
	require.NoError(t, err)
	require.Equal(t, "first\nsecond\n", string(got))
}

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestDrainedSilentPipe(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	began := time.Now()
	got, err := io.ReadAll(newDrained(ctx, r, grace))
	require.NoError(t, err)
	require.Empty(t, got)
	require.Less(t, time.Since(began), time.Second)
}
