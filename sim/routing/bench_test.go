package routing

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// benchFleet counts loads, and matches a few nodes.
type benchFleet struct {
	matches []int
	loads   *Loads
}

func (f *benchFleet) Matches() []int { return f.matches }
func (f *benchFleet) Loads() []Load  { return f.loads.Nodes() }

// BenchmarkRoute deals requests of 100 chunks, 100 a second, and counts the loads of cache-aware routings.
func BenchmarkRoute(b *testing.B) {
	for _, text := range []string{"round-robin", "random", "session", "prefix:2", "prefix:2:bounded=1.25", "longest-prefix", "dynamo", "sglang", "aibrix", "llm-d", "production-stack"} {
		for _, nodes := range []int{16, 1000} {
			b.Run(fmt.Sprintf("%s/nodes=%d", text, nodes), func(b *testing.B) {
				model := LoadModel{Window: 10 * time.Second}
				routing := parsed(b, text)
				router := routing.New(nodes, Settings{Load: model, NodeChunks: 10_000})
				fleet := &benchFleet{make([]int, nodes), NewLoads(nodes, model)}
				r := rand.New(rand.NewPCG(1, 1))
				q := Request{Keys: make([]uint64, 100), ChunkSize: 256, Tokens: 25_600}
				sessions := []string{"one", "another", "a third"}
				for b.Loop() {
					q.Time += 0.01
					q.Keys[0], q.Session = r.Uint64N(1000), sessions[r.IntN(len(sessions))]
					match := r.IntN(100)
					holder := int(q.Keys[0]) % nodes
					fleet.matches[holder] = match
					if routing.CacheAware() {
						fleet.loads.Advance(q.Time)
					}
					node := router.Route(&q, fleet)
					if routing.CacheAware() {
						fleet.loads.Add(node, &q, fleet.matches[node])
					}
					fleet.matches[holder] = 0
				}
			})
		}
	}
}

// BenchmarkLoads puts requests on nodes and takes them off again.
func BenchmarkLoads(b *testing.B) {
	for name, model := range map[string]LoadModel{
		"window": {Window: 10 * time.Second},
		"decode": {DecodeTime: 10 * time.Second},
		"queue":  {PrefillRate: 20_000, DecodeTime: 10 * time.Second},
	} {
		for _, nodes := range []int{16, 1000} {
			b.Run(fmt.Sprintf("%s/nodes=%d", name, nodes), func(b *testing.B) {
				loads, r := NewLoads(nodes, model), rand.New(rand.NewPCG(1, 1))
				q := Request{Keys: make([]uint64, 100), ChunkSize: 256, Tokens: 25_600}
				for b.Loop() {
					q.Time += 0.1
					loads.Advance(q.Time)
					loads.Add(r.IntN(nodes), &q, r.IntN(100))
				}
			})
		}
	}
}

func BenchmarkNewRing(b *testing.B) {
	for b.Loop() {
		newRing(1000)
	}
}
