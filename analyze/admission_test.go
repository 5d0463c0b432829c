package analyze

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// TestAdmissionEqualsPlainReplay compares every figure of a report with a plain replay, on all sorts of caches.
func TestAdmissionEqualsPlainReplay(t *testing.T) {
	t.Parallel()
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for _, admit := range []int{1, 2, 3, 5} {
			for i := range int(seeds(6)) {
				t.Run(fmt.Sprint(kind, "/from ", admit, "/", i), func(t *testing.T) {
					t.Parallel()
					r := rand.New(rand.NewPCG(uint64(seed), uint64(10*admit+i)))
					opts := Options{TouchOrder: sim.Order(i % 2), IgnoreModel: r.IntN(2) == 0, Cache: Cache{Admit: admit}}
					if i > 0 { // the first is a plain LRU without warm-up
						opts.Warmup.Fraction = []float64{0, 0.3}[r.IntN(2)]
						opts.Cache.StoreDelay = []time.Duration{0, 2500 * time.Millisecond}[r.IntN(2)]
						opts.Cache.TTL = []time.Duration{0, 9 * time.Second}[r.IntN(2)]
						opts.Cache.Watermark = []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}}[r.IntN(3)]
					}
					compareWithPlain(t, randomRecords(r, kind, 130), opts, kind != "unknown")
				})
			}
		}
	}
}

// TestAdmissionByHand has a chunk of each kind, and a warm-up.
func TestAdmissionByHand(t *testing.T) {
	ask := func(at float64, hashes ...string) log.Record {
		return log.Record{Timestamp: at, ChunkSize: 10, SeqLen: 10*int64(len(hashes)) + 1, ChunkHashes: hashes, DTypes: []string{"int8"}, Shapes: [][]int64{{7}}}
	}
	records := []log.Record{
		ask(0, "a", "b", "b"), // warm-up
		ask(1, "a", "c"),      // stores a
		ask(2, "a", "c", "b", "d"),
		ask(3, "a", "c", "d"),
		ask(4, "a", "b"),
	}
	opts := Options{Cache: Cache{Admit: 2}, Warmup: Warmup{Duration: 500 * time.Millisecond}, Capacities: []units.Capacity{units.InChunks(3), {Unit: units.Unlimited}}}
	report := runLog(t, records, opts)
	notAdmitted := int64(10 /* a */ + 10 + 10 /* c and b */ + 10 /* d */)
	require.Equal(t, MissTokens{Tail: 4, Cold: 20, Capacity: 10, NotAdmitted: &notAdmitted}, report.Results[0].MissTokens)
	require.Equal(t, MissTokens{Tail: 4, Cold: 20, NotAdmitted: &notAdmitted}, report.Results[1].MissTokens)
	for i, want := range []struct{ hits, chunkHits, evictions, residents int64 }{
		{40, 4, 2, 3}, // stores a; hits a, stores c and b; hits a and c, stores d, and b goes; hits a, stores b, and c goes
		{50, 5, 0, 4},
	} {
		r := report.Results[i]
		require.Equal(t, want, struct{ hits, chunkHits, evictions, residents int64 }{r.HitTokens, r.ChunkHits, *r.Evictions, *r.ResidentChunks})
		require.EqualValues(t, 11, r.ChunkLookups)
	}
	require.EqualValues(t, 50, report.Ceiling.HitTokens)
	require.EqualValues(t, 4, *report.Ceiling.CapacityChunks)
	require.EqualValues(t, 4, *report.Input.UniqueChunks)
	require.Equal(t, 2, *report.Settings.Admit)
	require.Contains(t, report.Assumptions[2], "They are admitted at lookup number 2, counted once a request: earlier lookups of a chunk store nothing.")
}

// TestAdmittedAtOnce compares a replay that admits every chunk at once with one that knows no admission.
func TestAdmittedAtOnce(t *testing.T) {
	files := findLog(t, randomRecords(rand.New(rand.NewPCG(8, 8)), "by model", 200))
	opts := Options{Capacities: []units.Capacity{units.InChunks(30), units.InBytes(900), {Unit: units.Unlimited}}, Grid: &GridOptions{}, Rolling: &RollingOptions{},
		Audit: true, Cache: Cache{StoreDelay: 3 * time.Second, TTL: 40 * time.Second}}
	want, err := Run(t.Context(), files, opts)
	require.NoError(t, err)
	opts.Cache.Admit = 1
	got, err := Run(t.Context(), files, opts)
	require.NoError(t, err)
	for i := range got.Results {
		require.Equal(t, int64(0), *got.Results[i].MissTokens.NotAdmitted)
		got.Results[i].MissTokens.NotAdmitted = nil
	}
	require.Equal(t, 1, *got.Settings.Admit)
	got.Settings.Admit = nil
	require.Equal(t, int64(0), *got.Table.Figures[0].Miss.NotAdmitted)
	for i := range got.Table.Figures {
		got.Table.Figures[i].Miss.NotAdmitted = nil
	}
	for _, w := range got.Rolling.Windows {
		for i := range w.MissTokens {
			require.Equal(t, int64(0), *w.MissTokens[i].NotAdmitted)
			w.MissTokens[i].NotAdmitted = nil
		}
	}
	require.True(t, everything(t, want) == everything(t, got))
}

// TestAdmissionSparesTiers compares what is written to tiers with what plain caches of their sizes insert. The later a chunk
// is admitted, the less is written.
func TestAdmissionSparesTiers(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(6, 66)), "by model", 400)
	sizes := []int64{150, 600, 2500}
	var before []int64
	for _, admit := range []int{0, 2, 3} {
		opts := Options{Cache: Cache{Admit: admit, StoreDelay: 2 * time.Second}, Tiers: &TierOptions{}}
		for i, size := range sizes {
			opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint(i), Capacity: units.InBytes(size)})
		}
		report := runLog(t, records, opts)
		var written []int64
		for i, size := range sizes {
			require.Equal(t, insertedBytes(t, records, size, opts), *report.Tiers[i].BytesWritten)
			written = append(written, *report.Tiers[i].BytesWritten)
			if before != nil {
				require.Less(t, written[i], before[i], "tier %d, from lookup %d on", i, admit)
			}
		}
		before = written
	}
}

// insertedBytes returns the bytes that a plain cache inserts.
func insertedBytes(t *testing.T, records []log.Record, capacity int64, opts Options) (sum int64) {
	bytes := map[string]int64{}
	for _, rec := range records {
		bytes[rec.ModelName], _ = rec.ChunkBytes()
	}
	model := map[sim.Key]string{}
	cache := newPlainLRU(capacity, units.Bytes, opts.TouchOrder)
	cache.StoreDelay, cache.Admit = opts.Cache.StoreDelay.Seconds(), opts.Cache.Admit
	keys := map[string]sim.Key{}
	var lists [][]sim.Key
	for _, rec := range records {
		var list []sim.Key
		for _, hash := range rec.ChunkHashes {
			name := chunkName(rec, hash, false)
			if _, ok := keys[name]; !ok {
				keys[name] = sim.Key(len(keys))
			}
			list = append(list, keys[name])
			model[keys[name]] = rec.ModelName
		}
		lists = append(lists, list)
	}
	var inserted []*[]sim.Key
	for i, rec := range records {
		inserted = append(inserted, &cache.RequestAt(rec.Timestamp, lists[i], bytes[rec.ModelName]).Inserted)
	}
	cache.Flush()
	for _, list := range inserted {
		for _, key := range *list {
			sum += bytes[model[key]]
		}
	}
	require.NotZero(t, sum)
	return sum
}

// TestAdmissionTargets compares targets with the hits of a plain cache.
func TestAdmissionTargets(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(4, 44)), "equal", 150)
	opts := Options{Cache: Cache{Admit: 2}}
	for _, text := range []string{"10%", "50%ofceiling", "100%ofceiling", "99%"} {
		target, err := ParseTarget(text)
		require.NoError(t, err)
		opts.Targets = append(opts.Targets, target)
	}
	report := runLog(t, records, opts)
	ceiling := replayPlain(records, math.MaxInt64, units.Chunks, opts, 0, 20).hits
	require.Equal(t, ceiling, report.Ceiling.HitTokens)
	require.Less(t, ceiling, runLog(t, records, Options{}).Ceiling.HitTokens)
	for i, want := range []int64{report.Input.TotalTokens / 10, ceiling / 2, ceiling} {
		got := report.Targets[i]
		require.True(t, got.Reachable)
		require.GreaterOrEqual(t, replayPlain(records, *got.CapacityChunks, units.Chunks, opts, 0, 20).hits, want)
		require.Less(t, replayPlain(records, *got.CapacityChunks-1, units.Chunks, opts, 0, 20).hits, want+1)
	}
	require.False(t, report.Targets[3].Reachable)
}

// TestAdmissionOnAGrid compares the tables of both kinds of caches with plain replays.
func TestAdmissionOnAGrid(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(5, 55)), "by model", 120)
	for _, w := range []*sim.Watermark{nil, {Trigger: 0.8, Ratio: 0.2}} {
		opts := Options{Cache: Cache{Admit: 3, TTL: 60 * time.Second, Watermark: w}, Grid: &GridOptions{Points: 25}}
		report := runLog(t, records, opts)
		for i, c := range report.Table.Capacities {
			want := replayPlain(records, c, units.Bytes, opts, 0, 20)
			require.Equal(t, want.hits, report.Table.Figures[i].HitTokens)
			require.Equal(t, want.miss, report.Table.Figures[i].Miss)
		}
		last := len(report.Table.Figures) - 1
		require.Equal(t, report.Ceiling.HitTokens, report.Table.Figures[last].HitTokens, "the grid reaches the ceiling")
	}
}

// TestAdmissionLeavesTheAudit compares what a log holds, seen once or again, with and without an admission.
func TestAdmissionLeavesTheAudit(t *testing.T) {
	for _, kind := range []string{"equal", "disagreeing"} {
		records := randomRecords(rand.New(rand.NewPCG(7, 77)), kind, 200)
		files := findLog(t, records)
		want, err := Run(t.Context(), files, Options{Audit: true})
		require.NoError(t, err)
		got, err := Run(t.Context(), files, Options{Audit: true, Cache: Cache{Admit: 4}})
		require.NoError(t, err)
		got.Audit.ReplayMemoryBytes = want.Audit.ReplayMemoryBytes
		require.Equal(t, want.Audit, got.Audit)
		require.Equal(t, want.Input, got.Input)
		require.Equal(t, texts(want.Notes), texts(got.Notes))
		require.Equal(t, kind == "disagreeing", got.Audit.SizeDisagreements > 0)
	}
}
