package analyze

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// TestPolicyEqualsCompared compares a cache with a policy of its own, fed as the logs are read, with the same cache replayed from
// memory, and its parts with the whole.
func TestPolicyEqualsCompared(t *testing.T) {
	t.Parallel()
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for _, name := range []string{"fifo", "sieve", "radix", "random:seed=3"} {
			for round, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
				spec, err := policy.Parse(name)
				require.NoError(t, err)
				records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 53)), kind, 150)
				opts := Options{TouchOrder: order, Warmup: Warmup{Fraction: 0.3 * float64(round)}, Capacities: someCapacities(kind != "unknown")}
				c := compareLog(t, records, opts, name)
				opts.Cache = Cache{Name: spec.Name, Policy: &spec}
				opts.By = []Dimension{ByModel, ByLength}
				opts.Rolling = &RollingOptions{Window: 20 * time.Second, Capacities: opts.Capacities}
				opts.Stats = true
				got := runLog(t, records, opts)
				require.Equal(t, name, got.Settings.Cache)
				for i, r := range got.Results {
					what := fmt.Sprint(kind, name, order, opts.Capacities[i])
					sameResult(t, what, r, c.Caches[i])
					require.Equal(t, c.Caches[i].Spread, r.Spread, what)
					require.Equal(t, spec.Name == "random", r.Spread != nil, what)
					m := r.MissTokens
					require.Equal(t, r.TotalTokens-r.HitTokens, m.Tail+m.Cold+m.Capacity+m.BrokenPrefix, what)
					var models, windows int64
					for _, model := range r.Models {
						models += model.HitTokens
					}
					for _, w := range got.Rolling.Windows {
						windows += w.HitTokens[i]
					}
					require.Equal(t, r.HitTokens, models, what)
					require.Equal(t, r.HitTokens, windows, what)
				}
			}
		}
	}
}

// TestPolicyIsListedOnly refuses what such a cache can't tell.
func TestPolicyIsListedOnly(t *testing.T) {
	t.Parallel()
	spec, err := policy.Parse("fifo")
	require.NoError(t, err)
	target, err := ParseTarget("80%")
	require.NoError(t, err)
	of := Cache{Name: "fifo", Policy: &spec}
	aged := of
	aged.TTL = time.Hour
	for _, lacking := range []struct {
		lacks string
		opts  Options
	}{
		{"curve", Options{Cache: of, Grid: &GridOptions{}}},
		{"targets", Options{Cache: of, Targets: []Target{target}}},
		{"tiers", Options{Cache: of, Tiers: tiersOf(someCapacities(true))}},
		{"TTL", Options{Cache: aged}},
		{"TTL", Options{Cache: of, TTLs: &TTLOptions{TTLs: []time.Duration{time.Hour}}}},
		{"largest capacity", Options{Cache: of, MaxCapacity: someCapacities(false)[0]}},
		{"rows", Options{Cache: of, OnRow: func(*Row) error { return nil }}},
		{"curve", Options{Cache: of, Rolling: &RollingOptions{}}},
	} {
		_, err := Run(context.Background(), findLog(t, randomRecords(rand.New(rand.NewPCG(1, 1)), "equal", 5)), lacking.opts)
		var listed *ListedOnlyError
		require.ErrorAs(t, err, &listed, lacking.lacks)
		require.Equal(t, lacking.lacks, listed.Lacks)
	}
}

// TestServerCountsOneCapacityOnce has one number of chunks for a capacity in bytes, wherever a report gives it.
func TestServerCountsOneCapacityOnce(t *testing.T) {
	t.Parallel()
	spec := policy.Spec{Name: "redis"}
	opts := Options{Cache: Cache{Name: "redis", Policy: &spec}, BytesPerChunk: 5_000_000, Capacities: []units.Capacity{units.InBytes(100_000_000)}, Stats: true}
	opts.Rolling = &RollingOptions{Window: 20 * time.Second, Capacities: opts.Capacities}
	report := runLog(t, randomRecords(rand.New(rand.NewPCG(1, 54)), "equal", 50), opts)
	chunks := 100_000_000 / spec.Taken(5_000_000)
	require.Less(t, chunks, int64(20))
	require.Equal(t, chunks, *report.Results[0].CapacityChunks)
	require.Equal(t, chunks, *report.Stats.Capacities[0].CapacityChunks)
	require.Equal(t, chunks, *report.Rolling.Sizes[0].Chunks)
}

// TestSummaryHasNoPolicy asks a summary for what it has not counted.
func TestSummaryHasNoPolicy(t *testing.T) {
	t.Parallel()
	files := findLog(t, randomRecords(rand.New(rand.NewPCG(1, 55)), "equal", 20))
	summary, err := Summarize(context.Background(), files, Options{})
	require.NoError(t, err)
	one := "x"
	for _, asked := range []Options{
		{Capacities: someCapacities(false), Cache: Cache{Name: "redis", Policy: &policy.Spec{Name: "redis"}}},
		{MatchUnit: MatchUnit{N: 2}}, {Rechunk: 2}, {Granularities: []Granularity{{Rechunk: 2}}}, {Filter: Filter{Source: &one}},
	} {
		_, err := summary.Report(asked)
		require.Error(t, err, "%+v", asked)
	}
}
