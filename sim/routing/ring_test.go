package routing

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestRingIsEven(t *testing.T) {
	const nodes, keys = 20, 200_000
	ring, shares := newRing(nodes), [nodes]int{}
	for key := range uint64(keys) {
		shares[ring.node(spread(key))]++
	}
	for node, n := range shares {
		require.InDelta(t, 1, float64(n)*nodes/keys, 0.3, "node %d", node)
	}
}

// A node more takes keys from all others, and moves no other key.
func TestRingMovesFewKeys(t *testing.T) {
	few, more, moved := newRing(9), newRing(10), 0
	for key := range uint64(100_000) {
		if from, to := few.node(spread(key)), more.node(spread(key)); from != to {
			require.Equal(t, 9, to)
			moved++
		}
	}
	require.InDelta(t, 0.1, float64(moved)/100_000, 0.03)
}

func TestRingEnds(t *testing.T) {
	ring := newRing(3)
	last := len(ring.points) - 1
	require.Equal(t, 0, ring.find(0))
	require.Equal(t, last, ring.find(ring.points[last]))
	require.Equal(t, 0, ring.find(ring.points[last]+1<<nodeBits))
	require.Equal(t, 0, ring.next(last))
	require.Equal(t, 5, ring.find(ring.points[5]))
	require.Equal(t, 6, ring.find(ring.points[5]+1<<nodeBits))
}

// Chunks count with all that comes before them, whatever their keys stand for.
func TestHashKeys(t *testing.T) {
	require.NotEqual(t, hashKeys([]uint64{1, 2}), hashKeys([]uint64{3, 2}))
	require.NotEqual(t, hashKeys([]uint64{1, 2}), hashKeys([]uint64{2, 1}))
	require.NotEqual(t, hashKeys([]uint64{1}), hashKeys([]uint64{1, 1}))
}
