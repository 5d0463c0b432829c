package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// tiered compares exclusive tiers with plain ones.
type tiered struct {
	tiers    *sim.Exclusive
	plain    *simtest.Exclusive
	most     int64 // all capacities together
	inBytes  bool
	outcomes []*simtest.ExclusiveOutcome
	touched  int // requests whose touches have taken effect
}

func newTiered(capacities []int64, inBytes bool, order sim.Order, policy simtest.Policy) *tiered {
	c := &tiered{inBytes: inBytes}
	for _, n := range capacities {
		c.most += n
	}
	if inBytes {
		c.tiers, c.plain = sim.NewExclusiveInBytes(capacities), simtest.NewExclusiveInBytes(capacities, order)
	} else {
		c.tiers, c.plain = sim.NewExclusive(capacities), simtest.NewExclusive(capacities, order)
	}
	c.plain.Policy = policy
	return c
}

// lookUp compares which tier holds each chunk.
func (c *tiered) lookUp(t testing.TB, s *sim.Stack, out *simtest.ExclusiveOutcome, runs []sim.Run) {
	c.outcomes = append(c.outcomes, out)
	edges := c.tiers.Edges(s)
	i := 0
	for _, run := range runs {
		for j := range run.N {
			need, tier := run.NeedAt(j).Chunks, -1
			for at := len(edges) - 1; at >= 0 && !run.Expired; at-- {
				if need <= edges[at] {
					tier = at
				}
			}
			expect(t, "tier", out.Tier[i], tier)
			i++
		}
	}
	expect(t, "chunks", len(out.Tier), i)
}

// touch compares what is written to each tier. Sizes are by key, since the plain tiers name keys.
func (c *tiered) touch(t testing.TB, s *sim.Stack, touches sim.Touches, distances []sim.Distance, sizes map[sim.Key]int64) {
	out := c.outcomes[c.touched]
	c.touched++
	for tier, written := range c.tiers.Touch(s, touches, distances) {
		want := int64(0)
		for _, key := range out.Written[tier] {
			want += sizes[key]
		}
		expect(t, "written", want, written)
	}
}

// checkExclusive compares tiers of several shapes with plain ones, request by request. forgets says after which requests the stack
// forgets what is too deep for all of them.
func checkExclusive(t testing.TB, trace []timed, order sim.Order, policy simtest.Policy, shapes [][]int64, forgets func() bool) {
	s := sim.NewStack(order)
	if policy.TTL > 0 {
		s.SetTTL(policy.TTL)
	}
	if policy.Admit > 0 {
		s.SetAdmission(policy.Admit)
	}
	var caches []*tiered
	deepest, deepestBytes := int64(1), int64(1)
	for i, shape := range shapes {
		c := newTiered(shape, i%2 == 0, order, policy)
		caches = append(caches, c)
		if c.inBytes {
			deepestBytes = max(deepestBytes, c.most)
		} else {
			deepest = max(deepest, c.most)
		}
	}
	index := sim.NewSmallIndex()
	sizes := map[sim.Key]int64{}
	var waits []waiting
	advance := func(now float64) {
		s.Advance(now)
		for _, c := range caches {
			c.tiers.Expire(s)
		}
	}
	settle := func(now float64) {
		for len(waits) > 0 && waits[0].due <= now {
			w := waits[0]
			waits = waits[1:]
			advance(w.due)
			distances, _ := s.Touch(w.touches)
			for _, c := range caches {
				c.touch(t, s, w.touches, distances, sizes)
			}
		}
	}
	now := 0.0
	for _, req := range trace {
		now += req.after
		rows, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		for _, key := range req.keys {
			if _, ok := sizes[key]; !ok {
				sizes[key] = req.size
			}
		}
		var outs []*simtest.ExclusiveOutcome
		for _, c := range caches {
			outs = append(outs, c.plain.RequestAt(now, req.keys, req.size))
		}
		settle(now)
		advance(now)
		runs, touches := s.LookUp(rows, req.size)
		for i, c := range caches {
			c.lookUp(t, s, outs[i], runs)
		}
		waits = append(waits, waiting{now + policy.StoreDelay, touches.Clone()})
		settle(now)
		if forgets() {
			keepFor(s, index, caches, max(deepest, s.Reaching(deepestBytes)), waits)
		}
		if t.Failed() {
			t.Fatalf("order %v, policy %+v, shapes %v", order, policy, shapes)
		}
	}
	for _, c := range caches {
		c.plain.Flush()
	}
	settle(math.Inf(1))
	for _, c := range caches {
		expect(t, "touched requests", len(c.outcomes), c.touched)
	}
}

// keepFor makes a stack forget all but the n most recent chunks.
func keepFor(s *sim.Stack, index *sim.Index, caches []*tiered, n int64, waits []waiting) {
	var touches []sim.Touches
	for _, w := range waits {
		touches = append(touches, w.touches)
	}
	kept := s.Keep(n, touches...)
	index.Keep(kept)
	for i := range waits {
		waits[i].touches = waits[i].touches.Renumber(kept)
	}
	for _, c := range caches {
		c.tiers.Keep(kept)
	}
}

// TestExclusiveEqualsPlainTiers compares every lookup and every move of tiers that rise, fall, are too small for a chunk, or hold
// everything.
func TestExclusiveEqualsPlainTiers(t *testing.T) {
	t.Parallel()
	for _, g := range generators {
		for _, sizing := range sizings {
			t.Run(g.name+"/"+sizing.name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(5) {
					r := rand.New(rand.NewPCG(seed, 12))
					policy := simtest.Policy{StoreDelay: pick(r, 0, 0.5, 7.0), TTL: pick(r, 0, 3.0, 20)}
					forgets := pick(r, 0, 0, 1, 5)
					if forgets == 0 {
						policy.Admit = pick(r, 0, 0, 2)
					}
					trace := inTime(r, g.make(r, 100), sizing.size)
					if forgets > 0 {
						trace = agreeing(trace)
					}
					checkExclusive(t, trace, pick(r, sim.HeadFirst, sim.TailFirst), policy, tierShapes(r),
						func() bool { return forgets > 0 && r.IntN(forgets) == 0 })
				}
			})
		}
	}
}

// tierShapes returns capacities of tiers: by turns in bytes and in chunks.
func tierShapes(r *rand.Rand) (shapes [][]int64) {
	for range 8 {
		var shape []int64
		for range 1 + r.IntN(4) {
			shape = append(shape, 1+r.Int64N(pick[int64](r, 3, 20, 100, 400)))
		}
		shapes = append(shapes, shape)
	}
	if r.IntN(2) == 0 { // there is room for everything, so nothing is ever forgotten
		shapes = append(shapes, []int64{7, math.MaxInt64 - 7}, []int64{7, math.MaxInt64 - 7})
	}
	return shapes
}

// FuzzExclusive replays a trace that the fuzzer writes through exclusive tiers: three bytes with the order, the policy and the
// capacities, then requests of a length, a size, a time and keys.
func FuzzExclusive(f *testing.F) {
	f.Add([]byte{0, 0, 3, 3, 1, 1, 1, 2, 3, 3, 1, 201, 1, 2, 4})
	f.Add([]byte{1, 0b01_01_10_1, 20, 2, 1, 0, 1, 2, 4, 2, 9, 2, 1, 1, 2, 0, 0, 41})
	f.Add([]byte{255, 0b10_10_01_0, 200, 5, 0x81, 3, 5, 4, 3, 2, 1, 5, 0x82, 61, 1, 2, 3, 4, 5})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) < 3 || len(data) > 500 {
			return
		}
		settings, shape := data[1], data[0]
		policy := fuzzedPolicy(settings, shape)
		policy.Watermark = nil
		forgets := settings>>7 != 0
		if !forgets && settings>>5&3 == 3 {
			policy.Admit = 2
		}
		r := rand.New(rand.NewPCG(uint64(data[2]), uint64(shape)))
		checkExclusive(t, agreeing(fuzzedTrace(data[3:])), sim.Order(settings&1), policy, tierShapes(r), func() bool { return forgets && r.IntN(4) == 0 })
	})
}

func TestExclusiveNeedsCapacities(t *testing.T) {
	for _, bad := range [][]int64{nil, {0}, {5, -1}} {
		require.Panics(t, func() { sim.NewExclusive(bad) })
		require.Panics(t, func() { sim.NewExclusiveInBytes(bad) })
	}
	engine := simtest.NewEngine(sim.HeadFirst)
	_, err := engine.Request([]sim.Key{1}, 0)
	require.NoError(t, err)
	require.Panics(t, func() { sim.NewExclusiveInBytes([]int64{5}).Edges(engine.Stack) }, "unknown size")
	require.Equal(t, []int64{5, 8}, sim.NewExclusive([]int64{5, 3}).Edges(engine.Stack))
}

// TestExclusiveByHand follows two tiers of 10 bytes, with chunks of 4 bytes and then of 6.
func TestExclusiveByHand(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	tiers := sim.NewExclusiveInBytes([]int64{10, 10})
	for _, step := range []struct {
		key     sim.Key
		size    int64
		edges   []int64 // before the touch
		written []int64
	}{
		{1, 4, []int64{2, 4}, []int64{4, 0}},
		{2, 4, []int64{2, 4}, []int64{4, 0}},
		{3, 4, []int64{2, 4}, []int64{4, 4}}, // 1 moves down
		{1, 4, []int64{2, 4}, []int64{4, 4}}, // 1 moves up, 2 down
		{1, 4, []int64{2, 4}, []int64{0, 0}},
		{4, 6, []int64{2, 3}, []int64{6, 4}},    // 3 moves down
		{5, 6, []int64{2, 4}, []int64{6, 10}},   // 1 and 4 move down, 2 and 3 out
		{1, 4, []int64{1, 3}, []int64{4, 0}},    // 1 moves up, and there is room
		{6, 11, []int64{2, 3}, []int64{11, 21}}, // flushes both tiers
		{4, 6, []int64{0, 0}, []int64{6, 0}},
	} {
		rows, err := engine.Index.Number([]sim.Key{step.key}, nil)
		require.NoError(t, err)
		_, touches := engine.Stack.LookUp(rows, step.size)
		require.Equal(t, step.edges, tiers.Edges(engine.Stack), "%+v", step)
		distances, _ := engine.Stack.Touch(touches)
		require.Equal(t, step.written, tiers.Touch(engine.Stack, touches, distances), "%+v", step)
	}
}
