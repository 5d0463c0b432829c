package log

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// pipeLines reads the lines of a pipe to their end.
func pipeLines(ctx context.Context, pipe io.Reader) (text []string, last Line, err error) {
	lines := NewLines(ctx, pipe)
	for {
		line, err := lines.Next()
		if err != nil {
			return text, last, err
		}
		text, last = append(text, string(line.Text)), Line{Number: line.Number, Ended: line.Ended, TooLong: line.TooLong}
	}
}

func TestLines(t *testing.T) {
	text, last, err := pipeLines(t.Context(), strings.NewReader(zstded("a\r\n\n \t\nb")))
	require.Equal(t, io.EOF, err)
	require.Equal(t, []string{"a\r", "b"}, text)
	require.Equal(t, Line{Number: 4}, last)

	packed := zstded(strings.Repeat("line\n", 3))
	_, _, err = pipeLines(t.Context(), strings.NewReader(packed[:len(packed)-1]))
	var problem *Problem
	require.ErrorAs(t, err, &problem)
	require.Equal(t, Problem{File: StdinName, Line: problem.Line, Kind: KindDamaged, Msg: "compressed data ends early"}, *problem)

	failure := errors.New("failure")
	_, _, err = pipeLines(t.Context(), io.MultiReader(strings.NewReader("a\n"), iotest.ErrReader(failure)))
	require.ErrorIs(t, err, failure)
	require.EqualError(t, err, "reading stdin: failure")
}

// The lines end with the context though the pipe stays open, after everything written by then.
func TestLinesEndWithContext(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		io.WriteString(w, "a\nb\npart")
		cancel()
	}()
	text, last, err := pipeLines(ctx, r)
	require.Equal(t, io.EOF, err)
	require.Equal(t, []string{"a", "b", "part"}, text)
	require.False(t, last.Ended)
}
