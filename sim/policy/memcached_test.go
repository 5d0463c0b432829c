package policy

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// TestMemcachedEqualsPlain has values of several slab classes, and options far from their defaults.
func TestMemcachedEqualsPlain(t *testing.T) {
	t.Parallel()
	sizes := []int64{500, 1 << 16, 300_000, 600_000, 3 << 20}
	for _, text := range []string{"memcached", "memcached-flat", "memcached:hot_lru_pct=1:warm_lru_pct=79",
		"memcached:hot_lru_pct=60:warm_lru_pct=5:hot_max_factor=1.5:warm_max_factor=0.3", "memcached:hot_max_factor=1e6:warm_max_factor=1e-9"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(1, 2))
			for round := range 150 {
				some := sizes[:1+r.IntN(len(sizes))]
				size := func(r *rand.Rand) int64 { return some[r.IntN(len(some))] }
				trace := makeTrace(r, traffic[round%len(traffic)].keys, size, 5+r.IntN(60))
				c := Capacity{N: 1 + r.Int64N(20)}
				if c.InBytes = r.IntN(3) > 0; c.InBytes {
					c.N *= 1 + r.Int64N(2*slabBytes(some[len(some)-1]))
				}
				checkEqual(t, parsed(t, text), trace, c, sim.Order(r.IntN(2)), 1+r.IntN(2)*r.IntN(3))
			}
		})
	}
}

// TestMemcachedInTurns has requests so long that the maintainer looks at the cold chunks several times before it is done.
func TestMemcachedInTurns(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	long := func(r *rand.Rand) (keys []int) {
		from := r.IntN(1200)
		for i := range 600 + r.IntN(400) {
			keys = append(keys, from+i)
		}
		return keys
	}
	trace := makeTrace(r, long, func(*rand.Rand) int64 { return 1 << 20 }, 4)
	checkEqual(t, parsed(t, "memcached"), trace, Capacity{N: 1200}, sim.HeadFirst, 1)
}

// TestMemcachedStep follows a cache of ten chunks, one request a second.
func TestMemcachedStep(t *testing.T) {
	log := &Trace{}
	for second, ids := range [][]int{
		{0, 1, 2, 3, 4, 5, 6, 7}, // all hot; two may be: those before 6 turn cold
		{7},                      // fetched
		{7},                      // active: it goes to warm once it is the oldest
		{0},                      // fetched
		{0},                      // active in cold: warm at once
		{8, 9},                   // hot; 6 turns cold and 7 warm
		{10},                     // evicts 1
	} {
		log.Add(Request{Rows: rowsOf(ids), Time: float64(second), Counted: true})
	}
	r, err := log.newReplayer(parsed(t, "memcached:hot_max_factor=1e6:warm_max_factor=1e6"), Capacity{N: 10}, sim.HeadFirst)
	require.NoError(t, err)
	for i := range log.requests {
		r.request(i)
	}
	want := []place{inWarm | fetched, absent, inCold, inCold, inCold, inCold, inCold, inWarm | fetched, inCold, inHot, inHot}
	require.Equal(t, want, r.cache.room.place)
}

// TestMemcachedIdle holds that a chunk is hot as long as it has been idle for a fifth of the time of the oldest cold one.
func TestMemcachedIdle(t *testing.T) {
	for second, want := range map[float64]place{109: inHot, 124.9: inHot, 125: inHot, 126: inCold, 200: inCold} {
		log := &Trace{}
		log.Add(Request{Rows: rowsOf([]int{0, 1}), Time: 0})
		log.Add(Request{Rows: rowsOf([]int{2}), Time: 100})
		log.Add(Request{Rows: rowsOf([]int{0}), Time: second})
		r, err := log.newReplayer(parsed(t, "memcached:hot_lru_pct=40"), Capacity{N: 10}, sim.HeadFirst)
		require.NoError(t, err)
		for i := range log.requests {
			r.request(i)
		}
		require.Equal(t, want, r.cache.room.place[2], second)
	}
}

// TestMemcachedFlatStays holds that a use within a minute of the one before goes unseen.
func TestMemcachedFlatStays(t *testing.T) {
	for second, evicted := range map[float64]int{0: 0, 60: 0, 60.4: 0, 61: 1} {
		log := &Trace{}
		log.Add(Request{Rows: rowsOf([]int{0, 1}), Time: 0.5})
		log.Add(Request{Rows: rowsOf([]int{0}), Time: second + 0.5})
		log.Add(Request{Rows: rowsOf([]int{2}), Time: second + 0.5})
		r, err := log.newReplayer(parsed(t, "memcached-flat"), Capacity{N: 2}, sim.HeadFirst)
		require.NoError(t, err)
		for i := range log.requests {
			r.request(i)
		}
		require.Equal(t, absent, r.cache.room.place[evicted], second)
	}
}

// TestMemcachedTime has times that no clock shows.
func TestMemcachedTime(t *testing.T) {
	for _, spec := range []string{"memcached", "memcached-flat"} {
		log := &Trace{}
		for i, now := range []float64{-math.MaxFloat64, -1, 0.5, 1e300, math.MaxFloat64} {
			log.Add(Request{Rows: rowsOf([]int{0, i + 1}), Time: now, Unit: 1, Limit: 9, Counted: true})
		}
		got, err := log.Replay(context.Background(), parsed(t, spec), Capacity{N: 3}, sim.HeadFirst)
		require.NoError(t, err)
		require.Positive(t, got.Hit)
	}
}

// TestSlabBytes compares with memcached 1.6.18 itself: how many values of a size it held with -m, keys of 64 bytes and -I 128m, on
// 2026-11-28. A class takes whole pages, and a value has pieces of three classes at most: two pages and a value may be missing.
func TestSlabBytes(t *testing.T) {
	for _, at := range []struct{ megabytes, size, items int64 }{
		{64, 1024, 56_640},
		{64, 4000, 14_720},
		{64, 300_000, 192},
		{64, 500_000, 128},
		{64, 600_000, 108},
		{64, 1 << 20, 62},
		{256, 2 << 20, 127},
		{256, 3<<20 + 1000, 84},
		{512, 10 << 20, 51},
		{1024, 80 << 20, 12},
	} {
		took := slabBytes(at.size) * at.items
		require.InDelta(t, at.megabytes<<20, took, 2*slabPage+float64(slabBytes(at.size)), at.size)
		require.GreaterOrEqual(t, slabBytes(at.size), at.size)
	}
	require.EqualValues(t, math.MaxInt64, slabBytes(math.MaxInt64))
	before := int64(0)
	for size := int64(1); size < math.MaxInt64/9*8; size += 1 + size/8 {
		require.GreaterOrEqual(t, slabBytes(size), before, size)
		before = slabBytes(size)
	}
}
