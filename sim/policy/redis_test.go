package policy

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// wandering makes up a trace of chunks of which some are new, some are old and most are of late, over times that come round in the clocks
// of servers: 2^24 seconds, and 2^16 minutes.
func wandering(r *rand.Rand, requests int) (trace []made) {
	seen := sighted{}
	now := []float64{0, 1<<24 - 300, 60<<16 - 300}[r.IntN(3)]
	pause := []float64{0.02, 0.5, 5}[r.IntN(3)] // on average
	for i := range requests {
		now += pause * r.ExpFloat64()
		q := made{size: 1 + r.Int64N(40)<<r.IntN(12), at: now, unit: 1, limit: 99, counted: true}
		for at := i/2 + int(20*r.NormFloat64()*r.ExpFloat64()); len(q.ids) < 1+r.IntN(6); at++ {
			q.ids = append(q.ids, seen.ids(max(0, at))...)
		}
		trace = append(trace, q)
	}
	return trace
}

// TestSampledEqualsPlain compares the caches that sample with their plain twin where tables grow and shrink and the pool is full.
func TestSampledEqualsPlain(t *testing.T) {
	t.Parallel()
	for _, spec := range []Spec{parsed(t, "redis"), parsed(t, "redis:samples=3:seed=7"), parsed(t, "valkey:samples=64"), parsed(t, "redis-lfu"), parsed(t, "redis-lfu:samples=1:seed=4")} {
		t.Run(spec.String(), func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(12) {
				r := rand.New(rand.NewPCG(seed, 91))
				trace := wandering(r, 300)
				c := Capacity{N: 1 + r.Int64N(120)}
				if seed%2 > 0 {
					c = Capacity{N: c.N * spec.Taken(1000), InBytes: true}
				}
				checkEqual(t, spec, trace, c, sim.Order(r.IntN(2)), 1)
			}
		})
	}
}

// TestServerBytes holds the bytes that servers count to a walk through the size classes.
func TestServerBytes(t *testing.T) {
	t.Parallel()
	redis, valkey := parsed(t, "redis"), parsed(t, "valkey")
	r := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		n := 1 + r.Int64N(1<<(1+r.IntN(58)))
		for size := max(1, n-13); size < n+2; size++ {
			require.Equal(t, plainRedisBytes(size), redis.Taken(size), size)
			require.Equal(t, plainValkeyBytes(size), valkey.Taken(size), size)
		}
	}
	for mib, more := range map[int64]float64{1: 25, 32: 25, 64: 25, 128: 25, 80: 20, 100: 12} {
		size := mib << 20
		require.InDelta(t, more, 100*float64(redis.Taken(size)-size)/float64(size), 0.02, "%d MiB", mib)
	}
	require.Equal(t, int64(math.MaxInt64), redis.Taken(math.MaxInt64))
	require.Zero(t, redis.Taken(0), "unknown")
}

// TestSeedsBeginWithTheGivenOne has the largest seed, which none follows.
func TestSeedsBeginWithTheGivenOne(t *testing.T) {
	var seeds []float64
	for _, spec := range parsed(t, "redis:seed=9007199254740992").Seeds(3) {
		seeds = append(seeds, spec.Option(optSeed))
	}
	require.Equal(t, []float64{1 << 53, 0, 1}, seeds)
}

// TestSeedsDiffer holds that a seed gives the same figures again, and another one others.
func TestSeedsDiffer(t *testing.T) {
	t.Parallel()
	trace := newTrace(conversations(t, 300, oneSize))
	for _, spec := range []Spec{parsed(t, "redis"), parsed(t, "valkey"), parsed(t, "redis-lfu")} {
		seen := map[Result]bool{}
		for _, spec := range spec.Seeds(5) {
			for range 2 {
				got, err := trace.Replay(context.Background(), spec, Capacity{N: 500}, sim.HeadFirst)
				require.NoError(t, err)
				seen[got] = true
			}
		}
		require.Len(t, seen, 5, spec)
	}
}

// TestPool follows the pool by hand: it keeps the 16 best, forgets the worst and gives the best, stale or not.
func TestPool(t *testing.T) {
	t.Parallel()
	var p pool
	for idle := range uint32(20) {
		p.offer(100+idle, idle)
	}
	p.offer(1, 4)  // as bad as the worst: it stays out
	p.offer(2, 5)  // as good as the second: the worst makes room, and it is the worst now
	p.offer(3, 99) // best
	require.Equal(t, poolSize, p.n)
	require.Equal(t, []uint32{3, 119, 118}, []uint32{p.take(), p.take(), p.take()})
	p.offer(4, 17) // before its equal
	require.Equal(t, []uint32{117, 4, 116}, []uint32{p.take(), p.take(), p.take()})
	for p.n > 1 {
		p.take()
	}
	require.Equal(t, uint32(105), p.take())
}

// TestClocksComeRound follows the ages over the turn of their clocks.
func TestClocksComeRound(t *testing.T) {
	t.Parallel()
	idle := &idleClock{}
	idle.at(1<<24 - 10.5) // second 2^24 − 11
	bits := idle.stored()
	idle.at(1<<24 - 1)
	require.Equal(t, uint32(10), idle.idle(bits))
	idle.at(1<<24 + 4.9)
	require.Equal(t, uint32(14), idle.idle(bits), "15 s; the server loses one at the turn")

	hits := &hitCounter{numbers: rand.NewPCG(1, 0)}
	hits.at(60 * 65534)
	bits = hits.read(hits.stored())
	require.Equal(t, uint32(65534<<8|6), bits, "the first reads always count")
	require.Equal(t, uint32(255-6), hits.idle(bits))
	hits.at(60 * (65536 + 1))
	require.Equal(t, uint32(255-4), hits.idle(bits), "3 min; the server loses one at the turn")
	hits.at(60 * (65536 + 100))
	require.Equal(t, uint32(255), hits.idle(bits), "forgotten")
}
