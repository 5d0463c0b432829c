package sim_test

import (
	"hashlog/sim"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestIDs puts rows in touch order.
func TestIDs(t *testing.T) {
	rows := []sim.Row{{First: 5, N: 3}, {First: 0, N: 2}, {First: 6, N: 1}}
	require.Equal(t, []uint32{5, 6, 7, 0, 1, 6}, slices.Collect(sim.HeadFirst.IDs(rows)))
	require.Equal(t, []uint32{6, 1, 0, 7, 6, 5}, slices.Collect(sim.TailFirst.IDs(rows)))
	require.Empty(t, slices.Collect(sim.TailFirst.IDs(nil)))
	for id := range sim.HeadFirst.IDs(rows) {
		require.EqualValues(t, 5, id)
		break
	}
}
