package analyze

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestOptionsTogether asks for everything at once, under random settings, and compares each part of the report with that of a
// replay that was asked for this part alone. It also counts the log in stretches, and reports in between.
func TestOptionsTogether(t *testing.T) {
	t.Parallel()
	for seed := range seeds(32) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(seed, 1501))
			kind := []string{"equal", "by model", "disagreeing", "unknown"}[seed%4]
			files := findLog(t, randomTraffic(rng, kind))
			settings := randomSettings(rng, kind)
			asked := randomParts(rng, kind, &settings)
			all := settings
			for _, part := range asked {
				part.ask(&all)
			}
			together, err := Run(t.Context(), files, all)
			require.NoError(t, err, "%+v", all)
			for _, part := range asked {
				alone := settings
				part.ask(&alone)
				want, err := Run(t.Context(), files, alone)
				require.NoError(t, err)
				require.Equal(t, textOf(part.of(want)), textOf(part.of(together)), "%s of %+v", part.name, all)
			}
			requireInStretches(t, rng, files, all, together)
		})
	}
}

// requireInStretches expects the same report from a replay that is counted in stretches, and from one that reports now and then.
func requireInStretches(t *testing.T, rng *rand.Rand, files *log.Files, opts Options, want *Report) {
	warmup, err := warmupRequests(t.Context(), files, &opts)
	require.NoError(t, err)
	followed, err := chooseFollowed(t.Context(), files, &opts, warmup)
	require.NoError(t, err)
	got := replayInStretches(t, files, &opts, warmup, followed, func(int64) bool { return rng.IntN(40) == 0 })
	got.Targets = want.Targets // those of caches that evict in batches are narrowed afterwards
	require.Equal(t, everything(t, want), everything(t, got))

	r, p := replayEach(t, files, &opts, warmup, followed, func(r *replay, p *passed) {
		if rng.IntN(40) == 0 {
			_, err := r.report(p)
			require.NoError(t, err)
		}
	})
	got, err = r.report(p)
	require.NoError(t, err)
	got.Targets = want.Targets
	require.Equal(t, everything(t, want), everything(t, got))
}

// part is a part of a report: how to ask for it, and what it consists of.
type part struct {
	name string
	ask  func(*Options)
	of   func(*Report) any
}

// randomTraffic returns records of a kind, with pauses and requests that hit nothing.
func randomTraffic(rng *rand.Rand, kind string) []log.Record {
	records := randomRecords(rng, kind, 60+rng.IntN(240))
	pause := 0.0
	for i := range records {
		if rng.IntN(60) == 0 {
			pause += float64(rng.IntN(500))
		}
		records[i].Timestamp += pause
		if rng.IntN(30) == 0 {
			records[i].ChunkHashes = nil
		}
	}
	return records
}

// randomSettings returns options that say what is replayed and how.
func randomSettings(rng *rand.Rand, kind string) Options {
	o := Options{TouchOrder: sim.Order(rng.IntN(2)), IgnoreModel: rng.IntN(4) == 0}
	some := func(set func()) {
		if rng.IntN(3) == 0 {
			set()
		}
	}
	some(func() { o.Cache.StoreDelay = 9 * time.Second })
	some(func() { o.Cache.TTL = 40 * time.Second })
	some(func() { o.Cache.Admit = 1 + rng.IntN(3) })
	some(func() { o.Cache.Watermark = &sim.Watermark{Trigger: .8, Ratio: .3, Interval: float64(5 * rng.IntN(2))} })
	some(func() { o.MaxRequests = 40 + rng.Int64N(100) })
	some(func() { since := 20.5; o.Since = &since })
	some(func() { model := "model-1"; o.Model = &model })
	switch rng.IntN(3) {
	case 0:
		o.Warmup.Fraction = .3
	case 1:
		o.Warmup.Duration = 15 * time.Second
	}
	if kind == "unknown" && rng.IntN(3) == 0 {
		o.BytesPerChunk = 12
	}
	if kind == "disagreeing" && rng.IntN(3) == 0 {
		o.Geometry = &geometry.Geometry{File: "config.json", Ranks: 1, BytesPerToken: 1, BytesPerTokenOneRank: 1}
	}
	return o
}

// randomParts returns what a report may be asked for under some settings.
func randomParts(rng *rand.Rand, kind string, o *Options) []part {
	capacities := []units.Capacity{units.InChunks(1 + rng.Int64N(40)), {Unit: units.Unlimited}, units.InChunks(1 + rng.Int64N(200))}
	if kind != "unknown" || o.BytesPerChunk > 0 {
		capacities = append(capacities, units.InBytes(1+rng.Int64N(3000)), capacities[0])
	}
	rolling := RollingOptions{Window: []time.Duration{0, time.Second, 7 * time.Second}[rng.IntN(3)]}
	if rng.IntN(2) == 0 {
		rolling.Capacities = capacities[1:]
	}
	grid := GridOptions{Points: 10 + rng.IntN(40)}
	if rng.IntN(3) == 0 {
		grid.Linear = true
	}
	if rng.IntN(3) == 0 {
		grid.From, grid.To = units.InChunks(3), units.InChunks(200)
		if (kind == "by model" || kind == "disagreeing") && o.Geometry == nil {
			grid.From, grid.To = units.InBytes(30), units.InBytes(2500)
		}
	}
	var targets []Target
	for _, text := range []string{"30%", "60%ofceiling", "100%ofceiling"} {
		target, _ := ParseTarget(text)
		targets = append(targets, target)
	}
	var lengths []int64
	if rng.IntN(2) == 0 {
		lengths = []int64{1, 100, 200}
	}
	listed := func(o *Options) { o.Capacities = capacities }
	windows := func(o *Options) { o.Rolling = &rolling }
	ofStats := listed
	if rng.IntN(3) == 0 { // at the rolling lines
		listed, ofStats = func(*Options) {}, windows
	}
	table := func(o *Options) { o.Grid = &grid }
	withLengths := func(o *Options) { o.By, o.LengthClasses, o.TimeZone = Dimensions(), lengths, time.UTC }
	simulated := o.Cache.Watermark != nil
	parts := []part{
		{"input", func(*Options) {}, func(r *Report) any { return []any{r.Input, r.Ceiling, r.Counted, r.CountedFrom} }},
		{"results", listed, func(r *Report) any { return r.Results }},
		{"targets", func(o *Options) { o.Targets = targets; table(o) }, func(r *Report) any { return r.Targets }},
		{"table", table, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteCapacityCSV(b, r.Table) }) +
				csvOf(func(b *bytes.Buffer) error { return WriteMissesCSV(b, r.Table) }) +
				csvOf(func(b *bytes.Buffer) error { return WriteGainCSV(b, r.Table) })
		}},
		{"knee", table, func(r *Report) any { return []any{r.Knee, r.KneeText()} }},
		{"rolling", windows, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteRollingCSV(b, r.Rolling) })
		}},
		{"heat", func(o *Options) { o.Heat = true; windows(o); table(o) }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteRollingCSV(b, r.Heat) })
		}},
		{"stats", func(o *Options) { o.Stats = true; ofStats(o) }, func(r *Report) any { return r.Stats }},
		{"requests", func(o *Options) { o.Requests = true; windows(o); withLengths(o) }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteRequestsCSV(b, r.Requests) })
		}},
		{"reuse", func(o *Options) { o.Reuse = true }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteReuseCSV(b, r.Reuse) })
		}},
		{"by", func(o *Options) { withLengths(o); table(o); listed(o) }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteByCSV(b, r) }) + textOf(r.By)
		}},
		{"models", func(o *Options) { o.Models = true; table(o) }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteModelsCSV(b, r) })
		}},
		{"audit", func(o *Options) { o.Audit = true }, func(r *Report) any {
			audit := *r.Audit
			audit.ReplayMemoryBytes = 0 // of all that is asked for
			return audit
		}},
	}
	if !simulated {
		tiers := &TierOptions{Window: rolling.Window, Tiers: []Tier{{Name: "a", Capacity: units.InChunks(50), Bandwidth: 100}, {Name: "b", Capacity: units.Capacity{Unit: units.Unlimited}}}}
		parts = append(parts, part{"tiers", func(o *Options) { o.Tiers = tiers }, func(r *Report) any {
			return csvOf(func(b *bytes.Buffer) error { return WriteTiersCSV(b, r) })
		}})
	}
	if !simulated && o.Cache.TTL == 0 {
		ttls := &TTLOptions{TTLs: []time.Duration{10 * time.Second, 3 * time.Second}, Capacities: capacities, Grid: true}
		parts = append(parts, part{"ttls", func(o *Options) { o.TTLs = ttls; table(o) }, func(r *Report) any { return r.TTLs }})
	}
	// Not all are asked for each time.
	return slices.DeleteFunc(parts, func(part) bool { return rng.IntN(6) == 0 })
}

// csvOf returns what a function writes.
func csvOf(write func(*bytes.Buffer) error) string {
	var out bytes.Buffer
	if err := write(&out); err != nil {
		panic(err)
	}
	return out.String()
}

func textOf(part any) string {
	text, err := json.MarshalIndent(part, "", " ")
	if err != nil {
		panic(err)
	}
	return string(text)
}
