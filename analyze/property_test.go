package analyze

import (
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

// TestReportEqualsPlainReplay compares every figure of a report with a plain replay: at many capacities in both units, in
// both touch orders, with and without warm-up, with all kinds of sizes.
func TestReportEqualsPlainReplay(t *testing.T) {
	t.Parallel()
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for _, ignoreModel := range []bool{false, true} {
				for _, warmup := range []float64{0, 0.3} {
					t.Run(fmt.Sprint(kind, "/order ", order, "/ignore ", ignoreModel, "/warmup ", warmup), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(seed), uint64(order)))
						records := randomRecords(r, kind, 220)
						opts := Options{TouchOrder: order, IgnoreModel: ignoreModel, Warmup: Warmup{Fraction: warmup}}
						compareWithPlain(t, records, opts, kind != "unknown")
					})
				}
			}
		}
	}
}

// TestManyRequestsWait has more requests with pending touches than are numbered ahead.
func TestManyRequestsWait(t *testing.T) {
	t.Parallel()
	records := randomRecords(rand.New(rand.NewPCG(3, 33)), "by model", 900)
	opts := Options{Cache: Cache{StoreDelay: 600 * time.Second}, Capacities: []units.Capacity{units.InChunks(40), units.InBytes(700)}}
	report := runLog(t, records, opts)
	for i, c := range opts.Capacities {
		want := replayPlain(records, c.N, c.Unit, opts, 0, 20)
		require.NotZero(t, want.hits)
		require.Equal(t, want.hits, report.Results[i].HitTokens)
		require.Equal(t, want.chunkHits, report.Results[i].ChunkHits)
	}
}

// TestServersEqualPlainReplay does the same with caches as servers run them.
func TestServersEqualPlainReplay(t *testing.T) {
	t.Parallel()
	watermarks := []*sim.Watermark{nil, {Trigger: 0.8, Ratio: 0.2}, {Trigger: 0.6, Ratio: 0.5, Interval: 5}}
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for i, w := range watermarks {
			for _, delay := range []time.Duration{0, 2500 * time.Millisecond} {
				for _, ttl := range []time.Duration{0, 9 * time.Second} {
					for _, warmup := range []float64{0, 0.3} {
						t.Run(fmt.Sprint(kind, "/watermark ", i, "/delay ", delay, "/ttl ", ttl, "/warmup ", warmup), func(t *testing.T) {
							t.Parallel()
							r := rand.New(rand.NewPCG(uint64(seed), uint64(delay+ttl)))
							order := []sim.Order{sim.HeadFirst, sim.TailFirst}[r.IntN(2)]
							opts := Options{TouchOrder: order, Warmup: Warmup{Fraction: warmup}, Cache: Cache{Watermark: w, StoreDelay: delay, TTL: ttl}}
							compareWithPlain(t, randomRecords(r, kind, 110), opts, kind != "unknown")
						})
					}
				}
			}
		}
	}
}

func compareWithPlain(t *testing.T, records []log.Record, opts Options, bytes bool) {
	for n := int64(1); n < 700; n += 1 + n/6 {
		opts.Capacities = append(opts.Capacities, units.InChunks(n))
		if bytes {
			opts.Capacities = append(opts.Capacities, units.InBytes(n*11))
		}
	}
	opts.Capacities = append(opts.Capacities, units.Capacity{Unit: units.Unlimited})
	opts.Rolling = &RollingOptions{Window: 20 * time.Second, Capacities: opts.Capacities}
	report, hits := runWithHits(t, records, opts)
	warmup := int(math.Floor(opts.Warmup.Fraction * float64(len(records))))
	for i, c := range opts.Capacities {
		n := c.N
		if c.Unit == units.Unlimited {
			n = math.MaxInt64
		}
		want := replayPlain(records, n, c.Unit, opts, warmup, 20)
		compareResult(t, c, want, report.Results[i])
		compareWindows(t, want, report.Rolling, i)
		require.Equal(t, want.requestHits, hits[i], "request by request at %s", c)
	}
}

// runWithHits replays records, and returns besides what each counted request hits, by capacity.
func runWithHits(t *testing.T, records []log.Record, opts Options) (_ *Report, hits [][]int64) {
	hits = make([][]int64, len(opts.Capacities))
	opts.OnHits = func(h *RequestHits) error {
		for i, n := range h.HitTokens {
			hits[i] = append(hits[i], n)
		}
		return nil
	}
	return runLog(t, records, opts), hits
}

func compareResult(t *testing.T, c units.Capacity, want plain, got Result) {
	require.Equal(t, want.hits, got.HitTokens, "hit tokens at %s", c)
	require.Equal(t, want.total, got.TotalTokens)
	require.Equal(t, want.cacheable, got.CacheableTokens)
	require.Equal(t, want.miss, got.MissTokens, "miss kinds at %s", c)
	require.Equal(t, got.TotalTokens-got.HitTokens, got.MissTokens.Tail+got.MissTokens.Cold+got.MissTokens.Capacity+got.MissTokens.BrokenPrefix+want.expired+want.notAdmitted+want.unaligned)
	require.Equal(t, want.chunkHits, got.ChunkHits, "chunk hits at %s", c)
	require.Equal(t, want.lookups, got.ChunkLookups)
	require.Equal(t, want.evicted, *got.Evictions, "evictions at %s", c)
	require.Equal(t, want.residents, *got.ResidentChunks, "residents at %s", c)
	var models int64
	for _, m := range got.Models {
		require.Equal(t, want.modelHits[m.Name], m.HitTokens, "%s at %s", m.Name, c)
		models += m.TotalTokens
	}
	require.Equal(t, want.total, models)
}

func compareWindows(t *testing.T, want plain, rolling *Rolling, line int) {
	require.Len(t, rolling.Windows, len(want.windowHits))
	var total int64
	for _, w := range rolling.Windows {
		require.Equal(t, want.windowHits[w.Start], w.HitTokens[line], "window %g", w.Start)
		require.Equal(t, w.Start+20, w.End)
		total += w.TotalTokens
	}
	require.Equal(t, want.total, total)
}

// TestTargetsAreTheSmallestCapacities compares them with a search over every capacity.
func TestTargetsAreTheSmallestCapacities(t *testing.T) {
	t.Parallel()
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3))
		kind := []string{"equal", "by model", "unknown"}[seed%3]
		records := randomRecords(r, kind, 120)
		var opts Options
		for _, text := range []string{"1%", "12.5%", "33.3%", "60%", "99.9%", "1%ofceiling", "50%ofceiling", "99%ofceiling", "100%ofceiling"} {
			target, err := ParseTarget(text)
			require.NoError(t, err)
			opts.Targets = append(opts.Targets, target)
		}
		report := runLog(t, records, opts)
		rates := map[int64]float64{} // plain hit tokens at every capacity
		hits := func(c int64) float64 {
			unit := units.Chunks
			if kind == "by model" {
				unit = units.Bytes
			}
			if _, ok := rates[c]; !ok && c > 0 {
				rates[c] = float64(replayPlain(records, c, unit, opts, 0, 20).hits)
			}
			return rates[c]
		}
		for i, target := range opts.Targets {
			percent, _ := target.percent.Float64()
			whole := float64(report.Input.TotalTokens)
			if target.ofCeiling {
				whole = float64(report.Ceiling.HitTokens)
			}
			got := report.Targets[i]
			reachable := float64(report.Ceiling.HitTokens)*100 >= percent*whole-1e-6
			require.Equal(t, reachable, got.Reachable, target)
			if !reachable {
				require.Equal(t, report.Ceiling.TokenHitRate, got.TokenHitRate)
				require.Nil(t, got.CapacityBytes)
				require.Nil(t, got.CapacityChunks)
				continue
			}
			found := got.CapacityChunks
			if kind == "by model" {
				require.Nil(t, found)
				found = got.CapacityBytes
			}
			require.GreaterOrEqual(t, hits(*found)*100, percent*whole-1e-6, "%s reached", target)
			require.Less(t, hits(*found-1)*100, percent*whole, "%s not reached by less", target)
		}
	}
}

// TestCurveIsWhatEveryCapacityGives reads the curve at every capacity and compares it with listed capacities.
func TestCurveIsWhatEveryCapacityGives(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(9, 9)), "by model", 150)
	curve := runLog(t, records, Options{}).Curve
	require.Equal(t, units.Bytes, curve.Unit)
	last := Figures{}
	for c := int64(1); c < 5000; c += 13 {
		f := curve.At(c)
		require.Equal(t, replayPlain(records, c, units.Bytes, Options{}, 0, 20).hits, f.HitTokens)
		require.GreaterOrEqual(t, f.HitTokens, last.HitTokens)
		last = f
	}
	require.Zero(t, curve.At(0).HitTokens)
}

// TestDefaultLinesNeedNoSecondPass compares lines chosen after the pass with the same lines given before it.
func TestDefaultLinesNeedNoSecondPass(t *testing.T) {
	for _, kind := range []string{"equal", "by model", "unknown"} {
		records := randomRecords(rand.New(rand.NewPCG(5, 5)), kind, 400)
		chosen := runLog(t, records, Options{Rolling: &RollingOptions{}})
		asked := runLog(t, records, Options{Rolling: &RollingOptions{Window: chosen.Rolling.Window, Capacities: chosen.Rolling.Lines}})
		require.Equal(t, asked.Rolling, chosen.Rolling)
		require.Equal(t, 5*time.Second, chosen.Rolling.Window, "about 600 s in at most 200 windows")
		lines := chosen.Rolling.Lines
		require.Equal(t, units.Capacity{Unit: units.Unlimited}, lines[len(lines)-1])
		require.Len(t, lines, 3)
		require.True(t, slices.IsSortedFunc(lines[:2], func(a, b units.Capacity) int { return int(a.N - b.N) }))
		for _, c := range lines[:2] {
			require.Zero(t, c.N&(c.N-1), "%s is a power of two", c)
			require.Equal(t, chosen.Curve.Unit, c.Unit)
		}
	}
}
