package analyze

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestJoin cuts logs into parts at random times, joins these in the order of a random tree, and compares every figure with one replay.
func TestJoin(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"equal", "by model", "unknown"} {
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			for name, change := range map[string]func(*Options){
				"plain":  func(*Options) {},
				"warmup": func(o *Options) { o.Warmup.Until = new(float64(120)) },
				"ttl":    func(o *Options) { o.Cache.TTL = 40 * time.Second },
				"ttl and warmup": func(o *Options) {
					o.Cache.TTL, o.Warmup.Until = 40*time.Second, new(float64(120))
				},
				"ttls": func(o *Options) {
					o.TTLs = &TTLOptions{TTLs: []time.Duration{20 * time.Second, time.Minute}, Capacities: []units.Capacity{units.InChunks(20)}}
				},
				"by":     func(o *Options) { o.By = []Dimension{ByLength, ByModel, BySource, ByHour, BySalt} },
				"window": func(o *Options) { o.Rolling.Window = 7 * time.Second },
				"tiers": func(o *Options) {
					o.Tiers = &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(16)}, {Name: "b", Capacity: units.InChunks(50)}}}
				},
			} {
				t.Run(fmt.Sprint(kind, "/", order, "/", name), func(t *testing.T) {
					t.Parallel()
					for seed := range seeds(8) {
						rng := rand.New(rand.NewPCG(seed, 17))
						records := randomRecords(rng, kind, 1+rng.IntN(200))
						opts := Options{TouchOrder: order, Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}}
						if kind != "unknown" {
							opts.Capacities = append(opts.Capacities, units.InBytes(450))
						}
						change(&opts)
						compareParts(t, rng, records, opts)
					}
				})
			}
		}
	}
}

// compareParts joins random parts of a log, and compares the report with that of one replay.
func compareParts(t *testing.T, rng *rand.Rand, records []log.Record, opts Options) {
	t.Helper()
	files := findLog(t, records)
	reading := opts
	reading.Grid = &GridOptions{}
	reading.Targets = []Target{parsedTarget(t, "20%")}
	if !opts.bounded() {
		reading.Targets = append(reading.Targets, parsedTarget(t, "50%ofceiling"))
	}
	whole := reading
	whole.summary = true
	want, err := Run(t.Context(), files, whole)
	joined := joinParts(t, rng, partsOf(t, files, opts, cutsOf(rng, records)))
	got, gotErr := joined.Report(reading)
	if err != nil {
		require.EqualError(t, gotErr, err.Error())
		return
	}
	require.NoError(t, gotErr)
	if opts.Warmup.Until != nil && want.Curve.ChunkBytes == 0 && want.Curve.Unit == units.Bytes { // known at the listed capacities only
		clear(want.Table.Evictions)
		clear(got.Table.Evictions)
	}
	requireSameText(t, everything(t, want), everything(t, got))
	requireSameCurve(t, want.Curve, got.Curve)
}

// cutsOf returns random times of a log, rising.
func cutsOf(rng *rand.Rand, records []log.Record) (cuts []float64) {
	for range rng.IntN(6) {
		cuts = append(cuts, records[rng.IntN(len(records))].Timestamp+float64(rng.IntN(2)))
	}
	slices.Sort(cuts)
	return slices.Compact(cuts)
}

// partsOf summarises a log in parts that end at cuts.
func partsOf(t testing.TB, files *log.Files, opts Options, cuts []float64) (parts []*Summary) {
	t.Helper()
	for i := range len(cuts) + 1 {
		part := opts
		if i > 0 {
			part.Since = &cuts[i-1]
		}
		if i < len(cuts) {
			part.Until = &cuts[i]
		}
		s, err := Summarize(t.Context(), files, part)
		require.NoError(t, err)
		parts = append(parts, s)
	}
	return parts
}

// joinParts joins neighbours in random order until one is left. Some are written to a file and read before they are joined with others.
func joinParts(t *testing.T, rng *rand.Rand, parts []*Summary) *Summary {
	t.Helper()
	for len(parts) > 1 {
		i := rng.IntN(len(parts) - 1)
		for k := i; k < i+2; k++ {
			if rng.IntN(2) == 0 {
				parts[k] = reread(t, parts[k])
			}
		}
		require.NoError(t, parts[i].Then(parts[i+1]))
		parts = slices.Delete(parts, i+1, i+2)
	}
	return parts[0]
}

// requireSameText compares texts line by line, and shows the first line that differs.
func requireSameText(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			require.Equal(t, strings.Join(w[max(0, i-6):min(len(w), i+3)], "\n"), strings.Join(g[max(0, i-6):min(len(g), i+3)], "\n"), "line %d", i+1)
		}
	}
	require.Equal(t, len(w), len(g))
}

// requireSameCurve compares all figures at all capacities up to what the log has, in a curve's unit.
func requireSameCurve(t *testing.T, want, got *Curve) {
	t.Helper()
	var at []int64
	for c := range int64(600) {
		if c *= max(1, want.ChunkBytes/2); want.largest == 0 || c <= want.largest {
			at = append(at, c)
		}
	}
	require.Equal(t, want.Table(at), got.Table(at))
}

func parsedTarget(t *testing.T, s string) Target {
	t.Helper()
	target, err := ParseTarget(strings.TrimSpace(s))
	require.NoError(t, err)
	return target
}

// TestJoinBounded does the same with a largest capacity, in chunks and in bytes.
func TestJoinBounded(t *testing.T) {
	t.Parallel()
	for seed := range seeds(150) {
		testJoin(t, seed, true)
	}
}

// FuzzJoin does the same with all random options, with and without a largest capacity.
func FuzzJoin(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(1000+seed, seed%2 == 0)
	}
	f.Fuzz(testJoin)
}

// testJoin joins the parts of a random log with random options, and compares every figure with one replay.
func testJoin(t *testing.T, seed uint64, bounded bool) {
	rng := rand.New(rand.NewPCG(seed, 19))
	kind := []string{"equal", "by model", "unknown"}[rng.IntN(3)]
	opts := Options{TouchOrder: sim.Order(rng.IntN(2)), Rolling: &RollingOptions{}, leastKnown: 1, Capacities: []units.Capacity{units.InChunks(20), units.InChunks(3)}}
	if bounded {
		opts.MaxCapacity = units.InChunks(1 + rng.Int64N(100))
		if kind != "unknown" && rng.IntN(2) == 0 {
			opts.MaxCapacity = units.InBytes(30 + rng.Int64N(1500))
		}
		opts.Capacities = []units.Capacity{opts.MaxCapacity, {N: (opts.MaxCapacity.N + 1) / 2, Unit: opts.MaxCapacity.Unit}}
	}
	switch rng.IntN(4) {
	case 0:
		opts.Cache.TTL = 40 * time.Second
	case 1:
		opts.TTLs = &TTLOptions{TTLs: []time.Duration{20 * time.Second, time.Minute}, Capacities: opts.Capacities}
	}
	if rng.IntN(3) == 0 {
		opts.Warmup.Until = new(float64(rng.IntN(300)))
	}
	if rng.IntN(3) == 0 {
		opts.By = []Dimension{ByLength, ByModel}
	}
	compareParts(t, rng, randomRecords(rng, kind, 1+rng.IntN(200)), opts)
}

// TestJoinOfSizes joins parts that may disagree about the size of a chunk: they do so in the end, or give what one replay gives.
func TestJoinOfSizes(t *testing.T) {
	t.Parallel()
	refused, joined := 0, 0
	for seed := range seeds(300) {
		rng := rand.New(rand.NewPCG(seed, 20))
		records := randomRecords(rng, "disagreeing", 1+rng.IntN(25))
		for i := range records {
			if rng.IntN(10) > 0 {
				records[i].Shapes = [][]int64{{10}}
			}
		}
		opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(20), units.InBytes(150)}}
		files := findLog(t, records)
		parts := partsOf(t, files, opts, cutsOf(rng, records))
		var err error
		for len(parts) > 1 && err == nil {
			i := rng.IntN(len(parts) - 1)
			err = parts[i].Then(parts[i+1])
			parts = slices.Delete(parts, i+1, i+2)
		}
		if err != nil {
			var conflict *SizeConflictError
			require.ErrorAs(t, err, &conflict)
			refused++
			continue
		}
		joined++
		whole := opts
		whole.summary = true
		want, err := Run(t.Context(), files, whole)
		require.NoError(t, err)
		got, err := parts[0].Report(opts)
		require.NoError(t, err)
		requireSameText(t, everything(t, want), everything(t, got))
		requireSameCurve(t, want.Curve, got.Curve)
	}
	require.Greater(t, min(refused, joined), int(seeds(50)))
}

// TestBeside adds caches, and compares the sums with those of one replay each.
func TestBeside(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"equal", "by model", "unknown"} {
		for seed := range uint64(10) {
			rng := rand.New(rand.NewPCG(seed, 18))
			opts := Options{Rolling: &RollingOptions{Window: 20 * time.Second}, Capacities: []units.Capacity{units.InChunks(20), {Unit: units.Unlimited}}}
			var wholes []*Report
			var all *Summary
			for range 1 + rng.IntN(4) {
				records := randomRecords(rng, kind, 1+rng.IntN(120))
				files := findLog(t, records)
				want, err := Run(t.Context(), files, opts)
				require.NoError(t, err)
				wholes = append(wholes, want)
				s := joinParts(t, rng, partsOf(t, files, opts, cutsOf(rng, records)))
				if all == nil {
					all = s
					continue
				}
				if rng.IntN(2) == 0 {
					all, s = s, all
				}
				require.NoError(t, all.Beside(s))
			}
			requireSumsOf(t, wholes, all, opts)
		}
	}
}

// requireSumsOf compares a summary of caches beside one another with the reports of each.
func requireSumsOf(t *testing.T, wholes []*Report, all *Summary, opts Options) {
	t.Helper()
	got, err := all.Report(opts)
	require.NoError(t, err)
	for i := range opts.Capacities {
		var want Result
		evictions, residents := int64(0), int64(0)
		for _, w := range wholes {
			r := &w.Results[i]
			want.HitTokens += r.HitTokens
			want.TotalTokens += r.TotalTokens
			want.ChunkHits += r.ChunkHits
			want.ChunkLookups += r.ChunkLookups
			evictions += *r.Evictions
			residents += *r.ResidentChunks
		}
		r := &got.Results[i]
		require.Equal(t, want, Result{HitTokens: r.HitTokens, TotalTokens: r.TotalTokens, ChunkHits: r.ChunkHits, ChunkLookups: r.ChunkLookups})
		require.Equal(t, []int64{evictions, residents}, []int64{*r.Evictions, *r.ResidentChunks})
	}
	var unique, ceiling, capacity int64
	for _, w := range wholes {
		unique += *w.Input.UniqueChunks
		ceiling += w.Ceiling.HitTokens
		if c := w.chunkCurve; c != nil {
			n, _ := c.Reach(w.Ceiling.HitTokens)
			capacity = max(capacity, n)
		}
	}
	require.Equal(t, []int64{unique, ceiling}, []int64{*got.Input.UniqueChunks, got.Ceiling.HitTokens})
	if got.Ceiling.CapacityChunks != nil {
		require.Equal(t, capacity, *got.Ceiling.CapacityChunks)
	}
	at := []int64{1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377}
	for i, f := range got.chunkCurve.Table(at) {
		hits := int64(0)
		for _, w := range wholes {
			hits += w.chunkCurve.Table(at)[i].HitTokens
		}
		require.Equal(t, hits, f.HitTokens, at[i])
	}
}

// TestForgottenSmallestChunk has a chunk that fits into a cache, and that its part has forgotten.
func TestForgottenSmallestChunk(t *testing.T) {
	var records []log.Record
	for i, size := range []int64{10, 10, 10, 2, 10, 10, 10, 10, 10, 10} {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{fmt.Sprint(i)}, DTypes: []string{"int8"}, Shapes: [][]int64{{size}}})
	}
	opts := Options{MaxCapacity: units.InBytes(20), Capacities: []units.Capacity{units.InBytes(4)}}
	s := joinParts(t, rand.New(rand.NewPCG(1, 17)), partsOf(t, findLog(t, records), opts, []float64{8}))
	report, err := reread(t, s).Report(opts)
	require.NoError(t, err)
	require.NotContains(t, strings.Join(texts(report.Notes), " "), "nothing fits")
}

// TestManyParts joins thousands of parts, each with a log of its own: a join takes no more memory after many than after few.
func TestManyParts(t *testing.T) {
	part := func(i int) *Summary {
		s := newSummary(&Options{})
		s.replay.deferred = newDeferred()
		name := fmt.Sprintf("log-%06d", i)
		s.read = &passed{paths: []string{name}, sources: []string{name}, sieve: NewSieve(Filter{})}
		s.span = Span{Since: new(float64(i)), Until: new(float64(i + 1)), Requests: 1, First: float64(i), Last: float64(i),
			Parts: []string{fmt.Sprintf("%016x", uint64(i)*0x9e3779b97f4a7c15)}, Logs: []LogSpan{{Name: name, Before: 1, At: 1}}}
		return s
	}
	const many = 3000
	var parts []*Summary
	for i := range many {
		parts = append(parts, part(i))
	}
	whole := parts[0]
	allocated := func(parts []*Summary) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, p := range parts {
			require.NoError(t, whole.Then(p))
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	first := allocated(parts[1 : many/10])
	allocated(parts[many/10 : many*9/10])
	require.Less(t, allocated(parts[many*9/10:]), 2*first+1<<20)
	require.Len(t, whole.read.paths, many)
	require.True(t, slices.IsSorted(whole.span.Parts))
	require.Equal(t, LogSpan{Name: "log-000007", Before: 2}, whole.span.Logs[7])
	require.Equal(t, LogSpan{Name: "log-002999", Before: 1, At: 1}, whole.span.Logs[many-1])
	var twice *TwiceError
	require.ErrorAs(t, whole.Then(part(5)), &twice)
}
