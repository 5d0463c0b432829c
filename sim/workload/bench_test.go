package workload_test

import (
	"testing"

	"hashlog/sim/workload"
)

// MB/s is that of the log that the requests would make: 200 bytes a request, and 2 characters a byte of hash plus 6.
func BenchmarkNext(b *testing.B) {
	for _, c := range []struct {
		name  string
		bytes int
	}{{"32-byte-hashes", 32}, {"8-byte-hashes", 8}} {
		b.Run(c.name, func(b *testing.B) {
			g := generate(b, workload.Options{Requests: 1 << 40, Rate: 1e4, HashBytes: c.bytes})
			var r workload.Request
			for b.Loop() {
				g.Next(&r)
			}
			stats := g.Stats()
			text := 200*stats.Requests + stats.Lookups*int64(2*c.bytes+6)
			b.ReportMetric(float64(stats.Lookups)/b.Elapsed().Seconds()/1e6, "Mhashes/s")
			b.ReportMetric(float64(stats.Requests)/b.Elapsed().Seconds(), "requests/s")
			b.ReportMetric(float64(text)/b.Elapsed().Seconds()/1e6, "MB/s")
			b.ReportAllocs()
		})
	}
}
