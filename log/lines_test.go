package log

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

// The limit counts the same wherever blocks end, and lines longer than it cost
// no memory.
func TestLineReaderLimit(t *testing.T) {
	for _, size := range []int{9, 10, 11, 12, blockSize - 1, blockSize, blockSize + 1, 3 * blockSize} {
		for _, end := range []string{"", "\n"} {
			text := "1\n" + strings.Repeat("x", size) + end
			for _, src := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
				l := lineReader{src: src, max: 10}
				first, err := l.next()
				require.NoError(t, err)
				require.Equal(t, "1", string(first.text))
				second, err := l.next()
				require.NoError(t, err)
				require.Equal(t, size > 10, second.tooLong)
				require.Equal(t, end != "", second.ended)
				require.EqualValues(t, 2, second.number)
				_, err = l.next()
				require.Equal(t, io.EOF, err)
				require.LessOrEqual(t, len(l.buf), 2*blockSize)
			}
		}
	}
}

// The buffer grows with a long line, and shrinks after it.
func TestLineReaderBuffer(t *testing.T) {
	text := strings.Repeat("x", 3<<20) + "\n" + strings.Repeat("y\n", blockSize)
	l := lineReader{src: strings.NewReader(text), max: MaxLine}
	first, err := l.next()
	require.NoError(t, err)
	require.Len(t, first.text, 3<<20)
	require.GreaterOrEqual(t, len(l.buf), 3<<20)
	for range blockSize {
		_, err := l.next()
		require.NoError(t, err)
	}
	_, err = l.next()
	require.Equal(t, io.EOF, err)
	require.Len(t, l.buf, blockSize)
}

func TestLineReaderGivesUp(t *testing.T) {
	l := lineReader{src: iotest.ErrReader(nil), max: 10}
	_, err := l.next()
	require.Equal(t, io.ErrNoProgress, err)
}
