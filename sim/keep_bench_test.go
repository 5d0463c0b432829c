package sim_test

import (
	"runtime"
	"slices"
	"testing"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// numbered returns a stack and an index of chunks that were touched once each, with so many keys in a row.
func numbered(b *testing.B, chunks int, size func(first int) int64) (*sim.Index, *sim.Stack) {
	index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
	addChunks(b, index, stack, 0, chunks, size)
	return index, stack
}

// addChunks touches new chunks, a hundred a request.
func addChunks(b *testing.B, index *sim.Index, stack *sim.Stack, from, to int, size func(first int) int64) {
	keys := make([]sim.Key, 100)
	var rows []sim.Row
	for first := from; first < to; first += len(keys) {
		for i := range keys {
			keys[i] = sim.Key(first+i) * 0xd6e8feb86659fd93 // as evenly spread as hashes
		}
		var err error
		if rows, err = index.Number(keys, rows[:0]); err != nil {
			b.Fatal(err)
		}
		simtest.Replay(stack, rows, size(first))
	}
}

func oneSize(int) int64 { return 1 << 20 }

func unlikeSizes(first int) int64 { return 1<<20 + int64(first/100&1)<<18 }

// BenchmarkKeep keeps 800,000 of 1.2 million chunks. Memory is what both hold at the peak, above what was held before, for each chunk that is
// kept.
func BenchmarkKeep(b *testing.B) {
	const kept, held = 800_000, 1_200_000
	for name, size := range map[string]func(int) int64{"one-size": oneSize, "unlike-sizes": unlikeSizes} {
		b.Run(name, func(b *testing.B) {
			index, stack := numbered(b, held, size)
			next := held
			for b.Loop() {
				index.Keep(stack.Keep(kept))
				b.StopTimer()
				addChunks(b, index, stack, next, next+held-kept, size)
				next += held - kept
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/kept, "ns/kept")
		})
	}
}

// BenchmarkReorder reverses the upper million of two million chunks, in stretches of fifty.
func BenchmarkReorder(b *testing.B) {
	const chunks, stretch = 1_000_000, 50
	for name, size := range map[string]func(int) int64{"one-size": oneSize, "unlike-sizes": unlikeSizes} {
		b.Run(name, func(b *testing.B) {
			_, stack := numbered(b, 2*chunks, size)
			var order []sim.Chunk
			for first := chunks; first < 2*chunks; first += stretch {
				for i := range stretch {
					order = append(order, sim.Chunk{ID: uint32(first + stretch - 1 - i), Once: true})
				}
			}
			b.ReportAllocs()
			for b.Loop() {
				stack.Reorder(slices.Values(order))
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/chunks, "ns/chunk")
		})
	}
}

// BenchmarkKept replays 60 million new chunks in a row and keeps 800,000 of them. Memory is the most that the heap had from Go, for each
// chunk that is kept.
func BenchmarkKept(b *testing.B) {
	const kept = 800_000
	for b.Loop() {
		index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
		var most, m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&most)
		base := most.HeapAlloc
		peak := uint64(0)
		for next := 0; next < 15*kept; next += kept / 20 {
			addChunks(b, index, stack, next, next+kept/20, oneSize)
			if stack.UniqueChunks() >= kept+kept/2 {
				index.Keep(stack.Keep(kept))
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapInuse)
			}
		}
		b.ReportMetric(float64(peak-base)/kept, "B/kept")
		runtime.KeepAlive(index)
	}
}
