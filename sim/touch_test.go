package sim

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRowLength holds that places fit into 32 bits and stay below nowhere, up to the last chunk. A request touches known
// chunks too, so it may touch many when none can be new any more.
func TestRowLength(t *testing.T) {
	for _, chunks := range []int64{0, 1, 31, 1 << 20, 1 << 29, 1<<30 - 1, 1 << 30, MaxChunks - 1, MaxChunks} {
		for _, n := range []int64{0, 1, 24, 1000, 1 << 20, 1 << 29, MaxChunks - chunks, MaxChunks - 1, MaxChunks} {
			length := rowLength(chunks, n, maxPlaces)
			blocks := (length + blockPlaces - 1) / blockPlaces
			require.GreaterOrEqual(t, length, min(4*(chunks+n), maxPlaces), "%d and %d", chunks, n)
			require.GreaterOrEqual(t, length, chunks+n, "%d and %d", chunks, n)
			require.LessOrEqual(t, blocks*blockPlaces, int64(nowhere), "%d and %d", chunks, n)
		}
	}
}
