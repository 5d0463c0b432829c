package analyze

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestBoundedEqualsUnbounded compares all figures up to a largest capacity with those of a replay that forgets nothing, while chunks are
// forgotten at random moments.
func TestBoundedEqualsUnbounded(t *testing.T) {
	t.Parallel()
	for seed := range seeds(200) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			testBounded(t, seed)
		})
	}
}

func FuzzBounded(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(1000 + seed)
	}
	f.Fuzz(testBounded)
}

func testBounded(t *testing.T, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 17))
	kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
	files := findLog(t, randomTraffic(rng, kind))
	opts := boundedOptions(rng, kind)
	agree := kind != "disagreeing" && !opts.IgnoreModel // whether the records of a chunk agree on its size
	plain := opts
	plain.MaxCapacity = units.Capacity{}
	if opts.MaxCapacity.Unit == units.Chunks && (kind == "by model" || kind == "disagreeing") && opts.Cache.Watermark == nil {
		plain.Grid, plain.Heat = nil, false // the curve is in bytes
	}
	want, err := Run(t.Context(), files, plain)
	var nothing *NothingError
	if errors.As(err, &nothing) {
		t.Skip("nothing is left to count")
	}
	require.NoError(t, err, "%+v", plain)
	compareBounded(t, &opts, agree, want, replayForgetting(t, files, opts, func() bool { return rng.IntN(9) == 0 }))
	opts.leastKnown = 1 + rng.IntN(60)
	got, err := Run(t.Context(), files, opts)
	require.NoError(t, err)
	compareBounded(t, &opts, agree, want, got)
}

// boundedOptions returns random options with a largest capacity.
func boundedOptions(rng *rand.Rand, kind string) Options {
	o := randomSettings(rng, kind)
	o.Geometry, o.Cache.Admit = nil, 0
	unit, scale := units.Chunks, int64(1)
	if (kind == "equal" || kind == "by model") && rng.IntN(3) > 0 {
		unit, scale = units.Bytes, 15
		o.IgnoreModel = o.IgnoreModel && kind == "equal" // else a chunk has the sizes of several models
	}
	most := scale * (1 + rng.Int64N(1<<(1+rng.IntN(9))))
	o.MaxCapacity = units.Capacity{N: most, Unit: unit}
	for range 6 {
		o.Capacities = append(o.Capacities, units.Capacity{N: 1 + rng.Int64N(most), Unit: unit})
	}
	o.Capacities = append(o.Capacities, o.MaxCapacity)
	o.By = []Dimension{ByLength, ByModel, ByHour}
	o.Rolling = &RollingOptions{Window: 7 * time.Second, Capacities: o.Capacities[1:]}
	from := 1 + rng.Int64N(most)
	if to := from + rng.Int64N(most-from+1); from < to && (unit == units.Chunks || most >= 60) { // a chunk fits
		o.Grid = &GridOptions{From: units.Capacity{N: from, Unit: unit}, To: units.Capacity{N: to, Unit: unit}, Points: 2 + rng.IntN(20), Linear: rng.IntN(2) == 0}
		o.Heat = true
	}
	if o.Cache.Watermark != nil {
		return o
	}
	if rng.IntN(2) == 0 && kind != "disagreeing" && !o.IgnoreModel {
		o.Tiers = &TierOptions{Window: 5 * time.Second, Tiers: []Tier{{Name: "a", Capacity: units.Capacity{N: (most + 1) / 2, Unit: unit}}}}
		if most > 1 {
			o.Tiers.Tiers = append(o.Tiers.Tiers, Tier{Name: "b", Capacity: o.MaxCapacity})
		}
	}
	for _, text := range []string{"1%", "10%", "30%", "60%"} {
		target, _ := ParseTarget(text)
		o.Targets = append(o.Targets, target)
	}
	if o.Cache.TTL == 0 && rng.IntN(2) == 0 {
		o.TTLs = &TTLOptions{TTLs: []time.Duration{10 * time.Second, 3 * time.Second}, Capacities: o.Capacities, Grid: false}
	}
	return o
}

// replayForgetting replays a log, and forgets what is too deep after a request whenever now says so.
func replayForgetting(t *testing.T, files *log.Files, opts Options, now func() bool) *Report {
	t.Helper()
	warmup, err := warmupRequests(t.Context(), files, &opts)
	require.NoError(t, err)
	followed, err := chooseFollowed(t.Context(), files, &opts, warmup)
	require.NoError(t, err)
	r := newReplay(&opts, followed)
	r.warmupRequests = warmup
	reader, err := openLogs(t.Context(), files, &opts, "")
	require.NoError(t, err)
	defer reader.Close()
	records, n := &reading{reader: reader, sieve: NewSieve(opts.Filter)}, numbering{opts: &opts, index: sim.NewIndex()}
	for b := (requests{}); !b.last; {
		b.reset()
		records.next(&b)
		for i := range b.entries {
			e := &b.entries[i]
			rows, err := n.index.Number(n.keysOf(e, new([]sim.Key)), nil)
			require.NoError(t, err)
			require.NoError(t, r.add(e, rows))
			if now() {
				if kept := r.forget(); kept != nil {
					n.index.Keep(kept)
				}
			}
		}
	}
	require.NoError(t, reader.Err())
	require.NoError(t, r.touchRest())
	report, err := r.report(newPassed(files, records))
	require.NoError(t, err)
	return report
}

// compareBounded expects the figures of a report without a largest capacity, as far as they are known. agree says that the records of each
// chunk agree on its size.
func compareBounded(t *testing.T, opts *Options, agree bool, want, got *Report) {
	t.Helper()
	require.Nil(t, got.Ceiling)
	require.Nil(t, got.Input.UniqueChunks)
	wantInput := want.Input
	wantInput.UniqueChunks = nil
	require.Equal(t, wantInput, got.Input)
	require.Equal(t, want.Counted, got.Counted)
	require.Equal(t, withoutCold(t, textOf(want.Results)), withoutCold(t, textOf(got.Results)), "%+v", opts)
	require.Equal(t, withoutCold(t, textOf(want.By)), withoutCold(t, textOf(got.By)))
	require.Equal(t, textOf(want.Tiers), textOf(got.Tiers))
	require.Equal(t, textOf(want.TTLs), textOf(got.TTLs))
	rolling := func(r *Report) string {
		return csvOf(func(b *bytes.Buffer) error { return WriteRollingCSV(b, r.Rolling) })
	}
	require.Equal(t, sumCold(t, rolling(want)), sumCold(t, rolling(got)))
	require.Equal(t, csvOf(func(b *bytes.Buffer) error { return WriteTiersCSV(b, want) }), csvOf(func(b *bytes.Buffer) error { return WriteTiersCSV(b, got) }))
	if opts.Cache.Watermark == nil {
		compareCurves(t, opts, want, got)
		if got.Knee != nil && got.Curve.Unit == want.Curve.Unit {
			require.Equal(t, want.Knee, got.Knee, "a knee that is told is that of the whole curve")
		}
		compareTargets(t, opts, want, got)
	}
	if want.Table == nil {
		return
	}
	table := func(r *Report) string {
		return csvOf(func(b *bytes.Buffer) error { return WriteCapacityCSV(b, r.Table) })
	}
	by := func(r *Report) string { return csvOf(func(b *bytes.Buffer) error { return WriteByCSV(b, r) }) }
	if !agree { // a chunk that comes back has another size
		for _, r := range []*Report{want, got} {
			r.Table.BytesWritten = make([]*int64, len(r.Table.Capacities))
		}
	}
	switch n := len(got.Table.Capacities); {
	case n < len(want.Table.Capacities): // two adjacent chunks are not within the largest capacity
		require.Len(t, got.Table.Capacities, 1)
		require.LessOrEqual(t, got.Table.Capacities[0], want.Table.Capacities[0])
	default:
		require.Equal(t, sumCold(t, table(want)), sumCold(t, table(got)))
		require.Equal(t, sumCold(t, by(want)), sumCold(t, by(got)))
	}
	for _, g := range got.Table.Gains() {
		if g.PerDoubling != nil && got.Table.Exact {
			require.GreaterOrEqual(t, *g.PerDoubling, 0.0)
		}
	}
}

// compareCurves compares the curves at every capacity up to the largest, or at many if there are very many.
func compareCurves(t *testing.T, opts *Options, want, got *Report) {
	t.Helper()
	most := opts.MaxCapacity
	a, b := want.chunkCurve, got.chunkCurve
	if most.Unit == units.Bytes {
		a, b = want.Curve, got.Curve
	}
	var capacities []int64
	for c := int64(0); c < most.N; c += 1 + most.N/10_000 {
		capacities = append(capacities, c)
	}
	capacities = append(capacities, most.N)
	figures := b.Table(capacities)
	for i, w := range a.Table(capacities) {
		sum := w.Miss.Cold + w.Miss.Capacity
		w.Miss.Cold, w.Miss.Capacity, w.Miss.ColdOrCapacity = 0, 0, &sum
		require.Equal(t, w, figures[i], "at %d of %+v", capacities[i], opts)
	}
	beyond := b.At(4 * most.N)
	require.Equal(t, figures[len(figures)-1], beyond, "nothing beyond the largest capacity is counted")
}

// compareTargets expects the same answers within the largest capacity.
func compareTargets(t *testing.T, opts *Options, want, got *Report) {
	t.Helper()
	for i, w := range want.Targets {
		g := got.Targets[i]
		in := func(t TargetResult) *int64 { return Size{t.CapacityBytes, t.CapacityChunks}.In(opts.MaxCapacity.Unit) }
		if curve := want.Curve; curve.Unit != opts.MaxCapacity.Unit && curve.ChunkBytes == 0 {
			w.Reachable = want.chunkCurve.At(opts.MaxCapacity.N).HitTokens >= opts.Targets[i].hitTokens(curve.totals.tokens, 0)
			require.Equal(t, w.Reachable, g.Reachable)
			continue
		}
		if within := w.Reachable && *in(w) <= opts.MaxCapacity.N; !within {
			require.False(t, g.Reachable)
			require.Nil(t, in(g))
			continue
		}
		require.Equal(t, w, g)
	}
}

// withoutCold returns JSON with the sums of cold and capacity misses in their place, and without ceilings and what depends on unlike
// sizes.
func withoutCold(t *testing.T, text string) any {
	t.Helper()
	var v any
	require.NoError(t, json.Unmarshal([]byte(text), &v))
	var visit func(v any)
	visit = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				visit(one)
			}
		case map[string]any:
			delete(v, "ceiling_hit_tokens")
			if cold, ok := v["cold"].(float64); ok {
				v["cold_or_capacity"] = cold + v["capacity"].(float64)
			}
			delete(v, "cold")
			delete(v, "capacity")
			for _, one := range v {
				visit(one)
			}
		}
	}
	visit(v)
	return v
}

// sumCold returns CSV with the sums of cold and capacity misses in a last column.
func sumCold(t *testing.T, text string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	const sum = "cold_or_capacity_tokens"
	has := slices.Contains(rows[0], sum)
	at := func(name string) int { return slices.Index(rows[0], name) }
	cold, capacity, ceiling := at("cold_tokens"), at("capacity_miss_tokens"), at("ceiling_hit_tokens")
	for i, row := range rows {
		if i > 0 {
			if !has {
				a, _ := strconv.ParseInt(row[cold], 10, 64)
				b, _ := strconv.ParseInt(row[capacity], 10, 64)
				row = append(row, fmt.Sprint(a+b))
			} else {
				require.Empty(t, row[cold]+row[capacity])
			}
			row[cold], row[capacity] = "", ""
			if ceiling >= 0 {
				row[ceiling] = ""
			}
		} else if !has {
			row = append(row, sum)
		}
		rows[i] = row
	}
	return rows
}

// TestBoundedDemo forgets as Run does, again and again, within each of several capacities.
func TestBoundedDemo(t *testing.T) {
	t.Parallel()
	files, err := log.Find(t.Context(), []string{"../testdata/demo"}, nil)
	require.NoError(t, err)
	for _, most := range []units.Capacity{units.InChunks(40), units.InChunks(2000), units.InBytes(64 << 30)} {
		opts := Options{MaxCapacity: most, Capacities: []units.Capacity{{N: most.N / 3, Unit: most.Unit}, most}, Rolling: &RollingOptions{},
			Tiers: &TierOptions{Tiers: []Tier{{Name: "all", Capacity: most}}}, leastKnown: 1}
		plain := opts
		plain.MaxCapacity, plain.Rolling = units.Capacity{}, &RollingOptions{Capacities: opts.Capacities}
		opts.Rolling = plain.Rolling
		want, err := Run(t.Context(), files, plain)
		require.NoError(t, err)
		got, err := Run(t.Context(), files, opts)
		require.NoError(t, err)
		compareBounded(t, &opts, true, want, got)
	}
}

// TestBoundedKnee tells a knee only if nothing beyond the largest capacity can move it.
func TestBoundedKnee(t *testing.T) {
	t.Parallel()
	var records []log.Record
	add := func(seqLen int64, hashes ...string) {
		records = append(records, log.Record{Timestamp: float64(len(records)), ChunkSize: 1, SeqLen: seqLen, ChunkHashes: hashes})
	}
	add(1000, "0xa") // all but a token in the tail
	for range 4 {
		add(100, "0xa")
	}
	report := runLog(t, records, Options{MaxCapacity: units.InChunks(8)})
	require.NotNil(t, report.Knee, "of 1,400 tokens, only one covered by a hash doesn't hit")
	require.Equal(t, runLog(t, records, Options{}).Knee, report.Knee)
	for i := range 20 {
		add(100, fmt.Sprintf("0x%x", i), fmt.Sprintf("0x%x", 100+i))
	}
	report = runLog(t, records, Options{MaxCapacity: units.InChunks(8)})
	require.Nil(t, report.Knee)
	require.Equal(t, "beyond 8 chunks, where nothing is known, a doubling may still gain a point", report.KneeText())
}

// TestBoundedRuns compares the cutting of runs with that of single chunks.
func TestBoundedRuns(t *testing.T) {
	t.Parallel()
	rng := rand.New(rand.NewPCG(7, 7))
	for range 20_000 {
		b := &bound{capacity: units.Capacity{N: 1 + rng.Int64N(60), Unit: units.Unit(rng.IntN(2))}}
		var runs []sim.Run
		var want []sim.Depth
		for range rng.IntN(4) {
			run := sim.Run{N: 1 + rng.IntN(12), Step: rng.Int64N(3) - 1, Size: rng.Int64N(6)}
			run.Need = sim.Depth{Chunks: 12 + rng.Int64N(50), Bytes: run.Size*12 + rng.Int64N(100)}
			switch {
			case rng.IntN(4) == 0:
				run.Need, run.Step = sim.Depth{Chunks: sim.Never, Bytes: sim.Never}, 0
			case run.Step == 0:
				run.N = 1
			}
			runs = append(runs, run)
			want = append(want, needs(run)...)
		}
		for i, need := range want {
			if at := (Size{&need.Bytes, &need.Chunks}).In(b.capacity.Unit); *at > b.capacity.N {
				want[i] = sim.Depth{Chunks: sim.Never, Bytes: sim.Never}
			}
		}
		var got []sim.Depth
		for _, run := range b.cut(runs) {
			got = append(got, needs(run)...)
		}
		require.Equal(t, want, got, "%+v of %+v", b.capacity, runs)
	}
}

// needs returns the needs of the chunks of a run.
func needs(run sim.Run) (list []sim.Depth) {
	for i := range run.N {
		list = append(list, run.NeedAt(i))
	}
	return list
}

// TestBoundedOptions refuses what a largest capacity cannot answer.
func TestBoundedOptions(t *testing.T) {
	t.Parallel()
	ceiling, err := ParseTarget("95%ofceiling")
	require.NoError(t, err)
	most := units.InChunks(10)
	for name, o := range map[string]Options{
		"Stats":    {Stats: true},
		"Requests": {Requests: true, Rolling: &RollingOptions{}},
		"Reuse":    {Reuse: true},
		"Audit":    {Audit: true},
		"OnRow":    {OnRow: func(*Row) error { return nil }},
		"By turn":  {By: []Dimension{ByTurn}},
		"Admit":    {Cache: Cache{Admit: 1}},
	} {
		o.MaxCapacity = most
		var needs *NeedsAllError
		require.ErrorAs(t, o.Check(), &needs)
		require.Equal(t, name, needs.Option)
	}
	for _, o := range []Options{
		{Capacities: []units.Capacity{{Unit: units.Unlimited}}},
		{Capacities: []units.Capacity{units.InChunks(11)}},
		{Rolling: &RollingOptions{Capacities: []units.Capacity{units.InChunks(11)}}},
		{Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InChunks(11)}}}},
		{TTLs: &TTLOptions{TTLs: []time.Duration{1}, Capacities: []units.Capacity{units.InChunks(11)}}},
		{Grid: &GridOptions{To: units.InChunks(11)}},
		{Grid: &GridOptions{From: units.InChunks(11)}},
	} {
		o.MaxCapacity = most
		var beyond *BeyondError
		require.ErrorAs(t, o.Check(), &beyond)
	}
	require.ErrorIs(t, (&Options{MaxCapacity: most, Targets: []Target{ceiling}}).Check(), ErrCeilingUnknown)
	require.Error(t, (&Options{MaxCapacity: units.Capacity{Unit: units.Unlimited}}).Check())
	require.Error(t, (&Options{MaxCapacity: units.InChunks(-1)}).Check())
	require.Error(t, (&CompareOptions{Options: Options{MaxCapacity: most, Capacities: []units.Capacity{most}}, Caches: []ComparedCache{{}}}).Check())
	require.Error(t, (&FleetOptions{Options: Options{MaxCapacity: most, Capacities: []units.Capacity{most}}, Sources: true}).Check())
}

// TestBoundedUnits compares capacities in bytes with a largest one in chunks, as soon as chunks have a size.
func TestBoundedUnits(t *testing.T) {
	t.Parallel()
	var records []log.Record
	for i := range 30 {
		size := int64(10)
		if i > 20 {
			size = 20
		}
		records = append(records, log.Record{Timestamp: float64(i), ModelName: fmt.Sprint(size), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{fmt.Sprintf("0x%x", i%7)},
			DTypes: []string{"int8"}, Shapes: [][]int64{{size}}})
	}
	for _, test := range []struct {
		records int
		most, c units.Capacity
		want    string
	}{
		{20, units.InChunks(5), units.InBytes(59), ""},
		{20, units.InChunks(5), units.InBytes(60), "above the maximum"},
		{20, units.InBytes(59), units.InChunks(5), ""},
		{20, units.InBytes(59), units.InChunks(6), "above the maximum"},
		{30, units.InBytes(59), units.InChunks(5), "unlike sizes"},
		{30, units.InChunks(5), units.InBytes(59), "unlike sizes"},
		{30, units.InBytes(59), units.InBytes(59), ""},
	} {
		_, err := Run(t.Context(), findLog(t, records[:test.records]), Options{MaxCapacity: test.most, Capacities: []units.Capacity{test.c}})
		if test.want == "" {
			require.NoError(t, err)
			continue
		}
		var beyond *BeyondError
		require.ErrorAs(t, err, &beyond)
		require.ErrorContains(t, err, test.want)
	}
}
