package distribution

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCountsEqualSortedNumbers compares counts of random numbers, some taken away again and some merged, with sorted lists.
func TestCountsEqualSortedNumbers(t *testing.T) {
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 1))
		number := func() int64 { return rng.Int64N(math.MaxInt64) >> rng.IntN(63) }
		var parts [2]Counts
		var list []int64
		for range rng.IntN(400) {
			c := &parts[rng.IntN(2)]
			switch n := rng.Int64N(5); {
			case n == 4:
				first, n := number()>>2, 1+rng.Int64N(1000)
				c.AddRow(first, n)
				for i := range n {
					list = append(list, first+i)
				}
			default:
				v := number()
				c.Add(v, n+1)
				c.Add(v, -1)
				for range n {
					list = append(list, v)
				}
				if n == 0 { // its maximum stays
					c.Add(v, 1)
					list = append(list, v)
				}
			}
		}
		var all Counts
		all.Merge(&parts[0])
		all.Merge(&parts[1])
		slices.Sort(list)
		require.EqualValues(t, len(list), all.N())
		sum := new(big.Float)
		for _, v := range list {
			sum.Add(sum, new(big.Float).SetInt64(v))
		}
		mean, _ := new(big.Float).Quo(sum, big.NewFloat(max(1, float64(len(list))))).Float64()
		require.InEpsilon(t, 1+mean, 1+all.Mean(), 1e-12)
		for p := int64(1); p <= 100; p++ {
			want := int64(0)
			if n := int64(len(list)); n > 0 {
				want = list[(n*p+99)/100-1]
				require.Equal(t, list[n-1], all.Max())
			}
			got := all.Percentile(p)
			require.InDelta(t, want, got, float64(want)/256, "p%d", p)
			if want < exact {
				require.Equal(t, want, got)
			}
			require.LessOrEqual(t, got, all.Max())
		}
	}
}

// TestClasses checks that classes follow one another without a gap, and are narrow.
func TestClasses(t *testing.T) {
	next := int64(0)
	class := 0
	for ; next >= 0; class++ {
		first, last := bounds(class)
		require.Equal(t, next, first)
		require.Equal(t, class, classOf(first))
		require.Equal(t, class, classOf(last))
		require.LessOrEqual(t, float64(last-first), float64(first)/128)
		next = last + 1 // overflows after the last
	}
	require.Equal(t, 7296, class, "as the package comment says")
	first, last := ClassOf(1000)
	require.Equal(t, []int64{1000, 1003}, []int64{first, last})
}

func TestNoNumbers(t *testing.T) {
	var c Counts
	require.Equal(t, []float64{0, 0, 0}, []float64{c.Mean(), float64(c.Max()), float64(c.Percentile(50))})
	c.Merge(&Counts{})
	require.Zero(t, c.N())
}
