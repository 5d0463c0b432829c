package policy

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

func TestTrace(t *testing.T) {
	var trace Trace
	_, ok := trace.UniformSize()
	require.False(t, ok)
	trace.Add(Request{Rows: []sim.Row{{First: 0, N: 3}}, Size: 10, Unit: 16, Limit: 50, Counted: true})
	trace.Add(Request{Rows: []sim.Row{{First: 0, N: 1}, {First: 3, N: 1}}, Size: 10, Unit: 16, Limit: 20})
	size, ok := trace.UniformSize()
	require.True(t, ok)
	require.EqualValues(t, 10, size)
	require.Equal(t, []row{{0, 3}}, trace.rowsOf(0))
	require.Equal(t, []row{{0, 1}, {3, 1}}, trace.rowsOf(1))

	trace.Add(Request{Rows: []sim.Row{{First: 3, N: 3}}, Size: 4, Unit: 16, Limit: 48})
	_, ok = trace.UniformSize()
	require.False(t, ok)
	require.Equal(t, []int64{10, 10, 10, 10, 4, 4}, trace.sizes.each, "a chunk keeps the size of its first sight")
	require.True(t, trace.SizesKnown())
	trace.Add(Request{Rows: []sim.Row{{First: 6, N: 1}}})
	require.False(t, trace.SizesKnown())
	require.Equal(t, 7, trace.UniqueChunks())
	require.EqualValues(t, 9, trace.Lookups())
	require.Equal(t, 4, trace.Requests())

	huge := Trace{}
	huge.Add(Request{Rows: []sim.Row{{First: 0, N: 2}, {First: 0, N: 1}}, Size: 1 << 61})
	require.True(t, huge.SizesKnown())
	huge.Add(Request{Rows: []sim.Row{{First: 2, N: 2}}, Size: 1 << 61})
	require.False(t, huge.SizesKnown(), "the sum of all is beyond int64")
	require.Equal(t, []int64{1 << 61, 1 << 61, 0, 0}, huge.sizes.each)

	q := &trace.requests[0]
	require.Equal(t, []int64{0, 16, 32, 48, 50}, []int64{q.worth(0), q.worth(1), q.worth(2), q.worth(3), q.worth(4)})
}
