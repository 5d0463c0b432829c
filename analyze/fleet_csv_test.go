package analyze

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func sizeInBoth(bytes, chunks int64) Size { return Size{&bytes, &chunks} }

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
