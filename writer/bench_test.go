package writer

import (
	"context"
	"testing"
)

// benchLookup has 32 hashes of 32 bytes.
func benchLookup() Lookup {
	l := Lookup{Timestamp: 1711929600.123, RequestID: "req-0123456789abcdef", ModelName: "meta-llama/Llama-3.1-70B-Instruct",
		ChunkSize: 256, SeqLen: 8300, DTypes: []string{"torch.bfloat16"}, Shapes: [][]int64{{2, 80, 256, 1024}}}
	for i := range 32 {
		h := make([]byte, 32)
		for j := range h {
			h[j] = byte(i*j + i)
		}
		l.Hashes = append(l.Hashes, h)
	}
	return l
}

func BenchmarkRecordOff(b *testing.B) {
	var w *Writer
	l := benchLookup()
	b.ReportAllocs()
	for b.Loop() {
		if w.Enabled() {
			w.Record(l)
		}
	}
}

func BenchmarkRecord(b *testing.B) {
	w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
	l := benchLookup()
	b.ReportAllocs()
	dropped := 0
	for b.Loop() {
		if w.Record(l) != nil {
			dropped++
		}
	}
	b.ReportMetric(float64(dropped)/float64(b.N), "dropped/op")
	b.StopTimer()
	w.Close(context.Background())
}

// BenchmarkRecordWait is the speed of the goroutine that formats and writes.
func BenchmarkRecordWait(b *testing.B) {
	w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
	l := benchLookup()
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if err := w.RecordWait(ctx, l); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Flush(ctx); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(w.Stats().Bytes / int64(b.N))
	b.StopTimer()
	w.Close(ctx)
}

func BenchmarkRecordParallel(b *testing.B) {
	w := open(b, Options{Dir: b.TempDir(), MaxFiles: 2})
	b.ReportAllocs()
	b.SetParallelism(4)
	b.RunParallel(func(p *testing.PB) {
		l := benchLookup()
		for p.Next() {
			w.Record(l)
		}
	})
	b.StopTimer()
	w.Close(context.Background())
}
