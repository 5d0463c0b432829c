package holders_test

import (
	"fmt"
	"math"
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
			for seed := range uint64(80) {
				r := rand.New(rand.NewPCG(seed, 17))
				o := holders.Options{Nodes: pick(r, 1, 2, 3, 9), Capacity: pick[int64](r, 0, 1, 2, 5, 30, 64, 100, 300, 1000), InBytes: r.IntN(2) == 0,
					Order: pick(r, sim.HeadFirst, sim.TailFirst), TTL: pick(r, 0, 0, 3, 20.0), Watermark: pick(r, watermarks...)}
				delay := pick(r, 0, 0, 0.5, 7.0)
				size := func() int64 { return 1 }
				if r.IntN(2) == 0 {
					size = func() int64 { return r.Int64N(4) }
				}
				trace := randomTrace(r, o.Nodes, 80, shape.make(r), size)
				if !t.Run(fmt.Sprint(seed), func(t *testing.T) { replay(t, o, delay, trace) }) {
					t.Fatalf("%+v, watermark %+v, store delay %g s", o, o.Watermark, delay)
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
	h.Touch(0, rows(sim.Row{First: 0, N: 2}, sim.Row{First: 100, N: 1}), 1)
	require.Equal(t, []int{2, 2, 0}, h.Matches(rows(sim.Row{First: 0, N: 3})), "chunk 2 made room for chunk 100")
	require.Equal(t, []int{3, 2, 0}, h.Matches(rows(sim.Row{First: 0, N: 2}, sim.Row{First: 100, N: 1})))
	require.Equal(t, []int{0, 0, 0}, h.Matches(nil))
	for node, want := range []int64{3, 2, 1} {
		require.Equal(t, want, h.Resident(node))
	}
}

// step is a request of one node at a time, and the chunks that are there afterwards, the most recent first.
type step struct {
	at    float64
	first uint32 // of n chunks
	n     int
	size  int64
	held  []uint32
}

func TestPoliciesByHand(t *testing.T) {
	type ids = []uint32
	for name, tt := range map[string]struct {
		opts  holders.Options
		steps []step
	}{
		"tail first": {holders.Options{Capacity: 3, Order: sim.TailFirst}, []step{
			{0, 0, 3, 1, ids{0, 1, 2}},
			{0, 62, 4, 1, ids{62, 63, 64}}, // from one page into the next; 65 made room
		}},
		"in bytes": {holders.Options{Capacity: 10, InBytes: true}, []step{
			{0, 0, 2, 4, ids{1, 0}},
			{0, 2, 1, 2, ids{2, 1, 0}},
			{0, 1, 2, 9, ids{2, 1, 0}}, // they keep their sizes
			{0, 3, 1, 1, ids{3, 2, 1}}, // 4 bytes for one
			{0, 4, 1, 11, nil},         // too large: flushes the cache
			{0, 5, 1, 4, ids{5}},
			{0, 5, 3, 3, ids{7, 6, 5}}, // of 4, 3 and 3
			{0, 4, 2, 3, ids{5, 4, 7}}, // of 4, 3 and 3 again
		}},
		"in bytes, tail first": {holders.Options{Capacity: 10, InBytes: true, Order: sim.TailFirst}, []step{
			{0, 7, 1, 4, ids{7}},
			{0, 5, 3, 3, ids{5, 6, 7}}, // of 3, 3 and 4
			{0, 7, 2, 3, ids{7, 8, 5}}, // of 4, 3 and 3 again
		}},
		"TTL": {holders.Options{TTL: 5}, []step{
			{0, 0, 2, 1, ids{1, 0}},
			{3, 1, 1, 1, ids{1, 0}},
			{5, 2, 1, 1, ids{2, 1, 0}}, // as old as the TTL
			{6, 3, 1, 1, ids{3, 2, 1}},
			{20, 3, 0, 1, nil},
		}},
		"watermark": {holders.Options{Capacity: 4, Watermark: &sim.Watermark{Trigger: 0.75, Ratio: 0.5, Interval: 10}}, []step{
			{0, 0, 2, 1, ids{1, 0}},
			{1, 2, 1, 1, ids{2, 1}}, // three quarters in use: half of three chunks go
			{2, 3, 2, 1, ids{4, 3, 2, 1}},
			{3, 5, 1, 1, ids{5, 4, 3, 2}}, // too soon for a batch
			{11, 5, 1, 1, ids{5, 4}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tt.opts.Nodes = 1
			h := holders.New(tt.opts)
			for i, s := range tt.steps {
				h.Advance(s.at)
				var rows []sim.Row
				if s.n > 0 {
					rows = append(rows, sim.Row{First: s.first, N: s.n})
				}
				h.Touch(0, rows, s.size)
				require.Equal(t, s.held, h.Chunks(0), "step %d", i)
				require.NoError(t, h.Check())
			}
		})
	}
}

// TestFirstSizes stores chunks again with the sizes that a stack has for them.
func TestFirstSizes(t *testing.T) {
	h, stack := holders.New(holders.Options{Nodes: 1, Capacity: 10, InBytes: true}), sim.NewStack(sim.HeadFirst)
	touch := func(first uint32, n int, size int64) {
		rows := []sim.Row{{First: first, N: n}}
		_, touches := stack.LookUp(rows, size)
		distances, _ := stack.Touch(touches)
		h.TouchSizes(0, rows, distances)
		require.Equal(t, stack.ResidentInBytes(10), h.Resident(0))
	}
	touch(0, 2, 5)
	touch(2, 1, 10)
	require.Equal(t, []uint32{2}, h.Chunks(0))
	touch(0, 2, 7) // of 5 bytes still
	require.Equal(t, []uint32{1, 0}, h.Chunks(0))
	touch(1, 3, 1) // of 5, 10 and 1
	require.Equal(t, []uint32{3}, h.Chunks(0))
}

// TestTouchesAllocateNothing touches resident chunks again, from different requests and of unlike sizes.
func TestTouchesAllocateNothing(t *testing.T) {
	rows := []sim.Row{{First: 10, N: 100}, {First: 500, N: 20}}
	distances := []sim.Distance{{N: 20, Size: 1}, {N: 20, Size: 2}, {N: 50, Size: 1}, {N: 30, Size: 3}}
	for _, inBytes := range []bool{false, true} {
		h := holders.New(holders.Options{Nodes: 2, Capacity: 1000, InBytes: inBytes})
		touch := func() {
			for node := range 2 {
				h.TouchSizes(node, rows, distances)
				h.Touch(node, rows[:1], 1)
			}
		}
		touch()
		require.Zero(t, testing.AllocsPerRun(100, touch), "in bytes: %v", inBytes)
	}
}

// TestMemoryFollowsResidents holds that evicted chunks leave nothing behind but their place in the table of pages, and touches of
// resident ones nothing at all.
func TestMemoryFollowsResidents(t *testing.T) {
	const nodes, capacity = 50, 20
	h := holders.New(holders.Options{Nodes: nodes, Capacity: capacity, TTL: 1e9})
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 100_000 {
		h.Advance(float64(i))
		first := uint32(i)
		if i%2 == 0 {
			first = uint32(r.IntN(i + 1))
		}
		h.Touch(r.IntN(nodes), []sim.Row{{First: first, N: 1 + r.IntN(3)}}, 1)
	}
	require.NoError(t, h.Check())
	require.LessOrEqual(t, h.Reserved(), nodes*(capacity+3)+1)
	require.LessOrEqual(t, h.PagesReserved(), 4*nodes*capacity)
	for node := range nodes {
		h.Touch(node, []sim.Row{{First: 100_000, N: capacity}}, 1)
	}
	for _, match := range h.Matches([]sim.Row{{First: 100_000, N: capacity}}) {
		require.Equal(t, capacity, match)
	}
	for node := range nodes - 1 {
		h.Touch(node, []sim.Row{{First: 200_000 + 64*uint32(node), N: capacity}}, 1)
	}
	require.NoError(t, h.Check())
	require.LessOrEqual(t, h.PagesReserved(), nodes+4, "the node that is left of a page with all has few beside it")
}

func TestMisuse(t *testing.T) {
	one := func() *holders.Holders { return holders.New(holders.Options{Nodes: 1, InBytes: true}) }
	rows := []sim.Row{{First: 0, N: 1}}
	for want, f := range map[string]func(){
		"holders: 0 nodes":                        func() { holders.New(holders.Options{}) },
		"holders: a capacity of -1":               func() { holders.New(holders.Options{Nodes: 1, Capacity: -1}) },
		"holders: a TTL of -1 s":                  func() { holders.New(holders.Options{Nodes: 1, TTL: -1}) },
		"holders: a TTL of NaN s":                 func() { holders.New(holders.Options{Nodes: 1, TTL: math.NaN()}) },
		"holders: node 1 of 1":                    func() { one().Touch(1, rows, 1) },
		"holders: node -1 of 1":                   func() { one().Touch(-1, rows, 1) },
		"holders: a chunk of -1 bytes":            func() { one().Touch(0, rows, -1) },
		"holders: Advance to 1 s after 2 s":       func() { h := one(); h.Advance(2); h.Advance(1) },
		"holders: Advance to +Inf s after -Inf s": func() { one().Advance(math.Inf(1)) },
	} {
		require.PanicsWithValue(t, want, f)
	}
	h := holders.New(holders.Options{Nodes: 1, Capacity: math.MaxInt64, InBytes: true})
	h.Touch(0, rows, math.MaxInt64)
	require.PanicsWithValue(t, "holders: a node's chunks have more than 2^63 bytes", func() { h.Touch(0, []sim.Row{{First: 1, N: 1}}, 1) })
	h = one()
	h.Touch(0, []sim.Row{{First: 0, N: 64}}, math.MaxInt64) // without limit
	require.EqualValues(t, 64, h.Resident(0))
	require.Panics(t, func() { holders.New(holders.Options{Nodes: 1, Watermark: &sim.Watermark{}}) })
}
