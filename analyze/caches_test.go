package analyze

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// inPasses replays records and returns the purpose of each pass.
func inPasses(t *testing.T, records []log.Record, opts Options) (*Report, []string) {
	var passes []string
	opts.OnPass = func(what string, _ *log.Reader) { passes = append(passes, what) }
	report, err := Run(context.Background(), findLog(t, records), opts)
	require.NoError(t, err)
	return report, passes
}

// TestGridOfBatchedCaches compares a grid, its targets and its rolling lines with plain replays of every capacity.
func TestGridOfBatchedCaches(t *testing.T) {
	for seed, kind := range []string{"equal", "by model", "unknown"} {
		records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 21)), kind, 150)
		target, err := ParseTarget("80%ofceiling")
		require.NoError(t, err)
		opts := Options{TouchOrder: sim.TailFirst, Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.7, Ratio: 0.4}},
			Grid: &GridOptions{Points: 40}, Rolling: &RollingOptions{Window: 20 * time.Second}, Targets: []Target{target}}
		report, passes := inPasses(t, records, opts)
		require.Equal(t, []string{"looking for the range", "replaying", "narrowing the targets"}, passes)
		require.False(t, report.Table.Exact)
		require.Equal(t, report.Curve.Unit, report.Table.Unit)
		unit := report.Table.Unit
		require.Equal(t, report.Ceiling.HitTokens, report.Table.Figures[len(report.Table.Figures)-1].HitTokens, "the grid reaches the ceiling")
		var reached int64
		for i, c := range report.Table.Capacities {
			want := replayPlain(records, c, unit, opts, 0, 20)
			got := report.Table.Figures[i]
			require.Equal(t, want.hits, got.HitTokens)
			require.Equal(t, want.miss, got.Miss)
			require.Equal(t, want.chunkHits, got.ChunkHits)
			if reached == 0 && want.hits*10 >= report.Ceiling.HitTokens*8 {
				reached = c
			}
		}
		got := report.Targets[0]
		require.True(t, got.Reachable)
		found := got.CapacityBytes
		if unit == units.Chunks {
			found = got.CapacityChunks
		}
		require.False(t, got.Exact)
		require.LessOrEqual(t, *found, reached)
		hits := func(c int64) int64 { return replayPlain(records, c, unit, opts, 0, 20).hits }
		require.GreaterOrEqual(t, hits(*found)*10, report.Ceiling.HitTokens*8)
		require.InDelta(t, Rate(hits(*found), report.Curve.totals.tokens), got.TokenHitRate, 1e-12)
		below := report.Table.Capacities[max(0, slices.Index(report.Table.Capacities, reached)-1)]
		if closest := int64(math.Ceil(float64(*found) / 1.011)); closest > below && closest < *found {
			require.Less(t, hits(closest)*10, report.Ceiling.HitTokens*8, "a capacity 1 %% smaller is not enough")
		}
		require.Nil(t, report.Ceiling.CapacityBytes)
		require.Nil(t, report.Ceiling.CapacityChunks)
		for line, c := range report.Rolling.Lines {
			n := c.Limit()
			want := replayPlain(records, n, unit, opts, 0, 20)
			if c.Unit == units.Unlimited {
				require.Equal(t, report.Ceiling.HitTokens, want.hits)
			}
			compareWindows(t, want, report.Rolling, line)
		}
	}
}

// TestGivenGridNeedsOnePass checks that no pass looks for capacities that are given.
func TestGivenGridNeedsOnePass(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 1)), "equal", 60)
	opts := Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.7, Ratio: 0.4}},
		Grid:    &GridOptions{From: units.InChunks(3), To: units.InChunks(50), Points: 5},
		Rolling: &RollingOptions{Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}}}
	require.False(t, opts.TakesRangePass())
	report, passes := inPasses(t, records, opts)
	require.Equal(t, []string{"replaying"}, passes)
	require.Equal(t, Grid{Unit: units.Chunks, Capacities: []int64{3, 6, 12, 25, 50}}, report.Table.Grid)
	require.Equal(t, units.Bytes, report.Curve.Unit)
	for i, c := range report.Table.Capacities {
		require.Equal(t, replayPlain(records, c, units.Chunks, opts, 0, 20).hits, report.Table.Figures[i].HitTokens)
	}

	mixed := opts
	mixed.Grid = &GridOptions{From: units.InChunks(3), To: units.InBytes(500)}
	require.True(t, mixed.TakesRangePass(), "the size of a chunk is to be found")

	opts.Rolling.Capacities = nil
	require.True(t, opts.TakesRangePass(), "the lines are to be chosen")
	report, passes = inPasses(t, records, opts)
	require.Len(t, passes, 2)
	require.Equal(t, []int64{3, 6, 12, 25, 50}, report.Table.Capacities)
	require.Greater(t, len(report.Rolling.Lines), 1)

	opts.Cache.Watermark = nil
	require.False(t, opts.TakesRangePass(), "a curve has it all")

	opts.Cache.Watermark = &sim.Watermark{Trigger: 0.7, Ratio: 0.4}
	opts.Grid = &GridOptions{From: units.InBytes(1), To: units.InBytes(50)}
	_, err := Run(context.Background(), findLog(t, randomRecords(rand.New(rand.NewPCG(1, 1)), "unknown", 60)), opts)
	require.ErrorContains(t, err, "no dtypes and shapes")
}

// TestWarmupBeforeTheRange counts the requests once for both passes.
func TestWarmupBeforeTheRange(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(2, 2)), "equal", 100)
	opts := Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2}}, Grid: &GridOptions{Points: 5}, Warmup: Warmup{Fraction: 0.5}}
	report, passes := inPasses(t, records, opts)
	require.Equal(t, []string{"counting requests", "looking for the range", "replaying"}, passes)
	for i, c := range report.Table.Capacities {
		want := replayPlain(records, c, units.Bytes, opts, 50, 20)
		require.Equal(t, want.hits, report.Table.Figures[i].HitTokens)
		require.Equal(t, want.total, report.Table.Figures[i].TotalTokens)
	}
}

// TestGridReachesTheCeiling has a hot set that is accessed again at a depth far below the number of chunks. The cache hits
// it always only if each batch leaves that much.
func TestGridReachesTheCeiling(t *testing.T) {
	var records []log.Record
	for i := range 4000 {
		hash := fmt.Sprint("once ", i)
		if i%2 == 0 {
			hash = fmt.Sprint("hot ", i/2%100)
		}
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{hash}})
	}
	for _, ratio := range []float64{0.2, 0.9, 1} {
		report := runLog(t, records, Options{TouchOrder: sim.TailFirst, Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: ratio}}, Grid: &GridOptions{}})
		last := len(report.Table.Capacities) - 1
		require.Equal(t, report.Ceiling.HitTokens, report.Table.Figures[last].HitTokens, "ratio %g", ratio)
		require.Less(t, report.Table.Figures[0].HitTokens, report.Ceiling.HitTokens)
		require.LessOrEqual(t, report.Table.Capacities[last], int64(2888))
	}
	whole, err := ParseTarget("100%ofceiling")
	require.NoError(t, err)
	opts := Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2}}, Grid: &GridOptions{}, Targets: []Target{whole}}
	report := runLog(t, records, opts)
	require.True(t, report.Targets[0].Reachable)
	require.Equal(t, report.Ceiling.TokenHitRate, report.Targets[0].TokenHitRate)
	require.Less(t, report.Table.Capacities[len(report.Table.Capacities)-1], int64(400), "200 deep, in batches that leave 0.64 of the capacity")

	opts.Grid = &GridOptions{From: units.InChunks(10), To: units.InChunks(20)}
	report = runLog(t, records, opts)
	require.Equal(t, TargetResult{Target: "100%ofceiling"}, report.Targets[0], "no capacity of the table hits anything")
}

// TestGridOfUnlikeSizes has large old chunks, so that a batch of a fifth of all chunks holds nearly all bytes.
func TestGridOfUnlikeSizes(t *testing.T) {
	var records []log.Record
	ask := func(hash string, size int64) {
		records = append(records, log.Record{Timestamp: float64(len(records)), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{hash},
			DTypes: []string{"int8"}, Shapes: [][]int64{{size}}})
	}
	ask("old", 759)
	for range 2 {
		ask("A", 1000)
		ask("B", 1000)
		for i := range 20 {
			ask(fmt.Sprint("small ", i), 1)
		}
	}
	report := runLog(t, records, Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2}}, Grid: &GridOptions{}})
	last := len(report.Table.Capacities) - 1
	require.Equal(t, report.Ceiling.HitTokens, report.Table.Figures[last].HitTokens)
	require.GreaterOrEqual(t, report.Table.Capacities[last], int64(3473))
}

func TestTargetsNeedACurve(t *testing.T) {
	target, err := ParseTarget("80%")
	require.NoError(t, err)
	opts := Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.8, Ratio: 0.2}}, Targets: []Target{target}}
	require.ErrorIs(t, opts.Check(), ErrTargetNeedsCurve)
	_, err = Run(context.Background(), nil, opts)
	require.ErrorContains(t, err, "a target needs a curve")
	opts.Grid = &GridOptions{}
	require.NoError(t, opts.Check())
}

// TestTimeNeverGoesBack replays a record that is too late to be sorted: it counts as arriving at the latest time before it,
// and the chunks it touches get that age.
func TestTimeNeverGoesBack(t *testing.T) {
	r := newReplay(&Options{Cache: Cache{TTL: 10 * time.Second, StoreDelay: time.Second}}, nil)
	lookUp := func(at float64, first uint32, n int) (expired, cold int) {
		require.NoError(t, r.add(&log.Entry{Timestamp: at, ChunkSize: 1, SeqLen: int64(n), Hashes: make([]uint64, n)}, []sim.Row{{First: first, N: n}}))
		y := r.sums.tally
		expired, cold = int(y.chunks.Columns()[expiredTokens].Total()), int(y.totals.coldTokens)
		*y = *newTally(true)
		return expired, cold
	}
	_, cold := lookUp(100, 0, 2)
	require.Equal(t, 2, cold)
	_, cold = lookUp(50, 0, 2)
	require.Equal(t, 2, cold, "stored at 101, and it is still 100")
	expired, cold := lookUp(110.5, 0, 2)
	require.Zero(t, expired+cold, "9.5 s old")
	expired, _ = lookUp(200, 0, 2)
	require.Equal(t, 2, expired)
	require.Equal(t, 200.0, r.now)
}

// TestLateBatches expects one more batch when time goes back, although the interval isn't over.
func TestLateBatches(t *testing.T) {
	r := newReplay(&Options{Cache: Cache{Watermark: &sim.Watermark{Trigger: 0.5, Ratio: 0.5, Interval: 10}}, Capacities: []units.Capacity{units.InChunks(10)}}, &followed{})
	next := uint32(0)
	resident := func(at float64, n int) int64 {
		require.NoError(t, r.add(&log.Entry{Timestamp: at, ChunkSize: 1, SeqLen: int64(n), Hashes: make([]uint64, n)}, []sim.Row{{First: next, N: n}}))
		next += uint32(n)
		return r.caches.list[0].resident()
	}
	require.EqualValues(t, 3, resident(20, 5))
	require.EqualValues(t, 4, resident(100, 1))
	require.EqualValues(t, 3, resident(50, 2), "a batch, at 100")
	require.EqualValues(t, 6, resident(105, 3), "5 s after that")
	require.EqualValues(t, 4, resident(110, 1))
}

func TestCacheOptions(t *testing.T) {
	for _, tt := range []struct {
		cache Cache
		want  string
	}{
		{Cache{StoreDelay: time.Second, TTL: time.Second, Watermark: &sim.Watermark{Trigger: 1, Ratio: 0.1, Interval: 1}}, ""},
		{Cache{StoreDelay: -time.Second}, "store delay -1 s: must not be negative"},
		{Cache{Admit: 1}, ""},
		{Cache{Admit: -1}, "admission from lookup -1 on: must be from 1 to 255"},
		{Cache{Admit: 256}, "admission from lookup 256 on: must be from 1 to 255"},
		{Cache{TTL: -time.Second}, "TTL -1 s: must not be negative"},
		{Cache{Watermark: &sim.Watermark{Trigger: 0, Ratio: 0.5}}, "eviction from 0 of the capacity on"},
		{Cache{Watermark: &sim.Watermark{Trigger: 0.5, Ratio: math.NaN()}}, "eviction from 0.5 of the capacity on, of NaN"},
		{Cache{Watermark: &sim.Watermark{Trigger: 0.5, Ratio: 1.5}}, "of 1.5 of the chunks"},
		{Cache{Watermark: &sim.Watermark{Trigger: 0.5, Ratio: 0.5, Interval: -1}}, "every -1 s"},
	} {
		opts := Options{Cache: tt.cache}
		if err := opts.Check(); tt.want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, tt.want)
		}
	}
	require.EqualError(t, (&Options{Tiers: &TierOptions{}}).Check(), "there are no tiers")
}

func TestPresets(t *testing.T) {
	for _, p := range Presets() {
		found, err := FindPreset(p.Name)
		require.NoError(t, err)
		require.Equal(t, p, found)
		require.NotEmpty(t, p.Source)
		_, err = time.Parse(time.DateOnly, p.Date)
		require.NoError(t, err)
	}
	_, err := FindPreset("fifo")
	require.EqualError(t, err, `cache "fifo": must be lru, lmcache-server, vllm, redis, valkey, redis-lfu, memcached or memcached-flat`)
}
