package analyze

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
)

func TestBracket(t *testing.T) {
	table := Table{Grid: Grid{Capacities: []int64{50 << 30, 64 << 30, step(289), step(290)}},
		Figures: []Figures{{HitTokens: 10}, {HitTokens: 20}, {HitTokens: 40}, {HitTokens: 30}}}
	require.Empty(t, table.bracket(41).tried, "reached by none")
	require.Empty(t, table.bracket(10).tried, "reached by the first")
	got := table.bracket(25)
	require.Equal(t, int64(25), got.want)
	var labels []string
	for _, c := range got.tried {
		labels = append(labels, units.InBytes(c).Label())
	}
	require.Equal(t, []string{"64.62 GiB", "65.25 GiB", "65.88 GiB", "66.52 GiB", "67.16 GiB", "67.81 GiB", "68.47 GiB", "69.13 GiB"}, labels)

	small := Table{Grid: Grid{Unit: units.Chunks, Capacities: []int64{7, 12}}, Figures: []Figures{{}, {HitTokens: 1}}}
	require.Equal(t, []int64{8, 9, 10, 11}, small.bracket(1).tried)
	adjacent := Table{Grid: Grid{Unit: units.Chunks, Capacities: []int64{7, 8}}, Figures: []Figures{{}, {HitTokens: 1}}}
	require.Empty(t, adjacent.bracket(1).tried)
}

// TestNoTargetPass holds that nothing is replayed again if no answer can be narrowed, or if answers are exact.
func TestNoTargetPass(t *testing.T) {
	records := loop(20, 8)
	all, err := ParseTarget("100%ofceiling")
	require.NoError(t, err)
	none, err := ParseTarget("100%")
	require.NoError(t, err)
	opts := Options{Grid: &GridOptions{From: units.InChunks(30), To: units.InChunks(40)}, Targets: []Target{all, none}}
	report, passes := inPasses(t, records, opts)
	require.Equal(t, []string{"replaying"}, passes)
	require.True(t, report.Targets[0].Exact && report.Targets[1].Exact)

	opts.Cache.Watermark = &sim.Watermark{Trigger: 1, Ratio: .1}
	report, passes = inPasses(t, records, opts)
	require.Equal(t, []string{"replaying"}, passes)
	require.Equal(t, int64(30), *report.Targets[0].CapacityChunks, "the first of the grid")
	require.False(t, report.Targets[0].Exact || report.Targets[1].Exact)
}

// TestTargetPass compares a narrowed target with results at listed capacities, with all that changes what the cache holds.
func TestTargetPass(t *testing.T) {
	target, err := ParseTarget("60%ofceiling")
	require.NoError(t, err)
	opts := Options{TouchOrder: sim.TailFirst, Grid: &GridOptions{Points: 6}, Targets: []Target{target}, Warmup: Warmup{Duration: 30 * time.Second},
		Cache:   Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2, Interval: 2}, StoreDelay: 3 * time.Second, TTL: 90 * time.Second, Admit: 2},
		Rolling: &RollingOptions{}, By: Dimensions(), Audit: true, Capacities: []units.Capacity{units.InChunks(50)}}
	records := loop(300, 8, 12)
	for i := range records {
		records[i].Timestamp = float64(i) / 10
	}
	for i := range 100 { // the last are asked for soon again
		records = append(records, records[500+i%50])
		records[len(records)-1].Timestamp = 60 + float64(i)/10
	}
	report, passes := inPasses(t, records, opts)
	require.Equal(t, []string{"looking for the range", "replaying", "narrowing the targets"}, passes)
	got := report.Targets[0]
	require.True(t, got.Reachable)
	require.NotContains(t, report.Table.Capacities, *got.CapacityBytes)
	listed := opts
	listed.Grid, listed.Targets = nil, nil
	listed.Capacities = []units.Capacity{units.InBytes(*got.CapacityBytes), units.InBytes(*got.CapacityBytes * 100 / 102)}
	again, err := Run(context.Background(), findLog(t, records), listed)
	require.NoError(t, err)
	require.Equal(t, again.Results[0].TokenHitRate, got.TokenHitRate)
	require.Less(t, again.Results[1].HitTokens*100, report.Ceiling.HitTokens*60)
	require.GreaterOrEqual(t, again.Results[0].HitTokens*100, report.Ceiling.HitTokens*60)
}
