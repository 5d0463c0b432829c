package sim_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// aging is what a stack knows about time.
type aging struct {
	ttl  float64 // 0: chunks do not expire
	kept bool    // ages are
}

func (a aging) stack(order sim.Order) *sim.Stack {
	s := sim.NewStack(order)
	if a.ttl > 0 {
		s.SetTTL(a.ttl)
	}
	if a.kept {
		s.KeepAges()
	}
	return s
}

// restored returns a copy, as of a time, of a stack all of whose chunks have been touched. It is made of what All showed.
func restored(t testing.TB, all []sim.Chunk, order sim.Order, a aging, now float64) *sim.Stack {
	sizes := make([]int64, len(all))
	for _, c := range all {
		sizes[c.ID] = c.Size
	}
	out := a.stack(order)
	out.Advance(now)
	for _, size := range sizes {
		out.Learn(1, size)
	}
	require.Zero(t, out.Resident())
	out.Reorder(slices.Values(all))
	return out
}

// TestReorderRestores copies a stack at random moments and goes on with the copy, beside the stack.
func TestReorderRestores(t *testing.T) {
	t.Parallel()
	for i, g := range generators {
		for j, sizing := range sizings {
			for _, a := range []aging{{}, {ttl: 4}, {ttl: 30}, {kept: true}} {
				t.Run(fmt.Sprintf("%s/%s/%+v", g.name, sizing.name, a), func(t *testing.T) {
					t.Parallel()
					for seed := range uint64(4) {
						r := rand.New(rand.NewPCG(seed, uint64(4100+10*i+j)))
						order := pick(r, sim.HeadFirst, sim.TailFirst)
						checkRestored(t, r, inTime(r, g.make(r, 100), sizing.size), order, a)
					}
				})
			}
		}
	}
}

func checkRestored(t testing.TB, r *rand.Rand, trace []timed, order sim.Order, a aging) {
	index, stack := sim.NewIndex(), a.stack(order)
	stack.Advance(0)
	again := restored(t, nil, order, a, 0)
	now := 0.0
	for _, req := range trace {
		now += req.after
		rows, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		stack.Advance(now)
		again.Advance(now)
		want, got := simtest.Replay(stack, rows, req.size), simtest.Replay(again, rows, req.size)
		require.Equal(t, simtest.Needs(want.Runs), simtest.Needs(got.Runs))
		require.Equal(t, simtest.Depths(want.Distances), simtest.Depths(got.Distances))
		require.Equal(t, want.SizeDisagrees, got.SizeDisagrees)
		if a.kept {
			require.True(t, slices.Equal(stack.MaxAges(), again.MaxAges()), "%v, not %v", again.MaxAges(), stack.MaxAges())
		}
		checkAlike(t, stack, again)
		if r.IntN(5) == 0 {
			all := slices.Collect(again.All())
			now += pick(r, 0, 0, 3.0)
			stack.Advance(now)
			again = restored(t, all, order, a, now)
			checkAlike(t, stack, again)
		}
	}
}

// checkAlike holds that two stacks have the same chunks.
func checkAlike(t testing.TB, want, got *sim.Stack) {
	require.Equal(t, slices.Collect(want.All()), slices.Collect(got.All()))
	require.Equal(t, want.UniqueChunks(), got.UniqueChunks())
	require.Equal(t, want.UniqueBytes(), got.UniqueBytes())
	require.Equal(t, want.SeenOnce(), got.SeenOnce())
	require.Equal(t, want.Resident(), got.Resident())
	require.Equal(t, want.SmallestSize(), got.SmallestSize())
	if want.SizesKnown() {
		for _, bytes := range []int64{1, 20, 100, 1000, 10_000} {
			require.Equal(t, want.ResidentInBytes(bytes), got.ResidentInBytes(bytes))
			require.Equal(t, reaching(want, bytes), got.Reaching(bytes))
		}
	}
}

// TestReorderEqualsPlainStack puts chunks from anywhere in a stack on top, and compares it with a list.
func TestReorderEqualsPlainStack(t *testing.T) {
	t.Parallel()
	for seed := range uint64(80) {
		r := rand.New(rand.NewPCG(seed, 42))
		order := pick(r, sim.HeadFirst, sim.TailFirst)
		engine, plain := simtest.NewEngine(order), newPlainStack(order, 0)
		sizing := pick(r, sizings...)
		for _, req := range inTime(r, pick(r, generators...).make(r, 60), sizing.size) {
			steps, err := engine.Request(req.keys, req.size)
			require.NoError(t, err)
			want := plain.request(req, 0)
			require.Equal(t, want.needs, needsOf(steps.Runs))
			require.Equal(t, want.touched, depthsOf(steps.Distances))
			if r.IntN(4) == 0 {
				reorderSome(t, r, engine, plain)
			}
		}
	}
}

// reorderSome puts some of the chunks on top, some of them touched more than once.
func reorderSome(t testing.TB, r *rand.Rand, engine *simtest.Engine, plain *plainStack) {
	var some []sim.Chunk
	for _, id := range r.Perm(engine.Index.Len())[:r.IntN(engine.Index.Len()+1)] {
		some = append(some, sim.Chunk{ID: uint32(id), Once: r.IntN(3) > 0, Size: -1})
	}
	engine.Stack.Reorder(slices.Values(some))
	for _, c := range slices.Backward(some) {
		key := engine.Index.Key(c.ID)
		touches := plain.touches[key]
		if plain.touch(key, 0); c.Once {
			plain.touches[key] = touches
		}
	}
	once := int64(0)
	walk := slices.Collect(engine.Stack.All())
	require.Len(t, walk, len(plain.keys))
	for i, key := range plain.keys {
		require.Equal(t, key, engine.Index.Key(walk[i].ID))
		require.Equal(t, sim.Chunk{ID: walk[i].ID, Size: plain.size[key], Once: plain.touches[key] == 1}, walk[i])
		if walk[i].Once {
			once++
		}
	}
	require.Equal(t, once, engine.Stack.SeenOnce())
}

// reaching is Stack.Reaching, chunk by chunk.
func reaching(s *sim.Stack, bytes int64) (n int64) {
	for c := range s.All() {
		if bytes <= 0 {
			break
		}
		bytes -= c.Size
		n++
	}
	return n
}
