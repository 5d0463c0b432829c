package analyze

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// sectionsReport has two capacities, 1 and 2 nodes, an oblivious routing and a cache-aware one. Hit tokens number the results.
func sectionsReport() *FleetReport {
	r := &FleetReport{Report: &Report{Results: []Result{{CapacityChunks: known(10)}, {CapacityChunks: known(20)}}}}
	for _, nodes := range []int{1, 2} {
		for at := range r.Results {
			r.Pooled = append(r.Pooled, PooledResult{Nodes: nodes, HitTokens: int64(100*nodes + at), TokenHitRate: 0.5})
		}
	}
	for i, routing := range []string{"round-robin", "sglang"} {
		for _, nodes := range []int{1, 2} {
			for at := range r.Results {
				r.Fleet = append(r.Fleet, FleetResult{Nodes: nodes, Routing: routing, HitTokens: int64(1000*i + 100*nodes + at), TokenHitRate: 0.25})
				for n := range nodes {
					node := FleetNode{Nodes: nodes, Routing: routing, Node: fmt.Sprint(n), TotalTokens: int64(n)}
					switch {
					case routing == "sglang":
						node.Results = []ClassResult{{HitTokens: int64(10*at + n)}}
					case at > 0:
						continue
					default:
						node.Results = []ClassResult{{HitTokens: int64(n)}, {HitTokens: int64(10 + n)}}
					}
					r.Nodes = append(r.Nodes, node)
				}
			}
		}
	}
	return r
}

func TestFleetSections(t *testing.T) {
	byCapacity := sectionsReport().Sections()
	require.Len(t, byCapacity, 2)
	sections := slices.Concat(byCapacity...)
	require.Len(t, sections, 4)
	for i, s := range sections {
		at, nodes := i/2, 1+i%2
		require.Equal(t, nodes, s.Nodes)
		require.Equal(t, int64(10+10*at), *s.Capacity.Chunks)
		require.Equal(t, int64(100*nodes+at), s.Pool.HitTokens)
		require.Len(t, s.Results, 2)
		for j, r := range s.Results {
			require.Equal(t, int64(1000*j+100*nodes+at), r.HitTokens)
			for n, node := range s.LargestNodes(r, 9) {
				require.Equal(t, fmt.Sprint(n), node.Node)
				require.Equal(t, int64(10*at+n), node.HitTokens)
			}
		}
		require.Same(t, s.Results[1], s.Best())
		require.Equal(t, 0.25, s.PoolGain(s.Best()))
	}
	largest := sections[3].LargestNodes(sections[3].Results[1], 1)
	require.Len(t, largest, 1)
	require.Equal(t, int64(11), largest[0].HitTokens)
	require.Nil(t, (&FleetSection{}).Best())
}

// TestFleetNodeWithoutRequests has no figures, which are then zero.
func TestFleetNodeWithoutRequests(t *testing.T) {
	r := sectionsReport()
	r.Nodes[0].Results = nil
	s := r.Sections()[0][0]
	require.Equal(t, ClassResult{}, s.LargestNodes(s.Results[0], 9)[0].ClassResult)
}

func TestResidents(t *testing.T) {
	r := FleetResult{Copies: []ChunkCopies{{1, 60}, {2, 10}, {4, 5}}}
	of := r.Residents()
	require.Equal(t, Residents{Chunks: 100, Distinct: 75, Single: 60, Most: 4}, of)
	require.Equal(t, int64(25), of.Spare())
	require.Equal(t, int64(15), of.Several())
	require.Zero(t, (&FleetResult{}).Residents())
}
