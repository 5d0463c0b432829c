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

// restored returns a copy of a stack all of whose chunks have been touched. It is made of what All shows.
func restored(t testing.TB, s *sim.Stack, order sim.Order, a aging, now float64) *sim.Stack {
	sizes := make([]int64, s.UniqueChunks())
	for c := range s.All() {
		sizes[c.ID] = c.Size
	}
	out := a.stack(order)
	out.Advance(now)
	for _, size := range sizes {
		out.Learn(1, size)
	}
	require.Zero(t, out.Resident())
	out.Reorder(s.All())
	return out
}

// TestReorderRestores copies a stack at random moments and goes on with the copy, beside the stack.
func TestReorderRestores(t *testing.T) {
	t.Parallel()
	for _, g := range generators {
		for _, sizing := range sizings {
			for _, a := range []aging{{}, {ttl: 4}, {ttl: 30}, {kept: true}} {
				t.Run(fmt.Sprintf("%s/%s/%+v", g.name, sizing.name, a), func(t *testing.T) {
					t.Parallel()
					for seed := range uint64(4) {
						r := rand.New(rand.NewPCG(seed, 41))
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
	again := restored(t, stack, order, a, 0)
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
			again = restored(t, again, order, a, now)
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
			require.Equal(t, want.Within(bytes), got.Within(bytes))
		}
	}
}
