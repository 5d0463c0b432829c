package sim

import (
	"math/rand/v2"
	"testing"
)

// benchTrace is a working set far beyond the caches: conversations of 20 to 200 chunks, most of them coming back.
func benchTrace(lookups int) (trace []request) {
	r := rand.New(rand.NewPCG(1, 2))
	next := r.Uint64
	var conversations [][]Key
	for lookups > 0 {
		if len(conversations) == 0 || r.IntN(3) == 0 {
			conversations = append(conversations, nil)
		}
		c := &conversations[r.IntN(len(conversations))]
		for range 20 + r.IntN(20) {
			*c = append(*c, Key(next()))
		}
		trace = append(trace, request{keys: (*c)[:len(*c):len(*c)], size: 1 << 20})
		lookups -= len(*c)
	}
	return trace
}

func benchmarkStack(b *testing.B, order Order, size func(i int) int64) {
	trace := benchTrace(16_000_000)
	lookups := 0
	for b.Loop() {
		stack := NewStack(order)
		for i, req := range trace {
			if _, err := stack.Request(req.keys, size(i)); err != nil {
				b.Fatal(err)
			}
			lookups += len(req.keys)
		}
	}
	b.ReportMetric(float64(lookups)/b.Elapsed().Seconds()/1e6, "Mlookups/s")
	b.ReportAllocs()
}

func BenchmarkStack(b *testing.B) {
	one := func(int) int64 { return 1 << 20 }
	two := func(i int) int64 { return 1<<20 + int64(i&1)<<18 }
	b.Run("head", func(b *testing.B) { benchmarkStack(b, HeadFirst, one) })
	b.Run("tail", func(b *testing.B) { benchmarkStack(b, TailFirst, one) })
	b.Run("unlike-sizes", func(b *testing.B) { benchmarkStack(b, HeadFirst, two) })
}
