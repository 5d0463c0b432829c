package chart

import (
	"bytes"
	"testing"
)

func BenchmarkPictures(b *testing.B) {
	typical, million := capacityCases()[0], millionWindows()
	for _, f := range []Format{PNG, SVG, PDF} {
		b.Run("capacity/"+string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var buf bytes.Buffer
				_ = typical.picture().write(&buf, f)
			}
		})
		b.Run("million/"+string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var buf bytes.Buffer
				_ = million.picture().write(&buf, f)
			}
		})
	}
}
