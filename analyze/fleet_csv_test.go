package analyze

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
)

func sizeInBoth(bytes, chunks int64) Size { return Size{&bytes, &chunks} }

// TestPoolPoints takes the points of one cache from the listed capacities if there is no table.
func TestPoolPoints(t *testing.T) {
	o := &FleetOptions{Options: Options{Capacities: []units.Capacity{units.InChunks(2), units.InChunks(4)}}}
	result := func(chunks, hits int64) Result {
		return Result{CapacityChunks: &chunks, HitTokens: hits, TotalTokens: 9}
	}
	pooled := func(nodes int, chunks, hits int64) PooledResult {
		return PooledResult{Nodes: nodes, CapacityChunks: &chunks, HitTokens: hits, TotalTokens: 9}
	}
	r := &FleetReport{Report: &Report{Results: []Result{result(2, 1), result(4, 3)}},
		Pooled: []PooledResult{pooled(2, 4, 3), pooled(2, 8, 5)}, Points: []FleetPoint{{Routing: "random"}}}
	r.addPoolPoints(o)
	require.Len(t, r.Points, 4)
	for i, hits := range []int64{1, 3, 5} {
		p := r.Points[i]
		require.Equal(t, PoolRouting, p.Routing)
		require.Equal(t, hits, p.HitTokens)
		require.Equal(t, int64(2<<i), *p.FleetCapacity.Chunks)
		require.Equal(t, units.InChunks(2<<i).Label(), p.CapacityLabel)
		require.False(t, p.Exact)
	}
	r = &FleetReport{Report: &Report{Table: &Table{}}}
	r.addPoolPoints(o)
	require.Empty(t, r.Points)
}

func TestWriteFleetCSV(t *testing.T) {
	shared := int64(5)
	r := &FleetReport{Points: []FleetPoint{
		{Routing: PoolRouting, Nodes: 1, NodeCapacity: sizeInBoth(1024, 2), FleetCapacity: sizeInBoth(1024, 2), CapacityLabel: "1 KiB", HitTokens: 1, TotalTokens: 4, Exact: true},
		{Routing: "prefix:2", Nodes: 3, NodeCapacity: sizeInBoth(1024, 2), FleetCapacity: sizeInBoth(3072, 6), CapacityLabel: "1 KiB", HitTokens: 3, TotalTokens: 4, SharedTokens: &shared},
		{Routing: "dynamo", Nodes: 3, CapacityLabel: "unlimited"},
	}}
	var out strings.Builder
	require.NoError(t, WriteFleetCSV(&out, r))
	require.Equal(t, `routing,nodes,capacity_label,capacity_bytes,capacity_chunks,fleet_capacity_bytes,fleet_capacity_chunks,hit_tokens,total_tokens,token_hit_rate,shared_tokens
pool,1,1 KiB,1024,2,1024,2,1,4,0.25,
prefix:2,3,1 KiB,1024,2,3072,6,3,4,0.75,5
dynamo,3,unlimited,,,,,0,0,0,
`, out.String())
	require.ErrorIs(t, WriteFleetCSV(&short{room: 10}, r), errShort)
}
