package sim_test

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// numbered returns a stack and an index of chunks that were touched once each, with so many keys in a row.
func numbered(b testing.TB, chunks int, size func(first int) int64) (*sim.Index, *sim.Stack) {
	index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
	addChunks(b, index, stack, 0, chunks, size)
	return index, stack
}

// addChunks touches new chunks, a hundred a request.
func addChunks(b testing.TB, index *sim.Index, stack *sim.Stack, from, to int, size func(first int) int64) {
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

// BenchmarkKeep keeps 800,000 of 1.2 million chunks.
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

// BenchmarkKept replays twelve million new chunks in a row and keeps 800,000 of them. Memory is the most that the stack and
// the index have held at any time, Keep included, for each chunk that is kept.
func BenchmarkKept(b *testing.B) {
	const kept = 800_000
	for name, size := range map[string]func(int) int64{"one-size": oneSize, "unlike-sizes": unlikeSizes} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				base, peak := heap(), uint64(0)
				index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
				for next := 0; next < 15*kept; next += kept / 20 {
					addChunks(b, index, stack, next, next+kept/20, size)
					if stack.UniqueChunks() >= kept+kept/2 {
						ids := stack.Keep(kept)
						peak = max(peak, heap())
						index.Keep(ids)
						peak = max(peak, heap())
					}
				}
				b.ReportMetric(float64(peak-base)/kept, "B/kept")
				runtime.KeepAlive(index)
			}
		})
	}
}

// heap returns how many bytes the heap holds, garbage left out.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// TestKeptMemory holds that memory follows what is kept, not what was seen, at the moment when it is largest.
func TestKeptMemory(t *testing.T) {
	const kept, most = 100_000, 60 // bytes for each chunk
	base := heap()
	index, stack := sim.NewIndex(), sim.NewStack(sim.TailFirst)
	for next := 0; next < 10*kept; next += kept / 10 {
		addChunks(t, index, stack, next, next+kept/10, oneSize)
		if stack.UniqueChunks() >= kept+kept/2 {
			ids := stack.Keep(kept)
			require.Less(t, heap()-base, uint64(most*kept))
			index.Keep(ids)
			require.Less(t, heap()-base, uint64(most*kept))
		}
	}
	runtime.KeepAlive(index)
}
