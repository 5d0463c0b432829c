package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// checkTop holds that a plain cache has the first chunks of a walk, in the same order and with the same sizes.
func checkTop(t testing.TB, index *sim.Index, walk []sim.Chunk, plain *simtest.LRU) {
	n := 0
	for r := range plain.All() {
		if n == len(walk) {
			t.Fatalf("the plain cache has %d chunks, the stack %d", plain.Resident(), n)
		}
		expect(t, "key", r.Key, index.Key(walk[n].ID))
		expect(t, "size", r.Size, walk[n].Size)
		n++
	}
}

// TestAllEqualsPlainLRU walks the stack after every request, and so after every renumbering, and compares it with unlimited
// plain caches.
func TestAllEqualsPlainLRU(t *testing.T) {
	t.Parallel()
	for _, g := range generators {
		for _, sizing := range sizings {
			for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
				for _, ttl := range []float64{0, 4, 30} {
					t.Run(fmt.Sprint(g.name, "/", sizing.name, "/order ", order, "/TTL ", ttl), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(order), uint64(ttl)))
						checkWalks(t, inTime(r, g.make(r, 150), sizing.size), order, ttl)
					})
				}
			}
		}
	}
}

func checkWalks(t *testing.T, trace []timed, order sim.Order, ttl float64) {
	engine, forgetting, plain := simtest.NewEngine(order), simtest.NewLRU(math.MaxInt64, order), simtest.NewLRU(math.MaxInt64, order)
	forgetting.TTL = ttl
	if ttl > 0 {
		engine.Stack.SetTTL(ttl)
	}
	touches := map[sim.Key]int{}
	now, renumbered, expired := -100.0, false, 0
	for _, req := range trace {
		for _, key := range req.keys {
			touches[key]++
		}
		now += req.after
		engine.Stack.Advance(now)
		next := engine.Stack.Next()
		_, err := engine.Request(req.keys, req.size)
		require.NoError(t, err)
		renumbered = renumbered || engine.Stack.Next() < next
		forgetting.RequestAt(now, req.keys, req.size)
		plain.RequestAt(now, req.keys, req.size)

		walk := slices.Collect(engine.Stack.All())
		require.Len(t, walk, plain.Resident())
		checkTop(t, engine.Index, walk, plain)
		resident := slices.Collect(forgetting.All())
		for i, c := range walk {
			expect(t, "touched once", touches[engine.Index.Key(c.ID)] == 1, c.Once)
			expect(t, "expired", i >= len(resident), c.Expired)
			touched := 0.0
			if ttl > 0 && i < len(resident) {
				touched = resident[i].Touched
			}
			expect(t, "last touch", touched, c.Touched)
		}
		expired += len(walk) - len(resident)
		require.Equal(t, walk, slices.Collect(engine.Stack.All()), "a walk changes nothing")
	}
	require.True(t, renumbered)
	require.Equal(t, ttl > 0, expired > 0)
}

// TestAllShowsTouchedChunksOnly walks a stack while touches wait, and ends a walk early.
func TestAllShowsTouchedChunksOnly(t *testing.T) {
	stack := sim.NewStack(sim.HeadFirst)
	require.Empty(t, slices.Collect(stack.All()))
	_, first := stack.LookUp([]sim.Row{{First: 0, N: 3}}, 10)
	require.Empty(t, slices.Collect(stack.All()))
	_, second := stack.LookUp([]sim.Row{{First: 3, N: 2}}, 20)
	stack.Touch(first)
	var ids []uint32
	for c := range stack.All() {
		ids = append(ids, c.ID)
	}
	require.Equal(t, []uint32{2, 1, 0}, ids)
	stack.Touch(second)
	for c := range stack.All() {
		require.Equal(t, sim.Chunk{ID: 4, Size: 20, Once: true}, c)
		break
	}
}

// TestAllAcrossPages walks chunks that are in several pages.
func TestAllAcrossPages(t *testing.T) {
	const n = 2*sim.PageSize + 5
	stack := sim.NewStack(sim.TailFirst)
	simtest.Replay(stack, []sim.Row{{First: 0, N: n}}, 1)
	simtest.Replay(stack, []sim.Row{{First: n - 1, N: 1}}, 1)
	want := append([]uint32{n - 1}, make([]uint32, n-1)...)
	for i := range n - 1 {
		want[1+i] = uint32(i)
	}
	var ids []uint32
	for c := range stack.All() {
		ids = append(ids, c.ID)
	}
	require.Equal(t, want, ids)
}

// TestLayers requires that layers are as long as there are any, and that they make a copy of a stack as single chunks do.
func TestLayers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		order, sizes := []sim.Order{sim.HeadFirst, sim.TailFirst}[r.IntN(2)], []int64{4, 4, 4, 8}[:1+3*r.IntN(2)]
		index, stack := sim.NewIndex(), sim.NewStack(order)
		for range r.IntN(40) {
			keys, first := []sim.Key{}, r.Uint64N(40)
			for i := range 1 + r.Uint64N(12) {
				keys = append(keys, first+i)
			}
			rows, err := index.Number(keys, nil)
			require.NoError(t, err)
			_, touches := stack.LookUp(rows, sizes[first%uint64(len(sizes))])
			stack.Touch(touches)
		}
		chunks, layers := slices.Collect(stack.All()), slices.Collect(stack.Layers())
		for i := 1; i < len(layers); i++ {
			a, b := layers[i-1], layers[i]
			alike := a.Size == b.Size && a.Once == b.Once && a.N == 1
			require.False(t, alike && (a.ID+1 == b.ID || b.ID+1 == a.ID), "%v and %v are one", a, b)
		}
		learnt := func() *sim.Stack {
			s, of := sim.NewStack(order), make([]int64, len(chunks))
			for _, c := range chunks {
				of[c.ID] = c.Size
			}
			for _, size := range of {
				s.Learn(1, size)
			}
			return s
		}
		one, many := learnt(), learnt()
		one.Reorder(slices.Values(chunks))
		many.ReorderLayers(slices.Values(layers))
		require.Equal(t, chunks, slices.Collect(one.All()))
		require.Equal(t, chunks, slices.Collect(many.All()))
		require.Equal(t, stack.SeenOnce(), many.SeenOnce())
	}
}
