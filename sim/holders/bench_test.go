package holders_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"hashlog/sim"
	"hashlog/sim/holders"
	"hashlog/sim/workload"
)

// benchTrace is the rows of 50 thousand requests: 5 million lookups of 1 million chunks.
func benchTrace(b *testing.B) (trace [][]sim.Row, lookups, chunks int) {
	g, err := workload.New(workload.Options{Requests: 50_000, Reuse: 0.8, TurnTokens: 5250, HashBytes: 8})
	if err != nil {
		b.Fatal(err)
	}
	index := sim.NewIndex()
	var r workload.Request
	var keys []sim.Key
	for g.Next(&r) {
		keys = keys[:0]
		for _, hash := range r.Hashes {
			keys = append(keys, binary.LittleEndian.Uint64(hash))
		}
		rows, err := index.Number(keys, nil)
		if err != nil {
			b.Fatal(err)
		}
		trace = append(trace, rows)
		lookups += len(keys)
	}
	return trace, lookups, index.Len()
}

// byPrefix returns the node with the longest match, or one in turn if nobody holds half of the request.
func byPrefix(matches []int, rows []sim.Row, turn int) int {
	chunks := 0
	for _, r := range rows {
		chunks += r.N
	}
	best, node := chunks/2, turn%len(matches)
	for i, n := range matches {
		if n > best {
			best, node = n, i
		}
	}
	return node
}

// BenchmarkHolders asks all nodes at each request, and deals by what they hold or in turn. In the second case popular chunks are
// on all nodes. All nodes together have room for half of the chunks.
func BenchmarkHolders(b *testing.B) {
	trace, lookups, chunks := benchTrace(b)
	deals := map[string]func(matches []int, rows []sim.Row, turn int) int{
		"by-prefix":   byPrefix,
		"round-robin": func(matches []int, _ []sim.Row, turn int) int { return turn % len(matches) },
	}
	for _, nodes := range []int{1, 16, 1000} {
		for _, name := range []string{"by-prefix", "round-robin"} {
			for _, inBytes := range []bool{false, true} {
				o := holders.Options{Nodes: nodes, Capacity: int64(max(1, chunks/2/nodes)), InBytes: inBytes}
				if inBytes {
					o.Capacity <<= 20
				}
				b.Run(fmt.Sprintf("%s/%d-nodes/in-bytes=%v", name, nodes, inBytes), func(b *testing.B) {
					benchmark(b, o, trace, lookups, deals[name])
				})
			}
		}
	}
}

func benchmark(b *testing.B, o holders.Options, trace [][]sim.Row, lookups int, deal func([]int, []sim.Row, int) int) {
	b.ReportAllocs()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var h *holders.Holders
	for b.Loop() {
		h = holders.New(o)
		for i, rows := range trace {
			h.Touch(deal(h.Matches(rows), rows, i), rows, 1<<20)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*lookups), "ns/chunk")
	runtime.GC()
	runtime.ReadMemStats(&after)
	var residents int64
	for node := range o.Nodes {
		residents += h.Resident(node)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(residents), "B/resident")
	runtime.KeepAlive(h)
}

// BenchmarkMatches asks 16 and 1,000 nodes that hold all of a request of 256 chunks, some of it, or nothing, beside a walk that
// reads one word for each chunk.
func BenchmarkMatches(b *testing.B) {
	const chunks = 256
	rows := []sim.Row{{First: 0, N: 8}, {First: 1000, N: chunks - 8}}
	words := make([]uint32, 2000)
	b.Run("walk", func(b *testing.B) {
		sum := uint32(0)
		for b.Loop() {
			for id := range sim.HeadFirst.IDs(rows) {
				sum += words[id]
			}
		}
		runtime.KeepAlive(sum)
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*chunks), "ns/chunk")
	})
	for _, nodes := range []int{16, 1000} {
		for _, holding := range []int{0, 1, 16, 1000} {
			if holding > nodes {
				continue
			}
			h := holders.New(holders.Options{Nodes: nodes})
			for i := range nodes {
				if i < holding {
					h.Touch(i, rows, 1)
				} else {
					h.Touch(i, rows[:1], 1)
				}
			}
			b.Run(fmt.Sprintf("%d-of-%d-nodes-hold-all", holding, nodes), func(b *testing.B) {
				for b.Loop() {
					h.Matches(rows)
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*chunks), "ns/chunk")
			})
		}
	}
}
