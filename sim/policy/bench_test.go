package policy

import (
	"context"
	"fmt"
	"testing"

	"hashlog/sim"
)

// BenchmarkReplay has a cache that evicts nearly all that is new and one that holds a quarter of all chunks.
func BenchmarkReplay(b *testing.B) {
	trace := workloadTrace(b, 20_000, false) // 2 million lookups of 400 thousand chunks
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
