package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCompact renumbers rows with all kinds of gaps: none in a word, one, many.
func TestCompact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, oneIn := range []int{2, 64, 200} {
		m := newMarks(4096)
		w := newWeights(&m, 1)
		var want []int64
		for p := range uint32(4096) {
			size := 1 + r.Int64N(5)
			if r.IntN(oneIn) == 0 || p%640 == 64 {
				w.at[p] = w.class(size) // stale
				continue
			}
			m.set(p, 1)
			w.set(p, 1, size)
			want = append(want, size)
		}
		total := w.total
		w.compact(&m, 8192)
		require.Equal(t, total, w.total)
		compacted := newMarks(8192)
		compacted.set(0, len(want))
		below := int64(0)
		for p, size := range want {
			require.Equal(t, size, w.sizeAt(uint32(p)))
			require.Equal(t, total-below, w.from(&compacted, uint32(p)))
			below += size
		}
	}
}
