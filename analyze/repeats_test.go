package analyze

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRecentIDs compares with a plain list of the last ids, of windows of many sizes, with many ids that collide.
func TestRecentIDs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, window := range []int{1, 2, 7, 500, 512, 513, 2000} {
		r := newRecentIDs(window)
		var last []uint64
		for range 20_000 {
			id := rng.Uint64N(2*uint64(window)) << rng.IntN(4) // low bits alike: long probes
			want := slices.Contains(last, id)
			require.Equal(t, want, r.add(id), "window of %d", window)
			if last = append(last, id); len(last) > window {
				last = last[1:]
			}
		}
		require.LessOrEqual(t, len(r.table), max(1024, 4*window))
	}
}

// TestRequestIDsAreBounded gives ever new ids: the memory for them ends at that of the window.
func TestRequestIDsAreBounded(t *testing.T) {
	r := newRecentIDs(RepeatWindow)
	for id := range uint64(2*RepeatWindow + 5) {
		require.False(t, r.add(mixed(id)))
	}
	require.LessOrEqual(t, 8*cap(r.ring)+4*cap(r.table), 20<<20)
	require.True(t, r.add(mixed(RepeatWindow+5)), "the oldest one of the window")
	require.False(t, r.add(mixed(RepeatWindow+5-1)), "and the one before that")
}

// mixed spreads ids as fingerprints are spread.
func mixed(id uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // 2^64 / the golden ratio
	return bits.RotateLeft64(id*odd, 31)
}
