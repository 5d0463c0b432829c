package table

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTable(t *testing.T) {
	var table Table
	table.Row("capacity", "chunks", "rate")
	table.Row("64 GiB", "–", "85.42 %")
	table.Row("unlimited", "11,469", "1 %")
	var out strings.Builder
	table.Write(&out)
	require.Equal(t, "  capacity   chunks     rate\n  64 GiB          –  85.42 %\n  unlimited  11,469      1 %\n", out.String())
}

// failing fails after some writes.
type failing struct{ left int }

func (f *failing) Write(p []byte) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errors.New("full")
	}
	return len(p), nil
}

func TestWriteStops(t *testing.T) {
	seen := 0
	out := &failing{left: 1}
	Write(out, func(yield func([]string) bool) {
		for range 10 {
			if seen++; !yield([]string{"a", "b"}) {
				return
			}
		}
	})
	require.Equal(t, 10+2, seen, "all rows for the widths, then up to the one that fails")
}
