package idcount

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSumsEqualMaps compares counters of random rows, merged from parts, with maps.
func TestSumsEqualMaps(t *testing.T) {
	for seed := range uint64(6) {
		rng := rand.New(rand.NewPCG(seed, 2))
		counters := make([]*Counter, 1+rng.IntN(4))
		plain := make([]map[uint32]int64, len(counters))
		for i := range counters {
			counters[i], plain[i] = &Counter{}, map[uint32]int64{}
			for range 3 {
				var part Counter
				for range rng.IntN(60) {
					first, n := uint32(rng.IntN(300)), 1+rng.IntN(40)
					if rng.IntN(12) == 0 {
						first, n = uint32(2*pageSize-10+rng.IntN(20)), 1+rng.IntN(pageSize+50)
					}
					for range 1 + rng.IntN(40) {
						part.AddRow(first, n)
						for k := range n {
							plain[i][first+uint32(k)]++
						}
					}
				}
				counters[i].Merge(&part)
			}
		}
		want := make([]map[int64]int64, len(counters))
		sums := map[uint32]int64{}
		for i := range plain {
			want[i] = map[int64]int64{}
			for id, n := range plain[i] {
				sums[id] += n
			}
			for _, n := range sums {
				want[i][n]++
			}
		}
		got := make([]map[int64]int64, len(counters))
		for i := range got {
			got[i] = map[int64]int64{}
		}
		Sums(counters, func(i int, count, ids int64) { got[i][count] += ids })
		require.Equal(t, want, got, "%d", seed)
	}
}
