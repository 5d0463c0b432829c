package analyze

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// TestGainsEqualReplays compares what caches gain with plain replays of both capacities.
func TestGainsEqualReplays(t *testing.T) {
	for seed, kind := range []string{"equal", "by model", "unknown"} {
		records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 5)), kind, 150)
		table := runLog(t, records, Options{Grid: &GridOptions{Points: 30}}).Table
		rate := func(c int64) float64 {
			p := replayPlain(records, c, table.Unit, Options{}, 0, 20)
			return Rate(p.hits, p.total)
		}
		step := table.Step()
		for i, gain := range table.Gains() {
			c := table.Capacities[i]
			require.InDelta(t, rate(2*c)-rate(c), *gain.PerDoubling, 1e-12)
			require.InDelta(t, rate(c+step)-rate(c), *gain.PerStep, 1e-12)
		}
	}
}

// TestGainsOfBatches has only the capacities of a table.
func TestGainsOfBatches(t *testing.T) {
	table := &Table{Grid: Grid{Unit: units.Chunks, Capacities: []int64{4, 8, 15, 32}}}
	for _, hits := range []int64{0, 300, 200, 700} {
		table.Figures = append(table.Figures, Figures{HitTokens: hits, TotalTokens: 1000})
	}
	require.Equal(t, int64(2), table.Step())
	gains := table.Gains()
	require.Equal(t, .3, *gains[0].PerDoubling)
	require.Equal(t, .2, *gains[1].PerDoubling, "two doublings")
	require.InDelta(t, .5/math.Log2(32./15), *gains[2].PerDoubling, 1e-15)
	require.Nil(t, gains[3].PerDoubling)
	require.InDelta(t, .15, *gains[0].PerStep, 1e-15, "two steps")
	require.InDelta(t, -.1/3.5, *gains[1].PerStep, 1e-15)
	require.Nil(t, gains[3].PerStep)

	table.Capacities = []int64{761, 1520, 1660, 3320} // 1520 is nearly twice 761
	gains = table.Gains()
	require.InDelta(t, .3/math.Log2(1520./761), *gains[0].PerDoubling, 1e-15)
}

func TestGainStep(t *testing.T) {
	for _, tt := range []struct {
		last int64
		unit units.Unit
		want int64
	}{
		{1, units.Bytes, 1},
		{600 << 30, units.Bytes, 64 << 30},
		{512 << 30, units.Bytes, 64 << 30},
		{511 << 30, units.Bytes, 32 << 30},
		{math.MaxInt64, units.Bytes, 64 << 30},
		{1, units.Chunks, 1},
		{15, units.Chunks, 1},
		{16, units.Chunks, 2},
		{79, units.Chunks, 5},
		{80, units.Chunks, 10},
		{200_000, units.Chunks, 20_000},
		{math.MaxInt64, units.Chunks, 1e18},
	} {
		require.Equal(t, tt.want, gainStep(tt.last, tt.unit), tt.last)
	}
}

func TestGainCSV(t *testing.T) {
	report := runLog(t, loop(10, 8), Options{Grid: &GridOptions{From: units.InBytes(8), To: units.InBytes(80), Points: 3, Linear: true}})
	var out strings.Builder
	require.NoError(t, WriteGainCSV(&out, report.Table))
	require.Equal(t, `capacity_bytes,capacity_chunks,token_hit_rate,gain_per_doubling,step_bytes,step_chunks,gain_per_step,capacity_label
8,1,0,0,8,1,0,8 B
40,5,0,0.3333333333333333,8,1,0,40 B
80,10,0.3333333333333333,0,8,1,0,80 B
`, out.String())

	batches := Cache{Watermark: &sim.Watermark{Trigger: 1, Ratio: 0.5}}
	report = runLog(t, loop(10), Options{Cache: batches, Grid: &GridOptions{From: units.InChunks(4), To: units.InChunks(16), Points: 3}})
	out.Reset()
	require.NoError(t, WriteGainCSV(&out, report.Table))
	require.Equal(t, `capacity_bytes,capacity_chunks,token_hit_rate,gain_per_doubling,step_bytes,step_chunks,gain_per_step,capacity_label
,4,0,0,,2,0,4 chunks
,8,0,0.3333333333333333,,2,0.08333333333333333,8 chunks
,16,0.3333333333333333,,,2,,16 chunks
`, out.String())
}

func TestMissesCSV(t *testing.T) {
	grid := &GridOptions{From: units.InBytes(40), To: units.InBytes(80), Points: 2}
	write := func(c Cache) string {
		var out strings.Builder
		require.NoError(t, WriteMissesCSV(&out, runLog(t, loop(10, 8), Options{Grid: grid, Cache: c}).Table))
		return out.String()
	}
	require.Equal(t, `capacity_bytes,capacity_chunks,total_tokens,token_hit_rate,capacity_miss_share,broken_prefix_share,cold_share,tail_share,capacity_label
40,5,120,0,0.3333333333333333,0,0.3333333333333333,0.3333333333333333,40 B
80,10,120,0.3333333333333333,0,0,0.3333333333333333,0.3333333333333333,80 B
`, write(Cache{}))
	require.Contains(t, write(Cache{TTL: time.Second}), "tail_share,expired_share,capacity_label\n40,5,120,0,0.3333333333333333,0,0.3333333333333333,0.3333333333333333,0,40 B\n80,10,120,0,0,0,0.3333333333333333,0.3333333333333333,0.3333333333333333,80 B\n")
	require.Contains(t, write(Cache{Admit: 2}), "tail_share,not_admitted_share,capacity_label\n40,5,120,0,0,0,0.3333333333333333,0.3333333333333333,0.3333333333333333,40 B\n")
	require.Contains(t, write(Cache{TTL: time.Hour, Admit: 2}), "tail_share,expired_share,not_admitted_share,capacity_label\n")
}
