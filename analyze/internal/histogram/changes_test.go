package histogram

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestChangesStandForAHistogram puts the changes of histograms into others, beside what these hold, and compares the weights by depth.
func TestChangesStandForAHistogram(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, heavy := range []int64{1, math.MaxInt32 / 20, math.MaxInt32 + 1} {
		from, into := newMiddle(), newMiddle()
		weights := make([]int64, 6000)
		for i, s := range randomSpans(r, 300, 1) {
			s.Weight *= heavy
			from.Add(s)
			for k := range s.N {
				weights[s.Lo+k] += s.Weight
			}
			if i < 20 {
				into.Dense.Add(1, s)
				for k := range s.N {
					weights[s.Lo+k] += s.Weight
				}
			}
		}
		changes := slices.Collect(from.Changes(1))
		total := from.Dense.Total(1)
		require.Error(t, into.Put(1, changes, total-1))
		require.NoError(t, into.Put(1, changes, total))
		require.Equal(t, changes[len(changes)-1].Depth-1, into.Deepest())
		into.Dense.Add(0, Span{Lo: 3, Step: 1, N: 1, Weight: 1}) // counting goes on
		compareSums(t, into, weights)
		require.Zero(t, into.Deepest(), "nothing is left to be made")

		merged := newMiddle()
		again := NewDense(3)
		require.NoError(t, again.Put(1, slices.Collect(into.Changes(1)), math.MaxInt64))
		merged.Merge(again)
		compareSums(t, merged, weights)
	}
}

// TestImpossibleChanges puts changes that no histogram has.
func TestImpossibleChanges(t *testing.T) {
	for _, changes := range [][]Change{
		{{1, 5}},
		{{1, 5}, {3, -4}},
		{{1, -5}, {3, 5}},
		{{3, 5}, {1, -5}},
		{{1, 0}},
		{{-1, 5}, {3, -5}},
		{{1, 5}, {MaxDepth + 2, -5}},
		{{1, math.MaxInt64}, {3, -math.MaxInt64}},
		{{1, math.MaxInt64}, {2, math.MaxInt64}, {3, -math.MaxInt64}, {3, -math.MaxInt64}},
		{{1, math.MinInt64}},
		{{1, 1 << 40}, {MaxDepth, -1 << 40}},
		{{1, 51}, {3, -51}},
	} {
		h := NewDense(1)
		require.Error(t, h.Put(0, changes, 100), "%v", changes)
		require.Zero(t, h.Total(0))
		require.Zero(t, h.Deepest())
	}
	h := NewDense(1)
	require.NoError(t, h.Put(0, []Change{{1, 50}, {3, -50}}, 100))
	require.Equal(t, int64(100), h.Total(0))
	require.NoError(t, h.Put(0, nil, 0))
}

// TestSpans compares the spans of a histogram with its weights.
func TestSpans(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for _, n := range []int{0, 1, 700, 20_000} {
		var h, again Sparse
		for _, s := range randomSpans(r, n, 3) {
			h.Add(s)
		}
		spans := h.Spans()
		require.True(t, slices.IsSortedFunc(spans, func(a, b Span) int { return int(a.Lo - b.Lo) }))
		for i, s := range spans {
			again.Add(s)
			require.False(t, i > 0 && s.sameDepths(spans[i-1]))
		}
		depths := make([]int64, 6000)
		for i := range depths {
			depths[i] = int64(i)
		}
		require.Equal(t, h.Sums(depths), again.Sums(depths))
	}
}
