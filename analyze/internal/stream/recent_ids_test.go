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

// TestRecentIDsMerge merges the ids of stretches, and compares what is known afterwards with a plain list of the last ids.
func TestRecentIDsMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		window := 1 + rng.IntN(20)
		merged := NewRecentIDs(window)
		var last []uint64
		for range 1 + rng.IntN(4) {
			part := NewRecentIDs(window)
			for range rng.IntN(3 * window) {
				id := rng.Uint64N(30)
				part.Add(id)
				last = append(last, id)
			}
			merged.AddAll(part)
		}
		last = last[max(0, len(last)-window):]
		for range window {
			id := rng.Uint64N(30)
			require.Equal(t, slices.Contains(last, id), merged.Add(id))
			if last = append(last, id); len(last) > window {
				last = last[1:]
			}
		}
	}
}
