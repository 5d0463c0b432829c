package chart

import (
	"bytes"
	"testing"
)

func BenchmarkPictures(b *testing.B) {
	draw := func(name string, p func() picture) {
		for _, f := range []Format{PNG, SVG, PDF} {
			b.Run(name+"/"+string(f), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					var buf bytes.Buffer
					_ = p().write(&buf, f)
				}
			})
		}
	}
	draw("capacity", capacityCases()[0].picture)
	draw("rolling", rollingCases()[0].picture)
	draw("tiers", tiersCases()[0].picture)
	draw("caches", cachesCases()[0].picture)
	draw("heat", heatCases()[0].picture)
	draw("requests", requestsCases()[0].picture)
	draw("reuse", reuseCases()[0].picture)
	draw("million", millionWindows().picture)
}
