package policy

import (
	"context"
	"encoding/binary"
	"fmt"
	"testing"

	"hashlog/sim"
	"hashlog/sim/workload"
)

// benchTrace is traffic of 2 million lookups of half a million chunks.
func benchTrace(b *testing.B) *Trace {
	g, err := workload.New(workload.Options{Requests: 20_000, Reuse: 0.8, TurnTokens: 5250, HashBytes: 8})
	if err != nil {
		b.Fatal(err)
	}
	var (
		trace Trace
		r     workload.Request
		keys  []sim.Key
		rows  []sim.Row
	)
	index := sim.NewIndex()
	for g.Next(&r) {
		keys = keys[:0]
		for _, hash := range r.Hashes {
			keys = append(keys, binary.LittleEndian.Uint64(hash))
		}
		if rows, err = index.Number(keys, rows[:0]); err != nil {
			b.Fatal(err)
		}
		trace.Add(Request{Rows: rows, Size: 1 << 20, Unit: 256, Limit: r.SeqLen, Counted: true})
	}
	return &trace
}

// BenchmarkReplay has a cache that evicts nearly all that is new and one that holds a quarter of all chunks.
func BenchmarkReplay(b *testing.B) {
	trace := benchTrace(b)
	for _, spec := range append([]Spec{LRU(), Batched(sim.Watermark{Trigger: 0.8, Ratio: 0.2})}, simple(b)...) {
		for _, part := range []int{100, 4} {
			capacity := Capacity{N: int64(trace.UniqueChunks() / part)}
			for order, name := range []string{"head", "tail"} {
				b.Run(fmt.Sprintf("%s/one-in-%d/%s", spec, part, name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						if _, err := trace.Replay(context.Background(), spec, capacity, sim.Order(order)); err != nil {
							b.Fatal(err)
						}
					}
					b.ReportMetric(float64(trace.Lookups()*int64(b.N))/b.Elapsed().Seconds()/1e6, "Mlookups/s")
				})
			}
		}
	}
}
