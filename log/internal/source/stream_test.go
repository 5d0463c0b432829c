package source

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

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
