package simtest_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

func TestEngine(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	never := sim.Depth{Chunks: sim.Never, Bytes: sim.Never}
	steps, err := engine.Request([]sim.Key{7, 8, 9}, 10)
	require.NoError(t, err)
	require.Equal(t, []sim.Depth{never, never, never}, simtest.Needs(steps.Runs))
	require.Equal(t, []sim.Depth{never, never, never}, simtest.Depths(steps.Distances))
	require.False(t, steps.SizeDisagrees)
	require.EqualValues(t, 3, engine.Index.Len())
	require.EqualValues(t, 3, engine.Stack.UniqueChunks())

	steps, err = engine.Request([]sim.Key{8, 9, 6}, 12)
	require.NoError(t, err)
	require.Equal(t, []sim.Depth{{Chunks: 2, Bytes: 20}, {Chunks: 1, Bytes: 10}, never}, simtest.Needs(steps.Runs))
	require.Equal(t, []sim.Depth{{Chunks: 2, Bytes: 20}, {Chunks: 2, Bytes: 20}, never}, simtest.Depths(steps.Distances))
	require.True(t, steps.SizeDisagrees)

	engine.Index.Limit = 4
	_, err = engine.Request([]sim.Key{1}, 10)
	require.ErrorIs(t, err, sim.ErrTooManyChunks)
	require.EqualValues(t, 4, engine.Stack.UniqueChunks())
}
