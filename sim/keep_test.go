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

// agreeing gives each key of a trace one size, that of all requests that have it.
func agreeing(trace []timed) []timed {
	for i, req := range trace {
		for j := range req.keys {
			trace[i].keys[j] = req.keys[j]<<8 | sim.Key(req.size)
		}
	}
	return trace
}

// forgetful is a stack that forgets now and then what is too deep for its caches.
type forgetful struct {
	served
	index *sim.Index
	most  struct{ chunks, bytes int64 } // the largest capacities
}

// forget makes the stack and the index forget all chunks that are too deep. It checks what is left.
func (f *forgetful) forget(t testing.TB) {
	n := max(f.most.chunks, f.stack.Reaching(f.most.bytes))
	before := slices.Collect(f.stack.All())
	keys := slices.Collect(f.index.Keys())
	require.Len(t, keys, f.index.Len())
	var touches []sim.Touches
	for _, w := range f.waiting {
		touches = append(touches, w.touches)
	}
	kept := f.stack.Keep(n, touches...)
	f.index.Keep(kept)
	waits := map[uint32]int64{} // by old id, sizes
	for i, w := range f.waiting {
		f.waiting[i].touches = w.touches.Renumber(kept)
		for _, r := range w.touches.Rows() {
			for id := range uint32(r.N) {
				waits[r.First+id] = int64(keys[r.First+id] & 255)
			}
		}
		old := slices.Collect(sim.HeadFirst.IDs(w.touches.Rows()))
		for k, id := range slices.Collect(sim.HeadFirst.IDs(f.waiting[i].touches.Rows())) {
			require.Equal(t, old[k], kept[id])
		}
	}

	after := slices.Collect(f.stack.All())
	before = before[:min(int(n), len(before))]
	require.Len(t, after, len(before))
	var bytes, once int64
	for i, c := range after {
		require.Equal(t, before[i].ID, kept[c.ID])
		delete(waits, before[i].ID)
		c.ID = before[i].ID
		require.Equal(t, before[i], c)
		bytes += c.Size
		if c.Once {
			once++
		}
	}
	for _, size := range waits {
		bytes += size
	}
	require.Len(t, kept, len(after)+len(waits))
	require.True(t, slices.IsSorted(kept))
	require.EqualValues(t, len(kept), f.stack.UniqueChunks())
	require.EqualValues(t, len(kept), f.index.Len())
	require.Equal(t, bytes, f.stack.UniqueBytes())
	require.Equal(t, once, f.stack.SeenOnce())
	for id, key := range slices.Collect(f.index.Keys()) {
		require.Equal(t, keys[kept[id]], key)
		require.Equal(t, key, f.index.Key(uint32(id)))
	}
}

// checkKeep replays a trace through a stack that forgets at random moments, and through plain caches that it has room for.
func checkKeep(t testing.TB, trace []timed, order sim.Order, policy simtest.Policy, capacities []int64, forgets func() bool) {
	f := &forgetful{index: sim.NewSmallIndex(), served: served{stack: sim.NewStack(order), policy: policy, forgets: true}}
	f.most.chunks, f.most.bytes = slices.Max(capacities), 5*slices.Max(capacities)
	if policy.TTL > 0 {
		f.stack.SetTTL(policy.TTL)
	}
	for _, c := range capacities {
		for _, inBytes := range []bool{false, true} {
			if inBytes {
				c *= 5
			}
			plain := newPlain(c, inBytes, order)
			plain.Policy = policy
			cache := &policyCache{capacity: c, inBytes: inBytes, plain: plain}
			if policy.Watermark != nil {
				cache.batched = newBatched(c, inBytes, *policy.Watermark)
			}
			f.caches = append(f.caches, cache)
		}
	}
	now := 0.0
	for _, req := range trace {
		now += req.after
		rows, err := f.index.Number(req.keys, nil)
		require.NoError(t, err)
		f.request(t, now, rows, req.request)
		if forgets() {
			f.forget(t)
		}
		if t.Failed() {
			t.Fatalf("order %v, policy %+v, watermark %+v, capacities %v", order, policy, policy.Watermark, capacities)
		}
	}
	for _, c := range f.caches {
		c.plain.Flush()
	}
	for len(f.waiting) > 0 {
		f.settle(t, f.waiting[0].due)
		if forgets() {
			f.forget(t)
		}
	}
	f.checkTops(t, f.index)
}

// TestKeepEqualsPlainLRU compares a stack that forgets with plain caches of all capacities that it has room for.
func TestKeepEqualsPlainLRU(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}, {Trigger: 0.5, Ratio: 0.7, Interval: 6}, {Trigger: 1, Ratio: 1e-9}}
	for i, g := range generators {
		for j, sizing := range sizings {
			t.Run(fmt.Sprint(g.name, "/", sizing.name), func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(12) {
					r := rand.New(rand.NewPCG(seed, uint64(3100+10*i+j)))
					policy := simtest.Policy{StoreDelay: pick(r, 0, 0, 0.5, 7.0), TTL: pick(r, 0, 0, 3.0, 20), Watermark: pick(r, watermarks...)}
					often := 1 + r.IntN(12)
					trace := agreeing(inTime(r, g.make(r, 100), sizing.size))
					checkKeep(t, trace, pick(r, sim.HeadFirst, sim.TailFirst), policy, pick(r, []int64{1}, []int64{1, 2, 3, 5, 8}, []int64{5, 20, 40}), func() bool { return r.IntN(often) == 0 })
				}
			})
		}
	}
}

// TestKeepForgetsTouches holds that a chunk that comes back counts as touched once.
func TestKeepForgetsTouches(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 32))
		engine, touches := simtest.NewEngine(sim.HeadFirst), map[sim.Key]int{}
		for _, req := range pick(r, generators...).make(r, 80) {
			_, err := engine.Request(req.keys, 1)
			require.NoError(t, err)
			for _, key := range req.keys {
				touches[key]++
			}
			if r.IntN(4) == 0 {
				known := map[sim.Key]int{}
				engine.Index.Keep(engine.Stack.Keep(r.Int64N(100)))
				for key := range engine.Index.Keys() {
					known[key] = touches[key]
				}
				touches = known
			}
			for c := range engine.Stack.All() {
				require.Equal(t, touches[engine.Index.Key(c.ID)] == 1, c.Once)
			}
		}
	}
}

// TestKeepRemembersSizes holds that the sizes of forgotten chunks still count among those of all chunks.
func TestKeepRemembersSizes(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	for _, size := range []int64{5, 8, 8} {
		_, err := engine.Request([]sim.Key{1, 2, sim.Key(size)}, size)
		require.NoError(t, err)
		engine.Index.Keep(engine.Stack.Keep(0))
		require.Zero(t, engine.Stack.UniqueChunks())
		require.Zero(t, engine.Stack.UniqueBytes())
		require.Zero(t, engine.Stack.Reaching(1))
		require.EqualValues(t, 5, engine.Stack.SmallestSize())
		_, uniform := engine.Stack.UniformSize()
		require.Equal(t, size == 5, uniform)
	}
	steps, err := engine.Request([]sim.Key{1, 2}, 8)
	require.NoError(t, err)
	require.Equal(t, []sim.Depth{never, never}, simtest.Needs(steps.Runs))
	require.EqualValues(t, 16, engine.Stack.UniqueBytes())
}

// TestKeptTouchesTakeTheirSize lets a chunk wait to be touched while it is forgotten: its touches bring another size.
func TestKeptTouchesTakeTheirSize(t *testing.T) {
	stack := sim.NewStack(sim.HeadFirst)
	simtest.Replay(stack, []sim.Row{{First: 0, N: 3}}, 5)
	_, first := stack.LookUp([]sim.Row{{First: 1, N: 1}}, 7)
	_, second := stack.LookUp([]sim.Row{{First: 1, N: 2}}, 9)
	_, third := stack.LookUp([]sim.Row{{First: 2, N: 1}}, 0)
	kept := stack.Keep(1, first, second, third)
	require.Equal(t, []uint32{1, 2}, kept)
	require.EqualValues(t, 5+7, stack.UniqueBytes())
	require.True(t, stack.SizesKnown())
	_, disagrees := stack.Touch(first.Renumber(kept))
	require.False(t, disagrees)
	_, disagrees = stack.Touch(second.Renumber(kept))
	require.True(t, disagrees)
	require.Equal(t, []sim.Chunk{{ID: 1, Size: 5}, {ID: 0, Size: 7}}, slices.Collect(stack.All()))
	require.EqualValues(t, 5+7, stack.UniqueBytes())
}
