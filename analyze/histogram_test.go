package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// randomSpans makes spans of the step, which may overlap and repeat.
func randomSpans(r *rand.Rand, n int, step int64) (spans []span) {
	for range n {
		spans = append(spans, span{lo: 1 + r.Int64N(2500), step: step, n: 1 + r.Int64N(200)*r.Int64N(2), weight: 1 + r.Int64N(5)})
	}
	return append(spans, spans[:n/3]...)
}

// TestHistograms compares both kinds with a table of weights.
func TestHistograms(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, tt := range []struct {
		name  string
		made  histogram
		step  int64
		spans int
		heavy int64
		mixed bool // steps
	}{
		{"empty", &dense{}, 1, 0, 1, false},
		{"dense", &dense{}, 1, 500, 1, false},
		{"dense, some wide", &dense{}, 1, 500, math.MaxInt32 / 20, false},
		{"dense, all wide", &dense{}, 1, 500, math.MaxInt32 + 1, false},
		{"empty", &sparse{}, 1, 0, 1, false},
		{"sparse", &sparse{}, 7, 500, 1, false},
		{"sparse, joined", &sparse{}, 3, 20_000, 1, false},
		{"sparse, joined, mixed", &sparse{}, 2, 40_000, 1, true},
	} {
		want := make([]int64, 6000)
		for i, s := range randomSpans(r, tt.spans, tt.step) {
			s.weight *= tt.heavy
			if tt.mixed {
				s.step += int64(i % 3)
			}
			tt.made.add(s)
			for i := range s.n {
				want[s.lo+i*s.step] += s.weight
			}
		}
		compareSums(t, tt.made, want)
	}
}

// compareSums holds a histogram against the weights by depth.
func compareSums(t *testing.T, h histogram, weights []int64) {
	var sums, capacities []int64
	var sum int64
	for depth, w := range weights {
		sum += w
		sums = append(sums, sum)
		capacities = append(capacities, int64(depth))
	}
	require.Equal(t, sums, h.sums(capacities))
	require.Equal(t, []int64{sum, sum, sum}, h.sums([]int64{7000, 7000, math.MaxInt64}))
	require.Empty(t, h.sums(nil))
	require.Equal(t, sum, h.total())
	for want := int64(0); want <= sum; want += 1 + sum/50 {
		c, ok := h.reach(want)
		require.True(t, ok)
		require.GreaterOrEqual(t, sums[c], want)
		require.True(t, c == 1 || sums[c-1] < want, "%d is not the smallest that reaches %d", c, want)
	}
	_, ok := h.reach(sum + 1)
	require.False(t, ok)
}

func TestScaled(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	var h dense
	weights := make([]int64, 3000*2)
	for _, s := range randomSpans(r, 300, 1) {
		h.add(s)
		for i := range s.n {
			weights[2*(s.lo+i)] += s.weight
		}
	}
	compareSums(t, h.scaled(2), weights)
}

// TestJoinBoundsMemory adds the same spans over and over.
func TestJoinBoundsMemory(t *testing.T) {
	var h sparse
	for i := range int64(1_000_000) {
		h.add(span{lo: i % 1000, step: 5, n: 3, weight: 1})
	}
	require.LessOrEqual(t, len(h.spans), minSpans)
	require.Equal(t, int64(3_000_000), h.total())
}
