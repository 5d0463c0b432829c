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
	for seed := range uint64(200) {
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
	if to := from + rng.Int64N(most-from+1); from < to {
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
		require.Equal(t, want.Table.Capacities[:1], got.Table.Capacities)
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

// compareCurves compares the curves at every capacity up to the largest.
func compareCurves(t *testing.T, opts *Options, want, got *Report) {
	t.Helper()
	most := opts.MaxCapacity
	a, b := want.chunkCurve, got.chunkCurve
	if most.Unit == units.Bytes {
		a, b = want.Curve, got.Curve
	}
	var capacities []int64
	for c := int64(0); c <= most.N; c++ {
		capacities = append(capacities, c)
	}
	figures := b.Table(capacities)
	for i, w := range a.Table(capacities) {
		sum := w.Miss.Cold + w.Miss.Capacity
		w.Miss.Cold, w.Miss.Capacity, w.Miss.ColdOrCapacity = 0, 0, &sum
		require.Equal(t, w, figures[i], "at %d of %+v", capacities[i], opts)
	}
	beyond := b.At(4 * most.N)
	require.Equal(t, figures[most.N], beyond, "nothing beyond the largest capacity is counted")
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
