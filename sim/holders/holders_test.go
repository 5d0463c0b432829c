package holders_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/holders"
)

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// shapes make the keys of requests.
var shapes = []struct {
	name string
	make func(r *rand.Rand) func() []sim.Key
}{
	{"conversations", func(r *rand.Rand) func() []sim.Key {
		talks := make([][]sim.Key, 1+r.IntN(6))
		next := sim.Key(1000)
		return func() []sim.Key {
			i := r.IntN(len(talks))
			if len(talks[i]) > 200 || r.IntN(9) == 0 {
				talks[i] = stretch(sim.Key(1+100*r.IntN(2)), r.IntN(90)) // one of two system prompts
			}
			for range r.IntN(70) {
				talks[i] = append(talks[i], next)
				next++
			}
			return append([]sim.Key{}, talks[i]...)
		}
	}},
	{"any", func(r *rand.Rand) func() []sim.Key {
		most := sim.Key(1 + r.IntN(200))
		return func() (keys []sim.Key) {
			for range r.IntN(20) {
				keys = append(keys, 1+r.Uint64N(most))
			}
			return keys
		}
	}},
	{"stretches", func(r *rand.Rand) func() []sim.Key {
		return func() (keys []sim.Key) {
			for range 1 + r.IntN(3) {
				keys = append(keys, stretch(1+r.Uint64N(300), r.IntN(150))...)
			}
			return keys
		}
	}},
	{"one after the other", func(r *rand.Rand) func() []sim.Key {
		next, most := sim.Key(0), sim.Key(1+r.IntN(200))
		return func() []sim.Key { next++; return []sim.Key{1 + next%most} }
	}},
}

// stretch returns n keys that follow each other.
func stretch(first sim.Key, n int) (keys []sim.Key) {
	for i := range n {
		keys = append(keys, first+sim.Key(i))
	}
	return keys
}

// randomTrace returns requests of all the chunks' sizes that size may give.
func randomTrace(r *rand.Rand, nodes, requests int, next func() []sim.Key, size func() int64) (trace []request) {
	for range requests {
		trace = append(trace, request{r.IntN(nodes), next(), size(), pick(r, 0, 0, 0.25, 0.5, 1, 3, 15)})
	}
	return trace
}

// TestEqualsPlainCaches compares the nodes of random fleets with plain caches.
func TestEqualsPlainCaches(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}, {Trigger: 0.5, Ratio: 0.7, Interval: 6}, {Trigger: 1, Ratio: 1e-9}, {Trigger: 0.3, Ratio: 1}}
	for _, shape := range shapes {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(150) {
				r := rand.New(rand.NewPCG(seed, 17))
				o := holders.Options{Nodes: pick(r, 1, 2, 3, 9), Capacity: pick[int64](r, 0, 1, 2, 5, 30, 64, 100, 300, 1000), InBytes: r.IntN(2) == 0,
					Order: pick(r, sim.HeadFirst, sim.TailFirst), StoreDelay: pick(r, 0, 0, 0.5, 7.0), TTL: pick(r, 0, 0, 3, 20.0), Watermark: pick(r, watermarks...)}
				size := func() int64 { return 1 }
				if r.IntN(2) == 0 {
					size = func() int64 { return r.Int64N(4) }
				}
				trace := randomTrace(r, o.Nodes, 80, shape.make(r), size)
				if !t.Run(fmt.Sprint(seed), func(t *testing.T) { replay(t, o, trace) }) {
					t.Fatalf("%+v, watermark %+v", o, o.Watermark)
				}
			}
		})
	}
}

// TestByHand follows three nodes of three chunks.
func TestByHand(t *testing.T) {
	h := holders.New(holders.Options{Nodes: 3, Capacity: 3})
	rows := func(rows ...sim.Row) []sim.Row { return rows }
	require.Equal(t, []int{0, 0, 0}, h.Matches(rows(sim.Row{First: 0, N: 3})))
	h.Touch(0, rows(sim.Row{First: 0, N: 3}), 1)
	h.Touch(1, rows(sim.Row{First: 0, N: 2}), 1)
	h.Touch(2, rows(sim.Row{First: 2, N: 1}), 1)
	require.Equal(t, []int{3, 2, 0}, h.Matches(rows(sim.Row{First: 0, N: 3})), "node 2 has the last chunk alone")
	require.Equal(t, []int64{0, 0, 3}, h.Copies())
	h.Touch(0, rows(sim.Row{First: 0, N: 2}, sim.Row{First: 100, N: 1}), 1)
	require.Equal(t, []int{2, 2, 0}, h.Matches(rows(sim.Row{First: 0, N: 3})), "chunk 2 made room for chunk 100")
	require.Equal(t, []int{3, 2, 0}, h.Matches(rows(sim.Row{First: 0, N: 2}, sim.Row{First: 100, N: 1})))
	require.Equal(t, []int64{0, 2, 2}, h.Copies())
	require.Equal(t, []int{0, 0, 0}, h.Matches(nil))
	for node, want := range []int64{3, 2, 1} {
		require.Equal(t, want, h.Resident(node))
	}
}
