package sim_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

// TestMaxAgesEqualPlainLRU compares the hit prefix of every lookup, at many TTLs and capacities, with plain caches that
// have these. Requests wait to be touched, in some of the traces.
func TestMaxAgesEqualPlainLRU(t *testing.T) {
	t.Parallel()
	for _, g := range generators {
		for _, sizing := range sizings {
			for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
				t.Run(g.name+"/"+sizing.name, func(t *testing.T) {
					t.Parallel()
					for seed := range uint64(3) {
						r := rand.New(rand.NewPCG(seed, uint64(order)))
						checkMaxAges(t, inTime(r, g.make(r, 120), sizing.size), order, pick(r, 0, 0.5, 7.0))
					}
				})
			}
		}
	}
}

// aged is a plain cache with a TTL.
type aged struct {
	capacity int64
	inBytes  bool
	plain    *simtest.LRU
}

// hitPrefix returns how many leading chunks hit, going by needs and ages.
func (c aged) hitPrefix(runs []sim.Run, maxAges []sim.MaxAge) (n int) {
	var ages []float64
	for _, m := range maxAges {
		for range m.N {
			ages = append(ages, m.Seconds)
		}
	}
	for i, need := range simtest.Needs(runs) {
		size := need.Chunks
		if c.inBytes {
			size = need.Bytes
		}
		if need.Chunks == sim.Never || size > c.capacity || ages[i] > c.plain.TTL {
			return i
		}
	}
	return len(ages)
}

func checkMaxAges(t *testing.T, trace []timed, order sim.Order, delay float64) {
	s := &served{stack: sim.NewStack(order), policy: simtest.Policy{StoreDelay: delay}}
	s.stack.KeepAges()
	var caches []aged
	for _, ttl := range []float64{0.25, 1, 3.5, 8, 20, 60, 1e6} {
		for _, capacity := range []int64{3, 20, 150, math.MaxInt64 - 1} {
			for _, inBytes := range []bool{false, true} {
				plain := newPlain(capacity, inBytes, order)
				plain.Policy = simtest.Policy{StoreDelay: delay, TTL: ttl}
				caches = append(caches, aged{capacity, inBytes, plain})
			}
		}
	}
	index := sim.NewSmallIndex()
	now := -50.0
	for _, req := range trace {
		now += req.after
		rows, err := index.Number(req.keys, nil)
		require.NoError(t, err)
		s.settle(t, now)
		s.advance(now)
		runs, touches := s.stack.LookUp(rows, req.size)
		checkShape(t, s.stack.MaxAges())
		for _, c := range caches {
			want := c.plain.RequestAt(now, req.keys, req.size).HitPrefix
			expect(t, "hit prefix", want, c.hitPrefix(runs, s.stack.MaxAges()))
		}
		s.waiting = append(s.waiting, waiting{now + delay, touches.Clone()})
		s.settle(t, now)
		if t.Failed() {
			t.Fatalf("order %v, delay %g", order, delay)
		}
	}
}

// checkShape holds that no stretch is empty, and that ages rise: chunks touched together are one stretch.
func checkShape(t testing.TB, maxAges []sim.MaxAge) {
	last := -1.0
	for _, m := range maxAges {
		require.Positive(t, m.N)
		require.Greater(t, m.Seconds, last)
		last = m.Seconds
	}
}

// TestMaxAgesAreFew has a conversation of ten turns, looked up as a whole: in one order its oldest chunk comes first, in the
// other each turn adds nothing older, since each turn touches the whole conversation.
func TestMaxAgesAreFew(t *testing.T) {
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		engine := simtest.NewEngine(order)
		engine.Stack.KeepAges()
		keys := []sim.Key{}
		for turn := range 10 {
			for range 5 {
				keys = append(keys, sim.Key(len(keys)))
			}
			engine.Stack.Advance(float64(turn))
			_, err := engine.Request(keys, 1)
			require.NoError(t, err)
		}
		engine.Stack.Advance(20)
		_, err := engine.Request(keys, 1)
		require.NoError(t, err)
		require.Equal(t, []sim.MaxAge{{N: 50, Seconds: 11}}, engine.Stack.MaxAges())
	}
}

// TestKeptAgesAreWalked holds that the walk of a stack tells when each chunk was touched.
func TestKeptAgesAreWalked(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	engine.Stack.KeepAges()
	for i, keys := range [][]sim.Key{{1, 2}, {3}, {1}} {
		engine.Stack.Advance(float64(10 * i))
		_, err := engine.Request(keys, 1)
		require.NoError(t, err)
	}
	var touched []float64
	for c := range engine.Stack.All() {
		require.False(t, c.Expired)
		touched = append(touched, c.Touched)
	}
	require.Equal(t, []float64{20, 10, 0}, touched)
}
