package policy

import (
	"context"
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/workload"
)

// workloadTrace is the traffic of generated conversations, whose hashes are chained. If sizes are unlike, the chunks of the second
// model are six times as large.
func workloadTrace(tb testing.TB, requests int64, unlike bool) *Trace {
	g, err := workload.New(workload.Options{Requests: requests, Reuse: 0.8, TurnTokens: 5250, HashBytes: 8})
	require.NoError(tb, err)
	index, trace := sim.NewIndex(), &Trace{}
	var r workload.Request
	var keys []sim.Key
	for g.Next(&r) {
		keys = keys[:0]
		for _, hash := range r.Hashes {
			keys = append(keys, binary.LittleEndian.Uint64(hash))
		}
		rows, err := index.Number(keys, nil)
		require.NoError(tb, err)
		size := int64(1 << 20)
		if unlike && r.Model > 0 {
			size *= 6
		}
		trace.Add(Request{Rows: rows, Size: size, Unit: r.ChunkSize, Limit: r.SeqLen, Counted: true})
	}
	return trace
}

// BenchmarkOptimum prepares and finds both bounds at two capacities.
func BenchmarkOptimum(b *testing.B) {
	for _, bb := range []struct {
		name       string
		unlike     bool
		capacities []Capacity
	}{
		{"chunks", false, []Capacity{{N: 1000}, {N: 20_000}}},
		{"unlike-sizes", true, []Capacity{{N: 8 << 30, InBytes: true}, {N: 64 << 30, InBytes: true}}},
	} {
		b.Run(bb.name, func(b *testing.B) {
			trace := workloadTrace(b, 200_000, bb.unlike)
			ctx := context.Background()
			b.ReportAllocs()
			for b.Loop() {
				o, err := NewOptimum(ctx, trace)
				require.NoError(b, err)
				for _, c := range bb.capacities {
					_, err := o.Bound(ctx, c)
					require.NoError(b, err)
					_, err = o.Feasible(ctx, c)
					require.NoError(b, err)
				}
			}
			// Each capacity counts, as for a policy that replays the trace at each.
			lookups := float64(trace.Lookups()) * float64(len(bb.capacities)) * float64(b.N)
			b.ReportMetric(lookups/b.Elapsed().Seconds()/1e6, "Mlookups/s")
		})
	}
}
