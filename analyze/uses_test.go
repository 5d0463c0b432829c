package analyze

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestLastUsesEqualMap compares the uses of random rows with those found in a map. Neighbouring ids are often looked up by
// different requests, one right after the other, and some rows cross a page.
func TestLastUsesEqualMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var l lastUses
	seen := map[uint32]lastUse{}
	unique, lookups, now := 0, int64(0), 0.0
	stretches, chunks := 0, 0
	for range 3000 {
		now += float64(rng.IntN(3))
		var rows []sim.Row
		for range 1 + rng.IntN(3) {
			r := sim.Row{First: uint32(unique), N: 1 + rng.IntN(6)} // new
			if unique > 0 && rng.IntN(4) > 0 {
				r.First = uint32(rng.IntN(unique))
				r.N = min(r.N*(1+rng.IntN(3)), unique-int(r.First))
			}
			unique = max(unique, int(r.First)+r.N)
			rows = append(rows, r)
		}
		var want []use
		at := lookups
		for _, r := range rows {
			for id := r.First; id < r.First+uint32(r.N); id++ {
				u := use{n: 1}
				if last, ok := seen[id]; ok {
					u.span, u.micros = at-last.lookup, int64(now-last.time)*1e6
				}
				want = append(want, u)
				at++
			}
		}
		for _, r := range rows {
			for id := r.First; id < r.First+uint32(r.N); id++ {
				seen[id] = lastUse{lookups, now}
				lookups++
			}
		}
		var got []use
		for _, u := range l.next(rows, now) {
			stretches++
			for range u.n {
				got = append(got, use{1, u.span, u.micros})
			}
		}
		chunks += len(got)
		require.Equal(t, want, got)
	}
	require.Greater(t, unique, 1<<usePageBits)
	require.Less(t, stretches, chunks*2/3, "chunks used together are one stretch")
}

func TestMicrosBetween(t *testing.T) {
	require.EqualValues(t, 1_500_001, microsBetween(1711929600, 1711929601.500001))
	require.EqualValues(t, 0, microsBetween(5, 5))
	require.EqualValues(t, math.MaxInt64, microsBetween(-math.MaxFloat64, math.MaxFloat64))
	require.Less(t, intervalClass(math.MaxInt64), len(reuseEdges))
	for _, edge := range reuseEdges[:121] { // a float64 has seconds up to 10⁹ to the microsecond
		for off := int64(-2); off <= 2; off++ {
			micros := int64(edge*1e6) + off
			plain, isEdge := slices.BinarySearch(reuseEdges, float64(micros)/1e6)
			if isEdge {
				plain++
			}
			require.Equal(t, plain, intervalClass(micros), micros)
		}
	}
	require.Equal(t, []int{0, 0, 1, 1, 31}, []int{intervalClass(0), intervalClass(999), intervalClass(1000), intervalClass(1001), intervalClass(1_000_000)})
}
