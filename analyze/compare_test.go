package analyze

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/option"
	"hashlog/sim/policy"
	"hashlog/sim/workload"
)

// compareLog compares caches by name on records.
func compareLog(t testing.TB, records []log.Record, opts Options, names ...string) *Comparison {
	t.Helper()
	return compareFiles(t, findLog(t, records), opts, names...)
}

func compareFiles(t testing.TB, files *log.Files, opts Options, names ...string) *Comparison {
	t.Helper()
	c, err := Compare(context.Background(), files, CompareOptions{Options: opts, Caches: cachesOf(t, names...), Points: 20})
	require.NoError(t, err)
	return c
}

// cachesOf parses names of caches; all of them if there are none.
func cachesOf(t testing.TB, names ...string) (list []ComparedCache) {
	if len(names) == 0 {
		return AllComparedCaches()
	}
	for _, name := range names {
		c, err := ParseComparedCache(name)
		require.NoError(t, err)
		list = append(list, c)
	}
	return list
}

// TestComparedLRUEqualsSimulate compares the rows of the caches that Run knows too with what Run finds at each capacity.
func TestComparedLRUEqualsSimulate(t *testing.T) {
	t.Parallel()
	server, err := FindPreset("lmcache-server")
	require.NoError(t, err)
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown", "beyond int64"} {
		known := kind != "unknown" && kind != "beyond int64" // sizes
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for admit, warmup := range []float64{0, 0, 0.3} {
				records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 51)), kind, 150)
				opts := Options{TouchOrder: order, Warmup: Warmup{Fraction: warmup}, Capacities: someCapacities(known), Cache: Cache{Admit: admit}}
				c := compareLog(t, records, opts, "lru", "lmcache-server")
				opts.Tiers = tiersOf(opts.Capacities)
				lru := runLog(t, records, opts)
				opts.Tiers, opts.TouchOrder, opts.Cache = nil, *server.TouchOrder, Cache{Watermark: server.Watermark, Admit: admit}
				batched := runLog(t, records, opts)
				for i := range opts.Capacities {
					what := fmt.Sprint(kind, order, warmup, opts.Capacities[i])
					sameResult(t, what, lru.Results[i], c.Caches[2*i])
					sameResult(t, what, batched.Results[i], c.Caches[2*i+1])
					require.Equal(t, known, c.Caches[2*i].BytesWritten != nil, what)
					require.Equal(t, OrderName(order), *c.Caches[2*i].TouchOrder)
					require.Equal(t, "tail", *c.Caches[2*i+1].TouchOrder)
					for _, tier := range lru.Tiers {
						if same(tier.CapacityBytes, c.Caches[2*i].CapacityBytes) && same(tier.CapacityChunks, c.Caches[2*i].CapacityChunks) {
							require.Equal(t, tier.BytesWritten, c.Caches[2*i].BytesWritten, what)
						}
					}
				}
				if admit < 2 {
					require.Equal(t, *lru.Ceiling, c.Ceiling)
				} else {
					require.Less(t, lru.Ceiling.HitTokens, c.Ceiling.HitTokens, "the ceiling of a comparison knows no admission")
					require.Nil(t, c.Ceiling.CapacityChunks)
				}
				require.Equal(t, lru.Input, c.Input)
				require.Nil(t, c.Bottlenecks)
			}
		}
	}
}

// someCapacities are small ones and large ones, in both units if bytes are known, and no bound.
func someCapacities(bytes bool) []units.Capacity {
	list := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n < 400; n += 1 + n/2 {
		list = append(list, units.InChunks(n))
		if bytes {
			list = append(list, units.InBytes(n*11))
		}
	}
	return list
}

// tiersOf makes rising tiers of the capacities in bytes.
func tiersOf(capacities []units.Capacity) *TierOptions {
	var o TierOptions
	for _, c := range capacities {
		if c.Unit == units.Bytes {
			o.Tiers = append(o.Tiers, Tier{Name: fmt.Sprint(c.N), Capacity: c})
		}
	}
	if o.Tiers == nil {
		return nil
	}
	return &o
}

func same(a, b *int64) bool { return a == b || a != nil && b != nil && *a == *b }

func sameResult(t *testing.T, what string, want Result, got CacheResult) {
	t.Helper()
	require.Equal(t, want.HitTokens, got.HitTokens, what)
	require.Equal(t, want.TokenHitRate, got.TokenHitRate, what)
	require.Equal(t, want.ChunkHits, *got.ChunkHits, what)
	require.Equal(t, want.ChunkHitRate, *got.ChunkHitRate, what)
	require.Equal(t, *want.Evictions, *got.Evictions, what)
	require.Equal(t, want.CapacityBytes, got.CapacityBytes, what)
	require.Equal(t, want.CapacityChunks, got.CapacityChunks, what)
}

// TestComparedOrder holds all caches below the bound, and the parts of their misses together, on logs of every kind.
func TestComparedOrder(t *testing.T) {
	t.Parallel()
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for _, warmup := range []float64{0, 0.4} {
			records := randomRecords(rand.New(rand.NewPCG(uint64(seed), 52)), kind, 200)
			opts := Options{Warmup: Warmup{Fraction: warmup}, Capacities: someCapacities(kind != "unknown")}
			checkOrder(t, compareLog(t, records, opts))
			opts.Cache.Admit = 2
			checkOrder(t, compareLog(t, records, opts))
		}
	}
	for seed, reuse := range []float64{0.3, 0.8} {
		records := generated(t, workload.Options{Requests: 800, Reuse: reuse, Seed: uint64(seed), HashBytes: 8})
		checkOrder(t, compareLog(t, records, Options{Capacities: []units.Capacity{{Unit: units.Unlimited}}}))
	}
}

// TestComparedReference does the same on the reference conversation, at 20 capacities.
func TestComparedReference(t *testing.T) {
	t.Parallel()
	files, want := readReference(t)
	chunks := []int64{500, 3000, 10000}
	var opts Options
	for _, n := range chunks {
		opts.Capacities = append(opts.Capacities, units.InChunks(n))
	}
	c := compareFiles(t, files, opts)
	require.True(t, len(c.Grid) == 20)
	checkOrder(t, c)
	require.Equal(t, want.TotalTokens, c.TotalTokens)
	for i, hits := range []int64{39_428, 84_879, 105_592} {
		at := c.Capacities[i].Caches
		feasible, bound := at[len(at)-2], at[len(at)-1]
		require.Equal(t, hits*512, bound.HitTokens, "hashes are chained and sizes equal: the bound is reached")
		require.Equal(t, hits*512, feasible.HitTokens)
	}
}

// checkOrder checks what holds at every capacity, whatever the log.
func checkOrder(t *testing.T, c *Comparison) {
	t.Helper()
	for _, at := range slices.Concat(c.Capacities, c.Grid) {
		var best int64
		for _, r := range at.Caches[:len(at.Caches)-2] {
			best = max(best, r.HitTokens)
		}
		feasible, bound := at.Caches[len(at.Caches)-2], at.Caches[len(at.Caches)-1]
		require.Equal(t, []string{OptFeasible, OptBound}, []string{feasible.Cache, bound.Cache})
		for _, r := range []CacheResult{feasible, bound} {
			require.Nil(t, r.TouchOrder)
			require.Nil(t, r.ChunkHits)
			require.Nil(t, r.ChunkHitRate)
			require.Nil(t, r.Evictions)
			require.Nil(t, r.BytesWritten)
		}
		require.LessOrEqual(t, best, feasible.HitTokens)
		require.LessOrEqual(t, feasible.HitTokens, bound.HitTokens)
		require.LessOrEqual(t, bound.HitTokens, c.Ceiling.HitTokens)
		require.Len(t, at.Bottlenecks, len(at.Caches)-2)
		for i, b := range at.Bottlenecks {
			parts := []int64{b.TrafficTokens, b.CapacityTokens, b.UndecidedTokens, b.ForesightTokens, b.PolicyTokens}
			var sum int64
			for _, n := range parts {
				require.GreaterOrEqual(t, n, int64(0))
				sum += n
			}
			require.Equal(t, c.TotalTokens-at.Caches[i].HitTokens, sum)
			require.Equal(t, at.Caches[i].Cache, b.Cache)
			require.Equal(t, at.Caches[i].HitTokens, b.HitTokens)
			require.Equal(t, best, b.BestHitTokens)
		}
		checkLRU(t, c.Report, at)
	}
}

// checkLRU compares the capacity at which the plain LRU hits as much as another cache with the curve.
func checkLRU(t *testing.T, r *Report, at ComparedCapacity) {
	for _, got := range at.Caches {
		if got.LRU == nil {
			require.Less(t, r.Curve.At(math.MaxInt64-1).HitTokens, got.HitTokens)
			continue
		}
		if got.LRU.Bytes == nil && got.LRU.Chunks == nil {
			continue // no bound
		}
		curve, n := r.Curve, got.LRU.Bytes
		if n == nil {
			curve, n = r.chunkCurve, got.LRU.Chunks
		}
		require.GreaterOrEqual(t, curve.At(*n).HitTokens, got.HitTokens)
		if !same(n, at.Bytes) && !same(n, at.Chunks) && got.HitTokens > 0 {
			require.Less(t, curve.At(*n-1).HitTokens, got.HitTokens)
		}
	}
}

// generated returns a synthetic log.
func generated(t testing.TB, opts workload.Options) (records []log.Record) {
	t.Helper()
	g, err := workload.New(opts)
	require.NoError(t, err)
	var q workload.Request
	for g.Next(&q) {
		rec := log.Record{Timestamp: q.Timestamp, ModelName: g.Models()[q.Model].Name, ChunkSize: q.ChunkSize, SeqLen: q.SeqLen, DTypes: []string{"int8"}, Shapes: [][]int64{{1 << 20}}}
		for _, hash := range q.Hashes {
			rec.ChunkHashes = append(rec.ChunkHashes, fmt.Sprintf("0x%x", hash))
		}
		records = append(records, rec)
	}
	return records
}

// TestBothUnitsCompareAlike lists the same capacities in bytes and in chunks, where all chunks have one size.
func TestBothUnitsCompareAlike(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 53)), "equal", 200)
	for n := int64(1); n < 300; n += 1 + n/2 {
		c := compareLog(t, records, Options{Capacities: []units.Capacity{units.InChunks(n), units.InBytes(10*n + 9)}},
			"lru", "fifo", "sieve", "s3fifo", "arc", "random", "radix", "opt")
		chunks, bytes := c.Capacities[0], c.Capacities[1]
		for i := range chunks.Caches {
			require.Equal(t, chunks.Caches[i].HitTokens, bytes.Caches[i].HitTokens, "%s at %d chunks", chunks.Caches[i].Cache, n)
			require.Equal(t, chunks.Caches[i].ChunkHits, bytes.Caches[i].ChunkHits)
			require.Equal(t, chunks.Caches[i].Evictions, bytes.Caches[i].Evictions)
			require.Equal(t, chunks.Caches[i].BytesWritten, bytes.Caches[i].BytesWritten)
		}
	}
}

// TestFeasibleIsTheBest has a cache that hits more than the replay that knows the future, and no capacity where none does.
func TestFeasibleIsTheBest(t *testing.T) {
	opts := &CompareOptions{Caches: cachesOf(t, "lru", "opt", "fifo")}
	curve, _ := newTally(false).curves(0)
	curve.totals.tokens = 1000
	r := &replays{report: &Report{Curve: curve, chunkCurve: curve, Ceiling: &Ceiling{HitTokens: 800}}, opts: opts}
	at := r.at(&replayed{asked: units.InChunks(5), results: []policy.Result{{Hit: 500}, {}, {Hit: 700}}, hits: make([][]int64, 3), feasible: 600, bound: 750})
	require.Equal(t, int64(700), at.Caches[1].HitTokens)
	require.Equal(t, int64(750), at.Caches[2].HitTokens)
	require.Equal(t, []Bottleneck{
		{Cache: "lru", CapacityChunks: at.Chunks, TrafficTokens: 200, CapacityTokens: 50, UndecidedTokens: 50, PolicyTokens: 200, Bottleneck: LimitedByPolicy,
			HitTokens: 500, CeilingTokens: 800, Best: "fifo", BestHitTokens: 700},
		{Cache: "fifo", CapacityChunks: at.Chunks, TrafficTokens: 200, CapacityTokens: 50, UndecidedTokens: 50, Bottleneck: LimitedByCapacity,
			HitTokens: 700, CeilingTokens: 800, Best: "fifo", BestHitTokens: 700},
	}, at.Bottlenecks)
	require.Equal(t, "fifo", at.Best().Cache)
	require.Equal(t, OptBound, at.Bound().Cache)
}

// TestCulprit names the bottleneck on both sides of each border.
func TestCulprit(t *testing.T) {
	for _, tt := range []struct {
		hit, best, ceiling int64
		want               Culprit
	}{
		{0, 0, 0, LimitedByTraffic},
		{950, 1000, 1000, LimitedByTraffic},
		{949, 949, 1000, LimitedByCapacity},
		{949, 974, 1000, LimitedByCapacity},
		{949, 975, 1000, LimitedByPolicy},
		{0, 5, 10, LimitedByPolicy},
		{0, 4, 10, LimitedByCapacity},
		{0, math.MaxInt64, math.MaxInt64, LimitedByPolicy},
		{math.MaxInt64 / 20 * 19, math.MaxInt64, math.MaxInt64, LimitedByPolicy},
		{math.MaxInt64/20*19 + 19, math.MaxInt64, math.MaxInt64, LimitedByTraffic},
	} {
		b := Bottleneck{HitTokens: tt.hit, BestHitTokens: tt.best, PolicyTokens: tt.best - tt.hit, CeilingTokens: tt.ceiling}
		require.Equal(t, tt.want, b.culprit(), tt)
	}
	b := Bottleneck{HitTokens: 600, PolicyTokens: 100, CeilingTokens: 800}
	require.Equal(t, 0.75, b.OfCeiling())
	require.Equal(t, 0.5, b.Closed())
	b.ForesightTokens = 50
	require.Equal(t, 0.75, b.Foreseen())
	require.Equal(t, 0.2, b.MostToGain(1000))
}

// TestParseComparedCache takes every name, options of each kind, and refuses the rest.
func TestParseComparedCache(t *testing.T) {
	var names []string
	for _, c := range AllComparedCaches() {
		names = append(names, c.String())
	}
	require.Equal(t, []string{"lru", "lmcache-server"}, names[:2])
	require.Equal(t, "opt", names[len(names)-1])
	require.Subset(t, names, []string{"fifo", "sieve", "s3fifo", "arc", "random", "radix"})

	c, err := ParseComparedCache("lmcache-server:ratio=0.5:trigger=1")
	require.NoError(t, err)
	require.Equal(t, policy.Batched(sim.Watermark{Trigger: 1, Ratio: 0.5}), c.spec)
	require.Equal(t, sim.TailFirst, c.order(sim.HeadFirst))
	require.Equal(t, 0.8, presets[1].Watermark.Trigger, "the preset stays as it is")
	c, err = ParseComparedCache("s3fifo:small=0.2")
	require.NoError(t, err)
	require.Equal(t, "s3fifo:small=0.2", c.String())
	require.Equal(t, sim.TailFirst, c.order(sim.TailFirst))

	var unknown *UnknownPresetError
	for _, s := range []string{"", "nginx", "LRU", " lru", ":", "all", "help"} {
		_, err = ParseComparedCache(s)
		require.ErrorAs(t, err, &unknown, s)
		require.Equal(t, names, unknown.Known)
	}
	var name *option.NameError
	for _, s := range []string{"lru:", "lru:small=1", "opt:x", "opt:", "lmcache-server:", "lmcache-server:interval=3", "lmcache-server:trigger=1:x=2", "s3fifo:smal=0.1", "sieve:x=1"} {
		_, err = ParseComparedCache(s)
		require.ErrorAs(t, err, &name, s)
	}
	var value *option.ValueError
	for _, s := range []string{"lmcache-server:trigger=0", "lmcache-server:trigger=1.1", "lmcache-server:ratio=", "lmcache-server:ratio", "lmcache-server:ratio=NaN", "lmcache-server:ratio=0.1:ratio=0.2", "s3fifo:small=0.1:small=0.2", "s3fifo:small=2", "s3fifo:small=x"} {
		_, err = ParseComparedCache(s)
		require.ErrorAs(t, err, &value, s)
	}
}

// TestCompareChecks refuses options that make no sense together, before a byte is read.
func TestCompareChecks(t *testing.T) {
	good := CompareOptions{Options: Options{Capacities: []units.Capacity{units.InChunks(1)}}, Caches: cachesOf(t, "lru")}
	require.NoError(t, good.Check())
	for want, change := range map[string]func(o *CompareOptions){
		"a comparison needs a capacity":               func(o *CompareOptions) { o.Capacities = nil },
		"a comparison needs a cache":                  func(o *CompareOptions) { o.Caches = nil },
		"a comparison names its caches itself":        func(o *CompareOptions) { o.Cache.TTL = 1 },
		"capacity of 0 B: must be above zero":         func(o *CompareOptions) { o.Capacities = []units.Capacity{{}} },
		"a grid of -1 capacities: must not be":        func(o *CompareOptions) { o.Points = -1 },
		"a warm-up of -1 of the requests":             func(o *CompareOptions) { o.Warmup.Fraction = -1 },
		"a target without a rate: ParseTarget makes ": func(o *CompareOptions) { o.Targets = []Target{{}} },
	} {
		bad := good
		change(&bad)
		_, err := Compare(context.Background(), nil, bad)
		require.ErrorContains(t, err, strings.TrimPrefix(want, "a warm-up "))
	}
}

// TestCompareFails passes on the errors of the pass, and ends with its context.
func TestCompareFails(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 54)), "unknown", 50)
	opts := CompareOptions{Options: Options{Capacities: []units.Capacity{units.InBytes(100)}}, Caches: AllComparedCaches()}
	_, err := Compare(context.Background(), findLog(t, records), opts)
	var unknown *UnknownSizeError
	require.ErrorAs(t, err, &unknown)

	opts.Capacities = []units.Capacity{units.InChunks(10)}
	ctx, cancel := context.WithCancel(context.Background())
	opts.OnReplays = func(progress func() (done, total int64)) {
		done, total := progress()
		require.Zero(t, done)
		require.Positive(t, total, "a progress bar is made with it")
		cancel()
	}
	_, err = Compare(ctx, findLog(t, records), opts)
	require.ErrorIs(t, err, context.Canceled)
}

// TestComparisonOutput prints a comparison in both forms.
func TestComparisonOutput(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 55)), "by model", 100)
	var progress func() (done, total int64)
	c, err := Compare(context.Background(), findLog(t, records), CompareOptions{
		Options: Options{Capacities: []units.Capacity{units.InBytes(400), {Unit: units.Unlimited}}}, Points: 3,
		Caches: cachesOf(t, "fifo", "opt", "fifo"), OnReplays: func(p func() (done, total int64)) { progress = p }})
	require.NoError(t, err)
	done, total := progress()
	require.Equal(t, total, done)
	require.Equal(t, int64(1+(2+3)*(2+2)), total, "the optimum is prepared once and read twice at each capacity")
	require.Equal(t, "fifo,opt,fifo", c.Settings.Cache)

	var parsed struct {
		Caches, Bottlenecks []map[string]any
	}
	text, err := json.Marshal(c)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &parsed))
	require.Len(t, parsed.Caches, 2*4)
	require.Len(t, parsed.Bottlenecks, 2*2)

	var out bytes.Buffer
	require.NoError(t, WriteCachesCSV(&out, c))
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	require.Len(t, lines, 1+(2+3)*4)
	require.Equal(t, "cache,touch_order,capacity_bytes,capacity_chunks,hit_tokens,total_tokens,token_hit_rate,chunk_hits,chunk_lookups,chunk_hit_rate,evictions,bytes_written,capacity_label", lines[0])
	require.Regexp(t, fmt.Sprintf(`^fifo,head,400,,%d,%d,0\.\d+,\d+,%d,0\.\d+,\d+,\d+,400 B$`, c.Caches[0].HitTokens, c.TotalTokens, c.ChunkLookups), lines[1])
	require.Regexp(t, fmt.Sprintf(`^opt-bound,,,,%d,%d,0\.\d+,,%d,,,,unlimited$`, c.Ceiling.HitTokens, c.TotalTokens, c.ChunkLookups), lines[7])
	require.ErrorIs(t, WriteCachesCSV(brokenWriter{}, c), io.ErrClosedPipe)
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// TestComparedAdmissionIsSaid says of which figures an admission is no part.
func TestComparedAdmissionIsSaid(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(1, 56)), "equal", 50)
	said := func(admit int, names ...string) string {
		opts := Options{Capacities: []units.Capacity{{Unit: units.Unlimited}}, Cache: Cache{Admit: admit}}
		return strings.Join(compareLog(t, records, opts, names...).Assumptions, " ")
	}
	require.Contains(t, said(2, "lru", "opt"), "The ceiling and the optimum know no admission, so the hits that it costs count as foresight.")
	require.Contains(t, said(2, "lru"), "The ceiling knows no admission.")
	require.NotContains(t, said(1, "lru", "opt"), "know no admission")
}
