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

// restore goes on with copies of the stack, of the touches that wait, and of the counters.
func (s *served) restore(t testing.TB, order sim.Order) {
	fresh := sim.NewStack(order)
	if s.policy.TTL > 0 {
		fresh.SetTTL(s.policy.TTL)
		fresh.Advance(s.now)
	}
	if s.policy.Admit > 0 {
		fresh.SetAdmission(s.policy.Admit)
		for looked := range s.stack.LookedUp() {
			fresh.LearnLookedUp(looked)
		}
	} else {
		for _, size := range s.sizes() {
			fresh.Learn(1, size)
		}
	}
	fresh.Reorder(s.stack.All())
	checkAlike(t, s.stack, fresh)
	for i, w := range s.waiting {
		s.waiting[i].touches = fresh.Await(w.touches.Waiting())
	}
	for _, c := range s.caches {
		if c.batched != nil {
			again := newBatched(c.capacity, c.inBytes, *s.policy.Watermark)
			again.Restore(c.batched.State())
			c.batched = again
		}
	}
	s.stack = fresh
}

// sizes returns the sizes of all chunks. One that was never touched has that of the first touches that wait for it.
func (s *served) sizes() []int64 {
	sizes := make([]int64, s.stack.UniqueChunks())
	for _, w := range slices.Backward(s.waiting) {
		waiting := w.touches.Waiting()
		for id := range sim.HeadFirst.IDs(waiting.Rows) {
			sizes[id] = waiting.Size
		}
	}
	for c := range s.stack.All() {
		sizes[c.ID] = c.Size
	}
	return sizes
}

// TestRestoredEqualsPlainLRU saves caches as servers run them at random moments, and goes on with copies.
func TestRestoredEqualsPlainLRU(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, {Trigger: 0.8, Ratio: 0.2}, {Trigger: 0.5, Ratio: 0.7, Interval: 6}}
	for i, g := range generators {
		for j, sizing := range sizings {
			t.Run(fmt.Sprint(g.name, "/", sizing.name), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(8) {
					r := rand.New(rand.NewPCG(seed, uint64(6100+10*i+j)))
					policy := simtest.Policy{StoreDelay: pick(r, 0, 0.5, 7.0), TTL: pick(r, 0, 3.0, 20), Watermark: pick(r, watermarks...), Admit: pick(r, 0, 0, 1, 2, 3)}
					checkPolicy(t, inTime(r, g.make(r, 60), sizing.size), pick(r, sim.HeadFirst, sim.TailFirst), policy, func() bool { return r.IntN(6) == 0 })
				}
			})
		}
	}
}

// TestAwaitKeepsDisagreement holds that touches that wait keep what their lookup has found about sizes.
func TestAwaitKeepsDisagreement(t *testing.T) {
	stack := sim.NewStack(sim.HeadFirst)
	stack.SetAdmission(3)
	simtest.Replay(stack, []sim.Row{{First: 0, N: 2}}, 5)
	_, touches := stack.LookUp([]sim.Row{{First: 0, N: 1}}, 7)
	require.True(t, touches.Waiting().Disagrees)

	fresh := sim.NewStack(sim.HeadFirst)
	fresh.SetAdmission(3)
	looked := slices.Collect(stack.LookedUp())
	require.Equal(t, []sim.LookedUp{{N: 1, Size: 5, Lookups: 2}, {N: 1, Size: 5, Lookups: 1, Once: true}}, looked)
	for _, c := range looked {
		fresh.LearnLookedUp(c)
	}
	require.Equal(t, stack.SeenOnce(), fresh.SeenOnce())
	_, disagrees := fresh.Touch(fresh.Await(touches.Waiting()))
	require.True(t, disagrees)
}

func TestNothingEvictedYet(t *testing.T) {
	policy := sim.Watermark{Trigger: 1, Ratio: 1}
	want := sim.BatchedState{LastBatch: math.Inf(-1), Now: math.Inf(-1)}
	for _, b := range []*sim.Batched{sim.NewUnlimited(), sim.NewBatched(1, policy), sim.NewBatchedInBytes(1, policy)} {
		require.Equal(t, want, b.State())
	}
}
