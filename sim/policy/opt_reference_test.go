package policy

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// Independently computed figures.
func TestReferenceOptimum(t *testing.T) {
	trace := traceOf(readReference(t))
	require.Equal(t, 12_031, trace.Requests())
	o := optimumOf(t, trace)
	for capacity, chunks := range map[int64]int64{500: 39_428, 3000: 84_879, 10_000: 105_592} {
		for _, c := range []Capacity{{N: capacity}, {N: capacity * 1024, InBytes: true}} {
			feasible, bound := bounds(t, o, c)
			require.Equal(t, 512*chunks, feasible, "%+v", c)
			require.Equal(t, 512*chunks, bound, "%+v", c)
		}
	}
}

// The order holds at every capacity where the two differ: with sizes of two kinds, and with chunks that are no chain.
func TestReferenceOrder(t *testing.T) {
	asks := readReference(t)
	r := rand.New(rand.NewPCG(7, 0))
	for i := range asks {
		a := &asks[i]
		if r.IntN(4) == 0 {
			a.size *= 2
		}
		if r.IntN(4) == 0 && len(a.chunks) > 3 {
			r.Shuffle(len(a.chunks), func(i, j int) { a.chunks[i], a.chunks[j] = a.chunks[j], a.chunks[i] })
		}
	}
	trace := traceOf(asks)
	o := optimumOf(t, trace)
	ceiling, last := ceilingOf(t, o), int64(0)
	for c := int64(64); c < 25_000; c = c*9/4 + 1 {
		feasible, bound := bounds(t, o, Capacity{N: c * 1024, InBytes: true})
		require.LessOrEqual(t, feasible, bound)
		require.LessOrEqual(t, bound, ceiling)
		checkCaches(t, trace, Capacity{N: c * 1024, InBytes: true}, bound)
		require.GreaterOrEqual(t, bound, last, "a larger cache has no lower bound")
		last = bound
		t.Logf("%d: %d %d", c, feasible, bound)
	}
	require.Equal(t, ceiling, last)
}
