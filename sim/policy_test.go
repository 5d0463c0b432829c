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

// served is a stack as a server with a policy uses it: requests have times, and touches may wait.
type served struct {
	stack   *sim.Stack
	policy  simtest.Policy
	waiting []waiting
	caches  []*policyCache
	now     float64
	forgets bool // chunks that are too deep for all caches
}

type waiting struct {
	due     float64
	touches sim.Touches
}

// policyCache compares one capacity of the stack with a plain cache that has the same policy.
type policyCache struct {
	capacity int64
	inBytes  bool
	plain    *simtest.LRU
	batched  *sim.Batched // nil unless there is a watermark
	outcomes []*simtest.Outcome
	touched  int // requests whose touches have taken effect
	left     int // chunks that are gone
	stored   int // classic misses
}

// holds reports whether a chunk is in the cache.
func (c *policyCache) holds(need sim.Depth, expired bool) bool {
	switch {
	case c.batched != nil:
		return need.Chunks <= c.batched.Resident()
	case c.inBytes:
		return need.Bytes <= c.capacity && !expired
	}
	return need.Chunks <= c.capacity && !expired
}

// newBatched returns a cache of a capacity in chunks, or in bytes.
func newBatched(capacity int64, inBytes bool, w sim.Watermark) *sim.Batched {
	if inBytes {
		return sim.NewBatchedInBytes(capacity, w)
	}
	return sim.NewBatched(capacity, w)
}

func (s *served) settle(t testing.TB, now float64) {
	for len(s.waiting) > 0 && s.waiting[0].due <= now {
		w := s.waiting[0]
		s.waiting = s.waiting[1:]
		s.advance(w.due)
		distances, _ := s.stack.Touch(w.touches)
		for _, c := range s.caches {
			c.touch(t, s.stack, distances, w.due)
		}
	}
}

func (s *served) advance(now float64) {
	s.now = now
	s.stack.Advance(now)
	for _, c := range s.caches {
		if c.batched != nil {
			c.batched.Expire(s.stack)
		}
	}
}

func (c *policyCache) touch(t testing.TB, stack *sim.Stack, distances []sim.Distance, now float64) {
	out := c.outcomes[c.touched]
	c.touched++
	hits, touches := 0, 0
	for _, d := range distances {
		touches += d.N
		if c.batched == nil && c.holds(d.Depth, d.Expired) {
			hits += d.N
		}
	}
	residents := int(stack.ResidentInChunks(c.capacity))
	if c.inBytes {
		residents = int(stack.ResidentInBytes(c.capacity))
	}
	if c.batched != nil {
		found, _ := c.batched.Touch(distances)
		hits = int(found)
		before := c.batched.Resident()
		c.batched.Evict(stack, now)
		expect(t, "evicted", out.Evictions, int(before-c.batched.Resident()))
		residents = int(c.batched.Resident())
	}
	expect(t, "classic hits", out.ChunkHits, hits)
	c.left += out.Evictions + out.Expired
	c.stored += touches - hits
	expect(t, "residents", c.stored-c.left, residents)
}

func (s *served) request(t testing.TB, now float64, rows []sim.Row, req request) {
	for _, c := range s.caches {
		c.outcomes = append(c.outcomes, c.plain.RequestAt(now, req.keys, req.size))
	}
	s.settle(t, now)
	s.advance(now)
	runs, touches := s.stack.LookUp(rows, req.size)
	i := 0
	for _, run := range runs {
		for j := range run.N {
			for _, c := range s.caches {
				out := c.outcomes[len(c.outcomes)-1]
				need := run.NeedAt(j)
				if !s.forgets {
					expect(t, "cold", out.Cold[i], need.Chunks == sim.Never && !run.Refused)
				}
				expect(t, "refused", out.Refused[i], run.Refused)
				expect(t, fmt.Sprintf("chunk %d of need %+v at %d resident", i, need, c.capacity), out.Resident[i], c.holds(need, run.Expired))
			}
			i++
		}
	}
	expect(t, "chunks", len(req.keys), i)
	s.waiting = append(s.waiting, waiting{now + s.policy.StoreDelay, touches.Clone()})
	s.settle(t, now)
}

// checkTops compares what the plain caches hold with the top of the stack.
func (s *served) checkTops(t testing.TB, index *sim.Index) {
	walk := slices.Collect(s.stack.All())
	for _, c := range s.caches {
		checkTop(t, index, walk, c.plain)
	}
}

// TestPoliciesEqualPlainLRU compares every lookup, touch and eviction of caches as servers run them with plain caches.
func TestPoliciesEqualPlainLRU(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, {Trigger: 0.8, Ratio: 0.2}, {Trigger: 0.5, Ratio: 0.7, Interval: 6}, {Trigger: 1, Ratio: 1e-9}, {Trigger: 0.3, Ratio: 1}}
	for _, g := range generators {
		for _, sizing := range sizings {
			t.Run(g.name+"/"+sizing.name, func(t *testing.T) {
				t.Parallel()
				for seed := range uint64(12) {
					r := rand.New(rand.NewPCG(seed, 11))
					policy := simtest.Policy{StoreDelay: pick(r, 0, 0.5, 7.0), TTL: pick(r, 0, 3.0, 20), Watermark: pick(r, watermarks...), Admit: pick(r, 0, 0, 1, 2, 3)}
					checkPolicy(t, inTime(r, g.make(r, 100), sizing.size), pick(r, sim.HeadFirst, sim.TailFirst), policy, func() bool { return false })
				}
			})
		}
	}
}

func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// timed is a request and the time since the one before it.
type timed struct {
	request
	after float64
}

// inTime gives the requests of a trace sizes and times.
func inTime(r *rand.Rand, trace []request, size func(*rand.Rand) int64) (out []timed) {
	for _, req := range trace {
		req.size = size(r)
		out = append(out, timed{req, pick(r, 0, 0, 0.25, 0.5, 1, 3, 15)})
	}
	return out
}

func checkPolicy(t testing.TB, trace []timed, order sim.Order, policy simtest.Policy, restores func() bool) {
	s := &served{stack: sim.NewStack(order), policy: policy}
	if policy.TTL > 0 {
		s.stack.SetTTL(policy.TTL)
	}
	if policy.Admit > 0 {
		s.stack.SetAdmission(policy.Admit)
	}
	for _, c := range []int64{1, 2, 3, 5, 9, 17, 40, 77, 150, 400, 1000, 5000} {
		for _, inBytes := range []bool{false, true} {
			plain := newPlain(c, inBytes, order)
			plain.Policy = policy
			cache := &policyCache{capacity: c, inBytes: inBytes, plain: plain}
			if policy.Watermark != nil {
				cache.batched = newBatched(c, inBytes, *policy.Watermark)
			}
			s.caches = append(s.caches, cache)
		}
	}
	index := sim.NewSmallIndex()
	now := 0.0
	lookups, stored := map[sim.Key]int{}, 0
	for i, req := range trace {
		for at, key := range req.keys {
			if !slices.Contains(req.keys[:at], key) {
				if lookups[key]++; lookups[key] == max(policy.Admit, 1) {
					stored++
				}
			}
		}
		now += req.after
		rows, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		s.request(t, now, rows, req.request)
		if restores() {
			s.restore(t, order)
		}
		if i%16 == 15 {
			s.checkTops(t, index)
		}
		if t.Failed() {
			t.Fatalf("order %v, policy %+v, watermark %+v", order, policy, policy.Watermark)
		}
	}
	for _, c := range s.caches {
		c.plain.Flush()
	}
	s.settle(t, math.Inf(1))
	s.checkTops(t, index)
	for _, c := range s.caches {
		expect(t, "touched requests", len(c.outcomes), c.touched)
		expect(t, "residents of the plain cache", c.plain.Resident(), c.stored-c.left)
	}
	expect(t, "stored in the end", stored, int(s.stack.Marked()))
}

// TestAgesOfAFullRow expires all touches of a row that has no room for more, then renumbers it.
func TestAgesOfAFullRow(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	stack := engine.Stack
	stack.SetTTL(1)
	stack.Advance(0)
	keys := make([]sim.Key, stack.Places())
	for i := range keys {
		keys[i] = sim.Key(i)
	}
	_, err := engine.Request(keys, 1)
	require.NoError(t, err)
	require.EqualValues(t, stack.Places(), stack.Next())
	_, err = engine.Request(nil, 1)
	require.NoError(t, err)
	stack.Advance(10)
	require.Zero(t, stack.Resident())
	steps, err := engine.Request(keys[:3], 1)
	require.NoError(t, err)
	require.Equal(t, []sim.Run{{N: 3, Need: sim.Depth{int64(len(keys)), int64(len(keys))}, Step: -1, Size: 1, Expired: true}}, steps.Runs)
	require.EqualValues(t, 3, stack.Resident())
}

// TestAgesAreCompacted holds that the memory of ages grows with the chunks, not with the requests.
func TestAgesAreCompacted(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	stack := engine.Stack
	stack.SetTTL(1e9)
	for i := range 100_000 {
		stack.Advance(float64(i))
		_, err := engine.Request([]sim.Key{sim.Key(i % 10), sim.Key(i % 7)}, 1)
		require.NoError(t, err)
	}
	require.Less(t, stack.Stamps(), 1000)
	for i := range 1000 {
		stack.Advance(99_999 + float64(i)/1000)
		_, err := engine.Request(nil, 1)
		require.NoError(t, err)
	}
	require.Less(t, stack.Stamps(), 1000, "requests without chunks need no memory")
	stack.Advance(100_000)
	require.EqualValues(t, 10, stack.Resident())
	stack.Advance(99_999 + 1e9 - 5)
	require.EqualValues(t, 10, stack.Resident())
	stack.Advance(99_999 + 1e9 - 2)
	require.EqualValues(t, 6, stack.Resident(), "three requests of two chunks each")
	stack.Advance(99_999 + 1e9 + 1)
	require.Zero(t, stack.Resident())
}

// TestStampsFollowChunks touches single chunks, each at a time of its own, between two renumberings. Chunks expire in one
// stack, and keep their ages in the other.
func TestStampsFollowChunks(t *testing.T) {
	const chunks, ttl = 5000, 4000.0
	kept, expiring := simtest.NewEngine(sim.HeadFirst), simtest.NewEngine(sim.HeadFirst)
	kept.Stack.KeepAges()
	expiring.Stack.SetTTL(ttl)
	r := rand.New(rand.NewPCG(1, 1))
	last, most := make([]float64, chunks), 0
	for i := range 100_000 {
		now := float64(i)
		key := i
		if i >= chunks {
			key = r.IntN(chunks)
		}
		for _, engine := range []*simtest.Engine{kept, expiring} {
			engine.Stack.Advance(now)
			steps, err := engine.Request([]sim.Key{sim.Key(key)}, 1)
			require.NoError(t, err)
			if i >= chunks && engine == expiring {
				require.Equal(t, now-last[key] > ttl, steps.Runs[0].Expired)
			}
			most = max(most, engine.Stack.Stamps())
		}
		if i >= chunks {
			require.Equal(t, []sim.MaxAge{{N: 1, Seconds: now - last[key]}}, kept.Stack.MaxAges())
		}
		last[key] = now
	}
	require.LessOrEqual(t, most, 2*chunks)
}
