package sim_test

import (
	"encoding/binary"
	"testing"

	"hashlog/sim"
	"hashlog/sim/workload"
)

// benchTrace is the traffic of a working set far beyond the caches: 20 million lookups of 4 million chunks.
func benchTrace(b *testing.B) (trace [][]sim.Key, lookups int) {
	g, err := workload.New(workload.Options{Requests: 200_000, Reuse: 0.8, TurnTokens: 5250, HashBytes: 8})
	if err != nil {
		b.Fatal(err)
	}
	var r workload.Request
	for g.Next(&r) {
		keys := make([]sim.Key, len(r.Hashes))
		for i, hash := range r.Hashes {
			keys[i] = binary.LittleEndian.Uint64(hash)
		}
		trace = append(trace, keys)
		lookups += len(keys)
	}
	return trace, lookups
}

// replay numbers and replays, on one processor.
func replay(b *testing.B, trace [][]sim.Key, order sim.Order, size func(request int) int64) {
	index, stack := sim.NewIndex(), sim.NewStack(order)
	batch := make([]sim.Request, 64)
	for first := 0; first < len(trace); first += len(batch) {
		requests := batch[:min(len(batch), len(trace)-first)]
		for i := range requests {
			requests[i].Keys = trace[first+i]
		}
		if _, err := index.NumberAll(requests); err != nil {
			b.Fatal(err)
		}
		for i := range requests {
			_, touches := stack.LookUp(requests[i].Rows, size(first+i))
			stack.Touch(touches)
		}
	}
}

func BenchmarkStack(b *testing.B) {
	trace, lookups := benchTrace(b)
	one := func(int) int64 { return 1 << 20 }
	for _, bb := range []struct {
		name  string
		order sim.Order
		size  func(request int) int64
	}{
		{"head", sim.HeadFirst, one},
		{"tail", sim.TailFirst, one},
		{"unlike-sizes", sim.HeadFirst, func(i int) int64 { return 1<<20 + int64(i&1)<<18 }},
	} {
		b.Run(bb.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				replay(b, trace, bb.order, bb.size)
			}
			b.ReportMetric(float64(lookups*b.N)/b.Elapsed().Seconds()/1e6, "Mlookups/s")
		})
	}
}
