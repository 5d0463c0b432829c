package source

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// The limit is the same wherever blocks end, and longer lines take no memory.
func TestLineReaderLimit(t *testing.T) {
	for _, size := range []int{9, 10, 11, 12, BlockSize - 1, BlockSize, BlockSize + 1, 3 * BlockSize} {
		for _, end := range []string{"", "\n"} {
			text := "1\n" + strings.Repeat("x", size) + end
			for _, src := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
				l := lineReader{src: src, max: 10}
				first, err := l.next()
				require.NoError(t, err)
				require.Equal(t, "1", string(first.Text))
				second, err := l.next()
				require.NoError(t, err)
				require.Equal(t, size > 10, second.TooLong)
				require.Equal(t, end != "", second.Ended)
				require.EqualValues(t, 2, second.Number)
				_, err = l.next()
				require.Equal(t, io.EOF, err)
				require.LessOrEqual(t, len(l.buf), 2*BlockSize)
			}
		}
	}
}

// The buffer grows with a long line, and shrinks after it.
func TestLineReaderBuffer(t *testing.T) {
	text := strings.Repeat("x", 3<<20) + "\n" + strings.Repeat("y\n", BlockSize)
	l := lineReader{src: strings.NewReader(text), max: MaxLine}
	first, err := l.next()
	require.NoError(t, err)
	require.Len(t, first.Text, 3<<20)
	require.GreaterOrEqual(t, len(l.buf), 3<<20)
	for range BlockSize {
		_, err := l.next()
		require.NoError(t, err)
	}
	_, err = l.next()
	require.Equal(t, io.EOF, err)
	require.Len(t, l.buf, BlockSize)
}

func TestLineReaderGivesUp(t *testing.T) {
	l := lineReader{src: iotest.ErrReader(nil), max: 10}
	_, err := l.next()
	require.Equal(t, io.ErrNoProgress, err)
}
