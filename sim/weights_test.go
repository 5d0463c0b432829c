package sim

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// gappyRow returns a row of 4,096 places with one gap in so many places on average, some of whole words, and the size at each
// place: 0 in a gap. Sizes change every few places.
func gappyRow(r *rand.Rand, oneIn int) (m marks, w *weights, sizes []int64) {
	m = newMarks(4096)
	w = newWeights(&m, 1)
	sizes = make([]int64, 4096)
	size := int64(1)
	for p := range uint32(4096) {
		if r.IntN(7) == 0 {
			size = 1 + r.Int64N(5)
		}
		if r.IntN(oneIn) == 0 || p%640/64 == 1 {
			w.write(p, 1, w.class(size)) // stale
			continue
		}
		m.set(p, 1)
		w.set(p, 1, size)
		sizes[p] = size
	}
	return m, w, sizes
}

// TestCompact renumbers rows with all kinds of gaps: none in a word, one, many.
func TestCompact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, oneIn := range []int{2, 64, 200} {
		m, w, sizes := gappyRow(r, oneIn)
		total := w.total
		compacted := newMarks(8192)
		compacted.set(0, int(m.total))
		w.compact(&m, &compacted)
		require.Equal(t, total, w.total)
		next, below := uint32(0), int64(0)
		for _, size := range sizes {
			if size == 0 {
				continue
			}
			require.Equal(t, size, w.sizeAt(next))
			require.Equal(t, total-below, w.from(&compacted, next))
			below += size
			next++
		}
		require.Equal(t, total, below)
	}
}

// TestSkip compares walks over rows with gaps, word by word, with walks from place to place.
func TestSkip(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, oneIn := range []int{2, 64, 200} {
		m, w, sizes := gappyRow(r, oneIn)
		for range 3000 {
			start := r.IntN(4096 / 2)
			most := 1 + r.Int64N([]int64{4, 100, 700}[r.IntN(3)])
			var chunks, bytes int64
			next := start
			for ; chunks < most; next++ {
				if sizes[next] > 0 {
					chunks++
					bytes += sizes[next]
				}
			}
			to, skipped := w.skip(&m, uint32(start), chunks)
			require.Equal(t, bytes, skipped)
			requireBetween(t, sizes, next, int(to))

			atLeast := bytes - r.Int64N(sizes[next-1])
			to, number, skipped := w.skipBytes(&m, uint32(start), atLeast)
			require.Equal(t, []int64{chunks, bytes}, []int64{number, skipped})
			requireBetween(t, sizes, next, int(to))
		}
	}
}

// requireBetween requires that a place is not below next, and that no chunk is between the two.
func requireBetween(t *testing.T, sizes []int64, next, to int) {
	t.Helper()
	require.GreaterOrEqual(t, to, next)
	for _, size := range sizes[next:to] {
		require.Zero(t, size)
	}
}

// TestAlike compares lengths of stretches of one size with steps of one place.
func TestAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	m := newMarks(4096)
	w := newWeights(&m, 1)
	for p := uint32(0); p < 4096; {
		n := min(1+r.IntN([]int{3, 200}[r.IntN(2)]), 4096-int(p))
		w.set(p, n, 1+r.Int64N(5))
		p += uint32(n)
	}
	for range 3000 {
		p := r.IntN(4096)
		most := 1 + r.IntN(4096-p)
		n := 0
		for n < most && w.sizeAt(uint32(p+n)) == w.sizeAt(uint32(p)) {
			n++
		}
		require.Equal(t, n, w.alikeFrom(uint32(p), most))
		most = 1 + r.IntN(p+1)
		n = 0
		for n < most && w.sizeAt(uint32(p-n)) == w.sizeAt(uint32(p)) {
			n++
		}
		require.Equal(t, n, w.alikeUpTo(uint32(p), most))
	}
}
