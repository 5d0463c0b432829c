package routing

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// fixedFleet is a fleet in some state.
type fixedFleet struct {
	matches []int
	loads   []Load
}

func (f *fixedFleet) Matches() []int { return f.matches }
func (f *fixedFleet) Loads() []Load  { return f.loads }

// nodes returns the numbers of all nodes.
func (f *fixedFleet) nodes() (nodes []int) {
	for node := range f.loads {
		nodes = append(nodes, node)
	}
	return nodes
}

// keep returns the nodes for which a condition holds.
func keep(nodes []int, holds func(node int) bool) []int {
	return slices.DeleteFunc(slices.Clone(nodes), func(node int) bool { return !holds(node) })
}

// highest returns the nodes with the highest score.
func highest[S cmp.Ordered](nodes []int, score func(node int) S) []int {
	if len(nodes) == 0 {
		return nil
	}
	best := slices.MaxFunc(nodes, func(a, b int) int { return cmp.Compare(score(a), score(b)) })
	return keep(nodes, func(node int) bool { return score(node) == score(best) })
}

// plainChoice returns the nodes of which a cache-aware routing takes one.
func plainChoice(r Routing, s Settings, q Request, f *fixedFleet) []int {
	all := f.nodes()
	match := func(node int) int { return f.matches[node] }
	idle := func(node int) int64 { return -f.loads[node].Requests }
	requests := func(node int) float64 { return float64(f.loads[node].Requests) }
	least := highest(all, idle)
	spread := requests(highest(all, requests)[0]) - requests(least[0])
	option := func(name string) float64 {
		for _, o := range r.About().Options {
			if o.Name == name {
				return o.Default
			}
		}
		panic(name)
	}
	switch r.name {
	case "longest-prefix":
		return highest(highest(all, match), idle)
	case "dynamo":
		return highest(all, func(node int) float64 {
			blocks := float64(f.loads[node].MissTokens+q.Tokens) / float64(q.ChunkSize)
			cost := option("scale") * max(blocks-option("credit")*float64(match(node)), 0)
			return -(cost + float64(f.loads[node].Chunks) + option("requests")*requests(node))
		})
	case "sglang":
		if unbalanced := requests(highest(all, requests)[0]) > option("ratio")*requests(least[0]); spread > option("gap") && unbalanced {
			return least
		}
		holders := highest(all, match)
		tokens := min(int64(match(holders[0]))*q.ChunkSize, q.Tokens)
		if float64(tokens) > option("match")*float64(q.Tokens) {
			return holders
		}
		return least
	case "aibrix":
		candidates := all
		if spread > option("gap") {
			candidates = least
		}
		mean, squares := 0.0, 0.0
		for _, node := range all {
			mean += requests(node)
		}
		mean /= float64(len(all))
		for _, node := range all {
			squares += math.Pow(requests(node)-mean, 2)
		}
		deviation := 0.0
		if len(all) > 1 {
			deviation = math.Sqrt(squares / float64(len(all)-1))
		}
		candidates = keep(candidates, func(node int) bool {
			return match(node) > 0 && requests(node) <= mean+option("sigma")*deviation
		})
		if len(candidates) == 0 {
			return least
		}
		return highest(highest(candidates, func(node int) int { return match(node) * 100 / len(q.Keys) }), idle)
	case "llm-d":
		queue := func(node int) float64 { return float64(f.loads[node].Waiting) }
		shortest := queue(highest(all, func(node int) float64 { return -queue(node) })[0])
		longest := queue(highest(all, queue)[0])
		return highest(all, func(node int) float64 {
			prefix, usage, ahead := 0.0, 0.0, 1.0
			if len(q.Keys) > 0 {
				prefix = float64(match(node)) / float64(len(q.Keys))
			}
			if s.NodeChunks > 0 {
				usage = min(1, float64(f.loads[node].Chunks)/float64(s.NodeChunks))
			}
			if longest != shortest {
				ahead = (longest - queue(node)) / (longest - shortest)
			}
			return option("prefix")*prefix + option("usage")*(1-usage) + option("queue")*ahead
		})
	case "production-stack":
		holders := highest(all, match)
		tokens := min(int64(match(holders[0]))*q.ChunkSize, q.Tokens)
		switch {
		case match(holders[0]) > 0 && float64(tokens) >= max(float64(q.Tokens)-option("tokens"), 0):
			return holders[:1]
		case q.Session != "":
			return plainRing(len(all), hashSession(q.Session))[:1]
		default:
			return least[:1]
		}
	}
	panic(r.name)
}

// randomFleet returns a fleet in which many nodes are equal.
func randomFleet(r *rand.Rand, nodes int, q *Request) *fixedFleet {
	f := &fixedFleet{make([]int, nodes), make([]Load, nodes)}
	kinds, busy := 1+r.IntN(4), []int64{2, 20, 200}[r.IntN(3)]
	for node := range nodes {
		kind := rand.New(rand.NewPCG(uint64(r.IntN(kinds)), uint64(busy)))
		if r.IntN(3) > 0 {
			f.matches[node] = kind.IntN(len(q.Keys) + 1)
		}
		f.loads[node] = Load{
			Requests: kind.Int64N(busy), Waiting: kind.Int64N(busy), Chunks: kind.Int64N(20 * busy), Tokens: kind.Int64N(400 * busy),
			Misses: kind.Int64N(10 * busy), MissTokens: kind.Int64N(200 * busy),
		}
	}
	return f
}

func TestCacheAwareRoutersEqualPlainOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, text := range []string{
		"longest-prefix", "dynamo", "dynamo:credit=0.5:scale=2:requests=3", "dynamo:scale=0", "sglang", "sglang:gap=2:ratio=1:match=0.6", "sglang:match=0",
		"aibrix", "aibrix:gap=100:sigma=0.5", "aibrix:gap=0:sigma=0", "llm-d", "llm-d:prefix=1:usage=0:queue=3", "production-stack", "production-stack:tokens=30", "production-stack:tokens=0",
	} {
		routing := parsed(t, text)
		chosen := map[int]bool{}
		for range 40 {
			nodes := 1 + r.IntN(9)
			s := Settings{Seed: r.Uint64(), NodeChunks: r.Int64N(3) * 100}
			router, numbers := routing.New(nodes, s), rand.NewPCG(s.Seed, 0)
			for _, q := range randomRequests(r, 25) {
				f := randomFleet(r, nodes, &q)
				choice := plainChoice(routing, s, q, f)
				want := choice[0]
				if len(choice) > 1 {
					want = choice[int(float64(numbers.Uint64())/math.Pow(2, 64)*float64(len(choice)))]
				}
				require.Equal(t, want, router.Route(&q, f), "%s: one of %v, matches %v, loads %v", text, choice, f.matches, f.loads)
				chosen[want] = true
			}
		}
		require.Greater(t, len(chosen), 5, text)
	}
}
