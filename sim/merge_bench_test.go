package sim_test

import (
	"slices"
	"testing"

	"hashlog/sim"
)

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

// firsts are what a merge needs of a stretch of a trace: the first touches of its chunks, by request, and its stack at the
// end.
type firsts struct {
	requests [][]sim.Key
	n        int // keys of the requests
	stack    *sim.Stack
}

// firstsOf replays a stretch.
func firstsOf(b *testing.B, trace [][]sim.Key) firsts {
	index, f := sim.NewIndex(), firsts{stack: sim.NewStack(sim.HeadFirst)}
	for _, keys := range trace {
		known := index.Len()
		rows, err := index.Number(keys, nil)
		if err != nil {
			b.Fatal(err)
		}
		_, touches := f.stack.LookUp(rows, 1)
		f.stack.Touch(touches)
		var fresh []sim.Key
		for id := known; id < index.Len(); id++ {
			fresh = append(fresh, index.Key(uint32(id)))
		}
		if len(fresh) > 0 {
			f.requests = append(f.requests, fresh)
			f.n += len(fresh)
		}
	}
	return f
}

// merge joins a stretch with what has come before.
func (f *firsts) merge(b *testing.B, index *sim.Index, stack *sim.Stack) {
	index.Expected = index.Len() + f.n
	ids := make([]uint32, 0, f.n)
	batch := make([]sim.Request, 64)
	for first := 0; first < len(f.requests); first += len(batch) {
		requests := batch[:min(len(batch), len(f.requests)-first)]
		for i := range requests {
			requests[i].Keys = f.requests[first+i]
		}
		if _, err := index.NumberAll(requests); err != nil {
			b.Fatal(err)
		}
		for _, request := range requests {
			_, touches := stack.LookUp(request.Rows, 1)
			stack.Touch(touches)
			for _, row := range request.Rows {
				for id := range uint32(row.N) {
					ids = append(ids, row.First+id)
				}
			}
		}
	}
	stack.Reorder(func(yield func(sim.Chunk) bool) {
		for c := range f.stack.All() {
			c.ID = ids[c.ID]
			if !yield(c) {
				return
			}
		}
	})
}

// BenchmarkMerge joins eight stretches of a trace of 20 million lookups.
func BenchmarkMerge(b *testing.B) {
	trace, _ := benchTrace(b)
	var parts []firsts
	n := 0
	for stretch := range slices.Chunk(trace, len(trace)/8) {
		parts = append(parts, firstsOf(b, stretch))
		n += parts[len(parts)-1].n
	}
	for b.Loop() {
		index, stack := sim.NewIndex(), sim.NewStack(sim.HeadFirst)
		for _, part := range parts {
			part.merge(b, index, stack)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/first-touch")
	b.ReportMetric(float64(n), "first-touches")
}
