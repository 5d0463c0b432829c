package stream

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// plainMedian sorts all spacings.
func plainMedian(list []float64) float64 {
	sorted := slices.Sorted(slices.Values(list))
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	return (sorted[n/2-1] + sorted[n/2]) / 2
}

func plainAbove(list []float64, least float64) (n int64) {
	for _, x := range list {
		if x > least {
			n++
		}
	}
	return n
}

// TestSpacingsAreExact compares with a sorted list, also in between, before more are added.
func TestSpacingsAreExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	var s Spacings
	var all []float64
	for n := range 3 * recentSpacings {
		x := math.Ceil(rng.ExpFloat64()*20_000) / 1024
		s.Add(x)
		all = append(all, x)
		if n < 20 || n%50_001 == 0 {
			m := s.Median()
			require.Equal(t, plainMedian(all), m, "of %d", n+1)
			require.Equal(t, plainAbove(all, 10*m), s.Above(10*m))
		}
	}
	require.True(t, s.Exact())
	require.Less(t, len(s.counted), 300_000)
}

// TestSpacingsThatAllDiffer has more distinct spacings than are kept apart: their median is nearly right, and memory is
// bounded.
func TestSpacingsThatAllDiffer(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var s Spacings
	var all []float64
	most := 0
	for range 3 * maxSpacings {
		x := rng.ExpFloat64()
		s.Add(x)
		all = append(all, x)
		most = max(most, len(s.counted))
	}
	require.LessOrEqual(t, most, maxSpacings)
	require.False(t, s.Exact())
	m := plainMedian(all)
	require.NotEqual(t, m, s.Median())
	require.InEpsilon(t, m, s.Median(), 1e-5)
	require.InEpsilon(t, plainAbove(all, 10*m), s.Above(10*m), 1e-2)
	require.LessOrEqual(t, cap(s.counted), 2*maxSpacings)
	require.LessOrEqual(t, cap(s.recent), 2*recentSpacings)
}

// TestSpacingsOfAnySize rounds numbers of all magnitudes as far as necessary.
func TestSpacingsOfAnySize(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var s Spacings
	var all []float64
	for range 2 * maxSpacings {
		x := math.Float64frombits(1 + rng.Uint64N(math.Float64bits(math.MaxFloat64)))
		s.Add(x)
		all = append(all, x)
	}
	require.InEpsilon(t, plainMedian(all), s.Median(), 0.002)
	require.LessOrEqual(t, len(s.counted), maxSpacings)

	for want, few := range map[float64][]float64{
		5e-324:          {5e-324, 5e-324},
		math.MaxFloat64: {math.MaxFloat64, 1.5e308, math.MaxFloat64},
		1.25e308:        {1.5e308, 1e308},
	} {
		var s Spacings
		for _, x := range few {
			s.Add(x)
		}
		require.Equal(t, want, s.Median())
	}
}

// TestSpacingsMerge merges the spacings of several streams, few or so many that they are rounded, and compares them with
// those of one stream.
func TestSpacingsMerge(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8))
	draw := func(n int) (list []float64) {
		for range n {
			list = append(list, rng.ExpFloat64())
		}
		return list
	}
	const many, half = maxSpacings + 1000, maxSpacings/2 + 1000
	for _, parts := range [][][]float64{
		{draw(3), draw(2)},
		{draw(3), {}, {1, 1, 2}, {1, 3}},
		{draw(10), draw(many)},
		{draw(many), draw(10)},
		{draw(half), draw(half)},
	} {
		var merged, all Spacings
		for _, list := range parts {
			var part Spacings
			for _, x := range list {
				all.Add(x)
				part.Add(x)
			}
			merged.Merge(&part)
			require.EqualValues(t, len(list), part.n)
			merged.Add(2)
			all.Add(2)
		}
		all.count()
		require.Equal(t, all.Exact(), merged.Exact())
		require.Equal(t, all.n, merged.n)
		require.Equal(t, all.Median(), merged.Median())
		require.True(t, slices.Equal(all.counted, merged.counted), "%d parts", len(parts))
		require.LessOrEqual(t, len(merged.counted), maxSpacings)
	}
}
