package analyze

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestNodeIDsEqualAnIndex numbers requests on a node as an index of the node alone does: requests that grow, stretches out of the middle,
// single chunks here and there, and the same chunk twice.
func TestNodeIDsEqualAnIndex(t *testing.T) {
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 31))
		all := 1 + rng.IntN(1000)
		x, index := newNodeIDs(), sim.NewIndex()
		seen := map[sim.Key]bool{}
		var fleet []uint32 // by id on the node
		for range 60 {
			rows := randomRows(rng, all)
			var keys []sim.Key
			for _, r := range rows {
				for i := range r.N {
					keys = append(keys, sim.Key(r.First)+sim.Key(i))
				}
			}
			leading := 0
			for leading < len(keys) && seen[keys[leading]] {
				leading++
			}
			known, err := index.Number(keys[:leading], nil)
			require.NoError(t, err)
			require.Equal(t, known, x.known(rows, nil))
			want, err := index.Number(keys, nil)
			require.NoError(t, err)
			for _, key := range keys {
				seen[key] = true
			}
			require.Equal(t, want, x.number(rows, nil))
			require.Equal(t, want, x.known(rows, nil))
		}
		for id := range uint32(index.Len()) {
			fleet = append(fleet, uint32(index.Key(id)))
		}
		var span idSpan
		for range 200 {
			id := uint32(rng.IntN(len(fleet)))
			span = x.inFleet(id, span)
			require.Equal(t, fleet[id], span.fleet+id-span.node)
		}
		require.Panics(t, func() { x.inFleet(uint32(len(fleet)), span) })
	}
}

// randomRows returns rows of ids below a number, none of which continues the one before it.
func randomRows(rng *rand.Rand, all int) (rows []sim.Row) {
	longest := []int{1, 3, 40, 300}[rng.IntN(4)]
	for range 1 + rng.IntN(6) {
		first := rng.IntN(all)
		rows = appendRow(rows, sim.Row{First: uint32(first), N: min(1+rng.IntN(longest), all-first)})
	}
	return rows
}

// TestNodeIDsTakeLittle takes memory for the spans of a request, not for its chunks.
func TestNodeIDsTakeLittle(t *testing.T) {
	x := newNodeIDs()
	for i := range uint32(1000) {
		x.number([]sim.Row{{First: 640 * i, N: 640}}, nil)
	}
	require.Len(t, x.spans, 1+10_000)
	x.number([]sim.Row{{First: 640_000, N: 10}}, nil)
	x.number([]sim.Row{{First: 640_000, N: 30}}, nil) // continues the span
	require.Len(t, x.spans, 1+10_001)
}
