package stream

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRecentIDs compares with a plain list of the last ids, for windows of many sizes, with many colliding ids.
func TestRecentIDs(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, window := range []int{1, 2, 7, 500, 512, 513, 2000} {
		r := NewRecentIDs(window)
		var last []uint64
		for range 20_000 {
			id := rng.Uint64N(2*uint64(window)) << rng.IntN(4) // equal low bits give long probes
			want := slices.Contains(last, id)
			require.Equal(t, want, r.Add(id), "window of %d", window)
			if last = append(last, id); len(last) > window {
				last = last[1:]
			}
		}
		require.LessOrEqual(t, len(r.table), max(1024, 4*window))
	}
}

// TestRecentIDsAreBounded adds new ids forever: memory stops growing at the window's size.
func TestRecentIDsAreBounded(t *testing.T) {
	const window = 1 << 20
	r := NewRecentIDs(window)
	for id := range uint64(2*window + 5) {
		require.False(t, r.Add(mixed(id)))
	}
	require.LessOrEqual(t, 8*cap(r.ring)+4*cap(r.table), 20<<20)
	require.True(t, r.Add(mixed(window+5)), "the oldest one of the window")
	require.False(t, r.Add(mixed(window+5-1)), "and the one before that")
}

// mixed spreads the bits of a number.
func mixed(id uint64) uint64 { return bits.RotateLeft64(id*0x9e3779b97f4a7c15, 31) }
