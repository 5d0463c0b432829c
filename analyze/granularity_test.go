package analyze

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// TestGranularitiesEqualReplays compares the results of several granularities, from one pass, with a replay of each.
func TestGranularitiesEqualReplays(t *testing.T) {
	t.Parallel()
	kinds := []string{"equal", "by model", "disagreeing", "unknown"}
	random, err := policy.Parse("random:seed=2") // which has a spread
	require.NoError(t, err)
	for i := range 16 {
		kind := kinds[i%4]
		t.Run(fmt.Sprint(kind, "/", i), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(i), 81))
			records := chained(unlikeChunks(randomRecords(r, kind, 130)))
			opts := Options{TouchOrder: sim.Order(r.IntN(2)), MatchUnit: []MatchUnit{{}, {3, false}, {100, true}}[r.IntN(3)], Rechunk: []int{0, 0, 1, 2}[r.IntN(4)]}
			opts.Warmup.Fraction = []float64{0, 0.3}[r.IntN(2)]
			opts.Cache.StoreDelay = []time.Duration{0, 2500 * time.Millisecond}[r.IntN(2)]
			opts.Cache.Watermark = []*sim.Watermark{nil, {Trigger: 0.8, Ratio: 0.2}}[i/4%2]
			unit := units.Bytes
			if kind == "unknown" {
				unit = units.Chunks
			}
			for n := int64(6); n < 400; n *= 2 {
				opts.Capacities = append(opts.Capacities, units.InChunks(n))
				if unit == units.Bytes {
					opts.Capacities = append(opts.Capacities, units.InBytes(11*n))
				}
			}
			opts.Capacities = append(opts.Capacities, units.Capacity{Unit: units.Unlimited})
			opts.Granularities = []Granularity{{}, {MatchUnit: MatchUnit{2, false}}, {MatchUnit{40, true}, 2}, {Rechunk: 2}, {Rechunk: 1}, opts.granularity(), {MatchUnit{40, true}, 5}, {MatchUnit{100, true}, 2}}
			opts.Granularities = distinctOf(opts.Granularities)
			if i >= 12 {
				opts.Cache = Cache{Name: "random", Policy: &random}
			} else {
				opts.Grid = &GridOptions{From: units.Capacity{N: 3, Unit: unit}, To: units.Capacity{N: 2000, Unit: unit}}
			}
			report := runLog(t, records, opts)
			require.Len(t, report.Granularities, len(opts.Granularities))
			single := opts
			single.Granularities = nil
			plain := runLog(t, records, single)
			require.Equal(t, plain.Results, report.Results, "the list changes no other figure")
			require.Equal(t, plain.Ceiling, report.Ceiling)
			for j, g := range opts.Granularities {
				got := report.Granularities[j]
				single.MatchUnit, single.Rechunk = g.MatchUnit, g.Rechunk
				single.Capacities = nil
				for _, c := range opts.Capacities {
					if c.Unit == units.Chunks { // the same memory
						c.N = c.N * int64(max(opts.Rechunk, 1)) / int64(max(g.Rechunk, 1))
					}
					single.Capacities = append(single.Capacities, c)
				}
				if opts.Grid != nil { // whose capacities may be too many chunks
					single.Grid = &GridOptions{From: units.Capacity{N: 1, Unit: unit}, To: units.Capacity{N: 2000, Unit: unit}}
				}
				want := runLog(t, records, single)
				require.Equal(t, want.Ceiling, got.Ceiling, g)
				require.Len(t, got.Results, len(want.Results))
				for k := range want.Results {
					require.Equal(t, want.Results[k].MissTokens, got.Results[k].MissTokens, "%s at %s", g, opts.Capacities[k])
					require.Equal(t, withoutUnaligned(want.Results[k]), withoutUnaligned(got.Results[k]), "%s at %s", g, opts.Capacities[k])
				}
				require.Equal(t, want.Curve.totals.tokens, got.TotalTokens)
				if report.Table == nil {
					continue
				}
				require.Len(t, got.HitTokens, len(report.Table.Capacities))
				for k, c := range report.Table.listed() {
					if c.Unit == units.Chunks {
						c.N = c.N * int64(max(opts.Rechunk, 1)) / int64(max(g.Rechunk, 1))
					}
					if opts.Cache.Watermark == nil {
						require.Equal(t, want.curveIn(c.Unit).At(c.N).HitTokens, got.HitTokens[k], "%s at %s", g, c)
					}
				}
			}
		})
	}
}

// withoutUnaligned leaves out the misses, whose pointers differ.
func withoutUnaligned(r Result) Result {
	r.MissTokens = MissTokens{}
	return r
}

func distinctOf(list []Granularity) (out []Granularity) {
	for _, g := range list {
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// TestGranularityCapacities has the memory of four chunks as two of two.
func TestGranularityCapacities(t *testing.T) {
	records := chained(randomRecords(rand.New(rand.NewPCG(3, 3)), "equal", 50))
	report := runLog(t, records, Options{Capacities: []units.Capacity{units.InChunks(5), units.InBytes(50)}, Granularities: []Granularity{{}, {Rechunk: 2}}})
	small, large := report.Granularities[0].Results, report.Granularities[1].Results
	require.EqualValues(t, 5, *small[0].CapacityChunks)
	require.EqualValues(t, 2, *large[0].CapacityChunks)
	require.EqualValues(t, 40, *large[0].CapacityBytes, "there is no room for half a chunk")
	require.EqualValues(t, 50, *large[1].CapacityBytes)
	require.EqualValues(t, 2, *large[1].CapacityChunks)
	require.Equal(t, large[0].HitTokens, large[1].HitTokens)
	require.EqualValues(t, 16, report.Granularities[0].ChunkTokens)
	require.EqualValues(t, 32, report.Granularities[1].ChunkTokens)
}
