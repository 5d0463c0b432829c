package holders_test

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/holders"
	"hashlog/sim/simtest"
	"hashlog/sim/workload"
)

// TestEqualsStacks deals longer traffic by what the nodes hold, and compares each answer with a stack a node, whose ids are its own.
func TestEqualsStacks(t *testing.T) {
	t.Parallel()
	const nodes = 7
	for _, o := range []holders.Options{
		{Nodes: nodes, Capacity: 3000},
		{Nodes: nodes, Capacity: 900, Order: sim.TailFirst},
		{Nodes: nodes, Capacity: 5000, InBytes: true},
		{Nodes: nodes, Capacity: 8000, InBytes: true, Order: sim.TailFirst},
	} {
		g, err := workload.New(workload.Options{Requests: 3000, Reuse: 0.8, TurnTokens: 5250, HashBytes: 8})
		require.NoError(t, err)
		index, h := sim.NewIndex(), holders.New(o)
		var engines []*simtest.Engine
		for range nodes {
			engines = append(engines, simtest.NewEngine(o.Order))
		}
		hits := 0
		var r workload.Request
		for i := 0; g.Next(&r); i++ {
			keys := make([]sim.Key, len(r.Hashes))
			for j, hash := range r.Hashes {
				keys[j] = binary.LittleEndian.Uint64(hash)
			}
			rows, err := index.Number(keys, nil)
			require.NoError(t, err)
			matches := h.Matches(rows)
			node := byPrefix(matches, rows, i)
			want := matches[node]
			hits += want
			steps, err := engines[node].Request(keys, 1+int64(i%3)) // so records disagree about sizes
			require.NoError(t, err)
			require.Equal(t, prefixAt(steps.Runs, o), want)
			h.TouchSizes(node, rows, steps.Distances)
		}
		require.NoError(t, h.Check())
		require.Positive(t, hits)
		for node, engine := range engines {
			residents := engine.Stack.ResidentInChunks(o.Capacity)
			if o.InBytes {
				residents = engine.Stack.ResidentInBytes(o.Capacity)
			}
			require.Equal(t, residents, h.Resident(node))
		}
	}
}

// prefixAt returns how many leading chunks of a request a node holds, by the needs of its stack.
func prefixAt(runs []sim.Run, o holders.Options) (n int) {
	for _, need := range simtest.Needs(runs) {
		if depth := map[bool]int64{false: need.Chunks, true: need.Bytes}[o.InBytes]; depth > o.Capacity {
			break
		}
		n++
	}
	return n
}
