package source

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// gzipped returns s, compressed.
func gzipped(s string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	io.WriteString(w, s)
	w.Close()
	return b.String()
}

// zstded returns s, compressed.
func zstded(s string) string {
	w, _ := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	return string(w.EncodeAll([]byte(s), nil))
}

// bombSize is what a bomb unpacks to, in bytes. It is read in one go.
const bombSize = 32 << 20

// bombs returns compressed data that unpacks to bombSize bytes, a text again and again.
func bombs(t *testing.T, text string) map[string]string {
	const pieces = 16
	piece := strings.Repeat(text, bombSize/pieces/len(text))
	b := map[string]string{"gz": strings.Repeat(gzipped(piece), pieces), "zst": strings.Repeat(zstded(piece), pieces)}
	for _, one := range b {
		require.Less(t, len(one), BlockSize)
	}
	return b
}

// cancelling is a reader that ends a context in its second read.
type cancelling struct {
	io.Reader
	reads  int
	cancel func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.reads++; c.reads == 2 {
		c.cancel()
	}
	return c.Reader.Read(p)
}

// An input ends with its context although it finds no line: an endless one, blank ones, one that is too long.
func TestCancelWithoutLines(t *testing.T) {
	for _, text := range []string{"\x00", "\n", " \r\n"} {
		for _, maxLine := range []int{MaxLine, 1000} {
			for name, bomb := range bombs(t, text) {
				ctx, cancel := context.WithCancel(t.Context())
				raw := &cancelling{strings.NewReader(bomb), 0, cancel}
				in := newInput(ctx, io.NopCloser(raw), name, maxLine)
				lines, bytes := 0, 0
				line, err := in.Next()
				for ; err == nil; line, err = in.Next() {
					lines++
					bytes += len(line.Text)
				}
				require.ErrorIs(t, err, context.Canceled)
				require.ErrorIs(t, in.Err(), context.Canceled)
				require.LessOrEqual(t, max(lines, bytes), BlockSize)
				require.LessOrEqual(t, len(in.lines.buf), 2*BlockSize)
				in.Close()
			}
		}
	}
}
