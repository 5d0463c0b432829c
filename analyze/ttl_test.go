package analyze

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// agedRecords makes a log with times since the Unix epoch, which a float64 holds to a fraction of a microsecond. Many
// requests come together, and some are late.
func agedRecords(r *rand.Rand, kind string, n int) []log.Record {
	records := randomRecords(r, kind, n)
	now := 1711929600.0
	for i := range records {
		now += []float64{0, 0, 0.001, r.Float64(), 1, 2.5, 20 * r.ExpFloat64()}[r.IntN(7)]
		records[i].Timestamp = now
		if r.IntN(15) == 0 {
			records[i].Timestamp -= 40 * r.Float64()
		}
	}
	return records
}

// someTTLs returns n TTLs: distances between requests, mostly close ones, to the nanosecond, the nanosecond before and after,
// and others.
func someTTLs(r *rand.Rand, records []log.Record, delay time.Duration, n int) (ttls []time.Duration) {
	seen := map[time.Duration]bool{}
	for len(ttls) < n {
		i, j := r.IntN(len(records)), r.IntN(len(records))
		if r.IntN(4) > 0 {
			j = min(i+r.IntN(4), len(records)-1)
		}
		a, b := records[i].Timestamp, records[j].Timestamp
		ttl := time.Duration(math.Abs(a-b)*1e9) - delay + time.Duration(r.IntN(3)-1)
		if r.IntN(4) == 0 {
			ttl = time.Duration(math.Exp(30*r.Float64())) + 1
		}
		if ttl > 0 && !seen[ttl] {
			seen[ttl] = true
			ttls = append(ttls, ttl)
		}
	}
	return ttls
}

// TestTTLsEqualEachTTL compares fifty TTLs from one pass with a replay for each: in both touch orders, in chunks and bytes,
// with warm-up, store delay, admission, shared caches of models, unlike and unknown sizes, and late records.
func TestTTLsEqualEachTTL(t *testing.T) {
	t.Parallel()
	for i, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for _, delay := range []time.Duration{0, 3300 * time.Millisecond} {
				for _, warmup := range []int64{0, 60} {
					t.Run(fmt.Sprint(kind, "/order ", order, "/delay ", delay, "/warmup ", warmup), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(i), uint64(order)+uint64(delay)+uint64(warmup)))
						opts := Options{TouchOrder: order, Cache: Cache{StoreDelay: delay, Admit: r.IntN(4)}, IgnoreModel: r.IntN(2) == 0,
							Capacities: []units.Capacity{units.InChunks(1), units.InChunks(7), units.InChunks(33), units.InChunks(120), {Unit: units.Unlimited}}}
						if kind != "unknown" {
							opts.Capacities = append(opts.Capacities, units.InBytes(95), units.InBytes(700), units.InBytes(5000), units.InChunks(33))
						}
						compareTTLs(t, agedRecords(r, kind, 200), opts, warmup, r)
					})
				}
			}
		}
	}
}

func compareTTLs(t *testing.T, records []log.Record, opts Options, warmup int64, r *rand.Rand) {
	replayed := func(opts Options) *Report {
		p := newReplay(&opts, nil)
		p.warmupRequests = warmup
		replayRecords(t, p, records)
		return reportOf(t, p)
	}
	without := replayed(opts)
	several := opts
	several.TTLs = &TTLOptions{TTLs: someTTLs(r, records, opts.Cache.StoreDelay, 50), Capacities: opts.Capacities, Grid: r.IntN(2) == 0}
	got := replayed(several)
	require.Equal(t, without.Results, got.Results)
	require.Equal(t, without.Ceiling, got.Ceiling)
	require.Len(t, got.TTLs, 50*len(opts.Capacities))
	expires := false
	for i, ttl := range several.TTLs.TTLs {
		opts.Cache.TTL = ttl
		want := replayed(opts)
		for j, w := range want.Results {
			require.Equal(t, TTLResult{TTL: ttl.Seconds(), CapacityBytes: w.CapacityBytes, CapacityChunks: w.CapacityChunks,
				HitTokens: w.HitTokens, TokenHitRate: w.TokenHitRate}, got.TTLs[i*len(want.Results)+j], "%s at %s", ttl, opts.Capacities[j])
			expires = expires || w.HitTokens > 0 && w.HitTokens < without.Results[j].HitTokens
		}
	}
	require.True(t, expires)
	for j, w := range without.Results {
		require.Equal(t, w.HitTokens, got.TTLCurve.Forever[j])
	}
}

// TestReferenceTTLs does the same with a real trace.
func TestReferenceTTLs(t *testing.T) {
	files, _ := readReference(t)
	for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
		opts := Options{TouchOrder: order, Warmup: Warmup{Fraction: 0.2}, Capacities: []units.Capacity{units.InChunks(3000), units.InBytes(10000 * 1024), {Unit: units.Unlimited}}}
		several := opts
		several.TTLs = &TTLOptions{Capacities: opts.Capacities}
		r := rand.New(rand.NewPCG(1, 1))
		for i := range time.Duration(50) {
			several.TTLs.TTLs = append(several.TTLs.TTLs, i*time.Minute+time.Duration(1+r.IntN(60))*time.Second)
		}
		got, err := Run(t.Context(), files, several)
		require.NoError(t, err)
		for i, ttl := range several.TTLs.TTLs {
			opts.Cache.TTL = ttl
			want, err := Run(t.Context(), files, opts)
			require.NoError(t, err)
			for j, w := range want.Results {
				require.Equal(t, w.HitTokens, got.TTLs[i*len(want.Results)+j].HitTokens, "%s at %s", ttl, opts.Capacities[j])
			}
		}
	}
}

// TestTTLCurve reads a curve at each of its TTLs: a conversation that goes on after 10 s, 100 s and 1,000 s.
func TestTTLCurve(t *testing.T) {
	var records []log.Record
	for _, now := range []float64{0, 10, 110, 1110} {
		records = append(records, log.Record{Timestamp: now, ChunkSize: 4, SeqLen: 10, ChunkHashes: []string{"a", "b"}})
	}
	report := runLog(t, records, Options{TTLs: &TTLOptions{TTLs: []time.Duration{1500 * time.Second, 100 * time.Second, time.Millisecond, 24 * time.Hour},
		Capacities: []units.Capacity{units.InChunks(1)}, Grid: true}})
	curve := report.TTLCurve
	require.Equal(t, []units.Capacity{units.InChunks(1), {Unit: units.Unlimited}}, curve.Capacities)
	require.EqualValues(t, 40, curve.TotalTokens)
	require.Equal(t, []int64{0, 24}, curve.Forever, "the tail misses")
	for i, ttl := range curve.TTLs {
		want := int64(0)
		for _, age := range []float64{10, 100, 1000} {
			if age <= ttl.Seconds() {
				want += 8
			}
		}
		require.Equal(t, []int64{0, want}, curve.HitTokens[i], ttl)
	}
	require.IsIncreasing(t, curve.TTLs)
	require.Equal(t, []time.Duration{time.Millisecond, time.Second, 1060 * time.Millisecond}, curve.TTLs[:3])
	last := len(curve.TTLs) - 1
	require.Equal(t, []time.Duration{1060 * time.Second, 1120 * time.Second, 1500 * time.Second, 24 * time.Hour}, curve.TTLs[last-3:],
		"the grid ends past the 1,110 s of the log, the listed ones are all there")
	require.Contains(t, curve.TTLs, 5*time.Minute)
	require.Equal(t, []float64{1500, 100, 0.001, 86400}, report.Settings.TTLs)
	require.Nil(t, report.Settings.TTL)

	var csv strings.Builder
	require.NoError(t, WriteTTLCSV(&csv, curve))
	lines := strings.Split(strings.TrimSpace(csv.String()), "\n")
	require.Len(t, lines, 1+2*(len(curve.TTLs)+1))
	require.Equal(t, []string{"ttl_seconds,capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,capacity_label", "0.001,,1,0,40,0,1 chunk", "0.001,,,0,40,0,unlimited"}, lines[:3])
	require.Equal(t, []string{"86400,,1,0,40,0,1 chunk", "86400,,,24,40,0.6,unlimited", ",,1,0,40,0,1 chunk", ",,,24,40,0.6,unlimited"}, lines[len(lines)-4:])
}

// TestTTLsOfOneRequest has a log without a span.
func TestTTLsOfOneRequest(t *testing.T) {
	records := []log.Record{{Timestamp: 5, ChunkSize: 4, SeqLen: 4, ChunkHashes: []string{"a"}}}
	report := runLog(t, records, Options{TTLs: &TTLOptions{TTLs: []time.Duration{time.Hour}, Grid: true}})
	require.Equal(t, []time.Duration{time.Second, time.Hour}, report.TTLCurve.TTLs)
	require.Equal(t, []TTLResult{{TTL: 3600}}, report.TTLs)
}

// TestTTLGrid holds that the grid is what its comment says, up to the longest duration.
func TestTTLGrid(t *testing.T) {
	opts := TTLOptions{Grid: true}
	ttls := opts.ttls(false)
	require.IsIncreasing(t, ttls)
	require.Equal(t, time.Second, ttls[0])
	require.Greater(t, ttls[len(ttls)-1], time.Duration(math.MaxInt64-math.MaxInt64/10))
	for i := 1; i < len(ttls); i++ {
		require.Less(t, float64(ttls[i])/float64(ttls[i-1]), 1.072)
	}
	for _, sold := range PromptCacheTTLs() {
		require.Contains(t, ttls, sold)
	}
}

func TestTTLOptions(t *testing.T) {
	of := func(ttls ...time.Duration) *TTLOptions { return &TTLOptions{TTLs: ttls} }
	for _, tt := range []struct {
		opts Options
		want string
	}{
		{Options{TTLs: of(time.Second, time.Hour)}, ""},
		{Options{TTLs: of()}, "there are no TTLs"},
		{Options{TTLs: of(time.Second, 0)}, "TTL 0 s: must be above zero"},
		{Options{TTLs: of(-time.Second)}, "TTL -1 s: must be above zero"},
		{Options{TTLs: of(5*time.Minute, time.Hour, 300*time.Second)}, "TTL 5 min is given twice"},
		{Options{TTLs: of(time.Second), Cache: Cache{TTL: time.Second}}, "give one or the other"},
		{Options{TTLs: of(time.Second), Cache: Cache{Watermark: &sim.Watermark{Trigger: 1, Ratio: 1}}}, ErrTTLsNeedLRU.Error()},
		{Options{TTLs: &TTLOptions{TTLs: []time.Duration{1}, Capacities: make([]units.Capacity, 1)}}, "must be above zero, and below 2^63-1"},
	} {
		if err := tt.opts.Check(); tt.want == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, tt.want)
		}
	}
	_, err := Run(context.Background(), findLog(t, randomRecords(rand.New(rand.NewPCG(1, 1)), "unknown", 9)),
		Options{TTLs: &TTLOptions{TTLs: []time.Duration{1}, Capacities: []units.Capacity{units.InBytes(5)}}})
	require.ErrorContains(t, err, "no dtypes and shapes")
}
