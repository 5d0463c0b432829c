package routing

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// plainLoads sums the loads of all requests so far, as the model says.
func plainLoads(nodes int, m LoadModel, requests []plainRequest, now float64) []Load {
	loads, free := make([]Load, nodes), make([]float64, nodes)
	for _, q := range requests {
		misses, missTokens := int64(len(q.Keys)-q.match), q.Tokens-min(int64(q.match)*q.ChunkSize, q.Tokens)
		computed := q.Time
		if m.PrefillRate > 0 {
			free[q.node] = max(free[q.node], q.Time) + float64(missTokens)/m.PrefillRate
			computed = free[q.node]
		}
		end := computed + m.DecodeTime.Seconds()
		if m.PrefillRate == 0 && m.DecodeTime == 0 {
			end = q.Time + m.Window.Seconds()
			computed = end
		}
		if n := &loads[q.node]; now < end {
			n.Requests++
			n.Chunks += int64(len(q.Keys))
			n.Tokens += q.Tokens
			if now < computed {
				n.Waiting++
				n.Misses += misses
				n.MissTokens += missTokens
			}
		}
	}
	return loads
}

func TestLoadsEqualPlainOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, model := range []LoadModel{
		{},
		{Window: 10 * time.Second},
		{DecodeTime: 3 * time.Second, Window: 10 * time.Second},
		{PrefillRate: 50},
		{PrefillRate: 20, DecodeTime: 1500 * time.Millisecond},
		{PrefillRate: 1000, DecodeTime: time.Minute},
	} {
		for range 20 {
			nodes := 1 + r.IntN(5)
			loads := NewLoads(nodes, model)
			var seen []plainRequest
			for _, q := range randomRequests(r, 80) {
				loads.Advance(q.Time)
				want := plainLoads(nodes, model, seen, q.Time)
				require.Equal(t, want, loads.Nodes())
				var all int64
				for _, n := range want {
					all += n.Requests
				}
				require.Equal(t, all, loads.Requests())
				node, match := r.IntN(nodes), r.IntN(len(q.Keys)+1)
				loads.Add(node, &q, match)
				seen = append(seen, plainRequest{q, node, match})
			}
			loads.Advance(math.Inf(1))
			require.Equal(t, make([]Load, nodes), loads.Nodes())
			require.Empty(t, loads.ends)
		}
	}
}

// A node computes one prompt after another, so what arrives in a burst waits.
func TestLoadsQueuePrefill(t *testing.T) {
	loads := NewLoads(2, LoadModel{PrefillRate: 100, DecodeTime: 5 * time.Second})
	q := Request{Time: 100, Keys: make([]uint64, 10), ChunkSize: 100, Tokens: 1000}
	loads.Add(0, &q, 5) // prefill until 105, end at 110
	loads.Add(0, &q, 0) // prefill until 115, end at 120
	loads.Add(1, &q, 10)
	loads.Advance(100)
	require.Equal(t, []Load{{2, 2, 20, 2000, 15, 1500}, {1, 0, 10, 1000, 0, 0}}, loads.Nodes())
	loads.Advance(105)
	require.Equal(t, []Load{{2, 1, 20, 2000, 10, 1000}, {}}, loads.Nodes())
	loads.Advance(math.Nextafter(110, 0))
	require.Equal(t, int64(2), loads.Requests())
	loads.Advance(110)
	require.Equal(t, []Load{{1, 1, 10, 1000, 10, 1000}, {}}, loads.Nodes())
	loads.Advance(119)
	require.Equal(t, []Load{{1, 0, 10, 1000, 0, 0}, {}}, loads.Nodes())
	loads.Advance(120)
	require.Equal(t, make([]Load, 2), loads.Nodes())
}

func TestLoadModelValid(t *testing.T) {
	for _, m := range []LoadModel{{}, {PrefillRate: 1, DecodeTime: 1, Window: 1}} {
		require.True(t, m.Valid())
	}
	for _, m := range []LoadModel{{PrefillRate: -1}, {PrefillRate: math.NaN()}, {PrefillRate: math.Inf(1)}, {DecodeTime: -1}, {Window: -1}} {
		require.False(t, m.Valid())
	}
}
