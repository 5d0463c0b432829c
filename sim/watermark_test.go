package sim_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/simtest"
)

func TestWatermarkCheck(t *testing.T) {
	for _, w := range []sim.Watermark{{1, 1, 0}, {0.8, 0.2, 3.5}, {1e-300, 1e-300, math.Inf(1)}} {
		require.NoError(t, w.Check())
	}
	for _, w := range []sim.Watermark{{}, {0, 0.5, 0}, {1.01, 0.5, 0}, {0.5, 0, 0}, {0.5, 1.01, 0}, {-0.5, 0.5, 0}, {0.5, 0.5, -1},
		{math.NaN(), 0.5, 0}, {0.5, math.NaN(), 0}, {0.5, 0.5, math.NaN()}} {
		require.Error(t, w.Check(), "%+v", w)
		require.Panics(t, func() { sim.NewBatched(1, w) })
		require.Panics(t, func() { sim.NewBatchedInBytes(1, w) })
	}
	w := sim.Watermark{Trigger: 1.5, Ratio: math.NaN(), Interval: -2}
	require.EqualError(t, w.Check(), "eviction from 1.5 of the capacity on, of NaN of the chunks, every -2 s: "+
		"the first two must be above 0 and up to 1, and the time not negative")
}

func TestBatchedNeedsACapacity(t *testing.T) {
	w := sim.Watermark{Trigger: 0.8, Ratio: 0.2}
	for _, n := range []int64{0, -5, math.MinInt64} {
		require.Panics(t, func() { sim.NewBatched(n, w) })
		require.Panics(t, func() { sim.NewBatchedInBytes(n, w) })
	}
}

// TestUnlimitedForgetsTheExpiredOnly fills an unlimited cache while chunks expire.
func TestUnlimitedForgetsTheExpiredOnly(t *testing.T) {
	engine := simtest.NewEngine(sim.HeadFirst)
	engine.Stack.SetTTL(10)
	cache := sim.NewUnlimited()
	for i := range 20 {
		engine.Stack.Advance(float64(i))
		cache.Expire(engine.Stack)
		steps, err := engine.Request([]sim.Key{sim.Key(i), 99}, 1<<50)
		require.NoError(t, err)
		hits, _ := cache.Touch(steps.Distances)
		require.EqualValues(t, min(i, 1), hits)
		cache.Evict(engine.Stack, float64(i))
		require.EqualValues(t, min(i+2, 12), cache.Resident(), "chunk 99 and the last 11")
	}
}
