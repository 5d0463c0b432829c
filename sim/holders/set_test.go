package holders

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// listOf returns the chunks of a set in touch order.
func listOf(s set, order sim.Order) []int {
	chunks := []int{}
	for i := range pageChunks {
		if s>>i&1 != 0 {
			chunks = append(chunks, i)
		}
	}
	if order == sim.TailFirst {
		slices.Reverse(chunks)
	}
	return chunks
}

// TestSet compares sets with lists.
func TestSet(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	random := func() set { return set(r.Uint64()&r.Uint64()) & span(0, 1+r.IntN(pageChunks)) }
	for range 2000 {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			s, others := random(), random()
			chunks, stops := listOf(s, order), listOf(others, order)
			require.Equal(t, len(chunks), s.len())
			n := r.IntN(pageChunks + 2)
			require.Equal(t, chunks[:min(n, len(chunks))], listOf(s.first(n, order), order))
			before := slices.IndexFunc(chunks, func(c int) bool {
				return len(stops) > 0 && (order == sim.HeadFirst && c >= stops[0] || order == sim.TailFirst && c <= stops[0])
			})
			if before < 0 {
				before = len(chunks)
			}
			require.Equal(t, chunks[:before], listOf(s.before(others, order), order))
		}
	}
	require.Equal(t, []int{61, 62, 63}, listOf(span(61, 3), sim.HeadFirst))
	require.Equal(t, pageChunks, span(0, pageChunks).len())
}
