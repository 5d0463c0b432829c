package analyze

import (
	"context"
	"os"
	"testing"

	"hashlog/log"
)

// BenchmarkRun replays a log of bench-data, if present, from file to report.
func BenchmarkRun(b *testing.B) {
	for _, name := range []string{"medium", "unlike", "small", "cold", "hot"} {
		dir := "../bench-data/" + name
		if _, err := os.Stat(dir); err != nil {
			continue
		}
		b.Run(name, func(b *testing.B) {
			files, err := log.Find(context.Background(), []string{dir}, nil)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(files.Bytes())
			b.ReportAllocs()
			var lookups int64
			for b.Loop() {
				report, err := Run(context.Background(), files, Options{})
				if err != nil {
					b.Fatal(err)
				}
				lookups += report.Input.ChunkLookups
			}
			b.ReportMetric(float64(lookups)/b.Elapsed().Seconds()/1e6, "Mlookups/s")
		})
	}
}
