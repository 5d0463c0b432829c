package routing

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// The routers of this file are written from what their About says, with slices and maps, and are as slow as they look.

// plainRequest is a request that a plain router has seen.
type plainRequest struct {
	Request
	node  int
	match int // chunks that its node held
}

// plainRing returns the nodes in the order in which a hash meets them on the ring, a node once for each of its points.
func plainRing(nodes int, hash uint64) (order []int) {
	var points [][2]uint64
	for node := range nodes {
		for i := range pointsPerNode {
			points = append(points, [2]uint64{spread(uint64(node)<<32|uint64(i)) >> nodeBits, uint64(node)})
		}
	}
	slices.SortFunc(points, func(a, b [2]uint64) int { return slices.Compare(a[:], b[:]) })
	var before []int
	for _, p := range points {
		if p[0] >= hash>>nodeBits {
			order = append(order, int(p[1]))
		} else {
			before = append(before, int(p[1]))
		}
	}
	return append(order, before...)
}

func plainHash(keys []sim.Key, k int) uint64 {
	hash := uint64(0)
	for i := 0; i < k && i < len(keys); i++ {
		hash = spread(hash ^ keys[i])
	}
	return hash
}

// plainRoutes deals requests by an oblivious routing.
func plainRoutes(name string, k int, bound float64, nodes int, s Settings, requests []Request) (routes []int) {
	numbers := rand.NewPCG(s.Seed, 0)
	turn := 0
	inTurn := func() int { turn++; return (turn - 1) % nodes }
	for i, q := range requests {
		var node int
		switch {
		case name == "round-robin":
			node = inTurn()
		case name == "random":
			node = int(float64(numbers.Uint64()) / math.Pow(2, 64) * float64(nodes))
		case name == "session" && q.Session != "":
			node = plainRing(nodes, hashSession(q.Session))[0]
		case name == "session", len(q.Keys) == 0:
			node = inTurn()
		case bound == 0:
			node = plainRing(nodes, plainHash(q.Keys, k))[0]
		default:
			load, all := make([]int, nodes), 1
			for j, earlier := range requests[:i] {
				if q.Time < earlier.Time+s.Load.Window.Seconds() {
					load[routes[j]]++
					all++
				}
			}
			for _, node = range plainRing(nodes, plainHash(q.Keys, k)) {
				if float64(load[node]+1) <= math.Ceil(bound*float64(all)/float64(nodes)) {
					break
				}
			}
		}
		routes = append(routes, node)
	}
	return routes
}

// randomRequests returns requests of some conversations, in bursts.
func randomRequests(r *rand.Rand, n int) (requests []Request) {
	sessions := []string{"", "a", "b", "c", "session 7", "é"}
	now := 1e9
	for range n {
		if r.IntN(3) == 0 {
			now += r.ExpFloat64() * 4
		}
		keys := make([]sim.Key, r.IntN(12))
		for i, start := 0, r.Uint64N(5); i < len(keys); i++ {
			keys[i] = spread(start<<8 | uint64(i))
			if r.IntN(10) == 0 {
				start = r.Uint64N(100)
			}
		}
		const size = 16
		requests = append(requests, Request{
			Time: now, Keys: keys, ChunkSize: size, Tokens: int64(len(keys)*size + r.IntN(size)), Session: sessions[r.IntN(len(sessions))],
		})
	}
	return requests
}

func TestObliviousRoutersEqualPlainOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 15 {
		requests, nodes := randomRequests(r, 60), 1+r.IntN(8)
		s := Settings{Seed: r.Uint64(), Load: LoadModel{Window: time.Duration(r.IntN(20)) * time.Second}}
		for _, text := range []string{"round-robin", "random", "session", "prefix:1", "prefix:3", "prefix:2:bounded=1", "prefix:2:bounded=1.25", "prefix:100:bounded=3"} {
			routing := parsed(t, text)
			var routes []int
			for router, i := routing.New(nodes, s), 0; i < len(requests); i++ {
				routes = append(routes, router.Route(&requests[i], nil))
			}
			bound := 0.0
			if routing.name == "prefix" {
				bound = routing.values[0]
			}
			require.Equal(t, plainRoutes(routing.name, routing.k, bound, nodes, s, requests), routes, text)
		}
	}
}
