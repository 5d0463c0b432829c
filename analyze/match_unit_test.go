package analyze

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// matchUnits are smaller and larger than a chunk of 16 or 24 tokens, multiples of it and not, and longer than any request.
var matchUnits = []MatchUnit{{1, false}, {2, false}, {3, false}, {7, false}, {5, true}, {8, true}, {16, true}, {20, true}, {48, true}, {100, true}, {1, true}, {1 << 58, false}, {1 << 62, true}}

// unlikeChunks gives the records of one model larger chunks, and as many tokens more.
func unlikeChunks(records []log.Record) []log.Record {
	for i := range records {
		if rec := &records[i]; rec.ModelName == "model-1" {
			rec.ChunkSize = 24
			rec.SeqLen += 8 * int64(len(rec.ChunkHashes))
		}
	}
	return records
}

// TestMatchUnitEqualsPlainReplay compares every figure of a report with a plain replay, on all sorts of caches.
func TestMatchUnitEqualsPlainReplay(t *testing.T) {
	t.Parallel()
	kinds := []string{"equal", "by model", "disagreeing", "unknown"}
	for seed := range 2 {
		for i, unit := range matchUnits {
			kind := kinds[(i+2*seed+i/4)%len(kinds)]
			t.Run(fmt.Sprint(kind, "/", unit), func(t *testing.T) {
				t.Parallel()
				r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
				opts := Options{MatchUnit: unit, TouchOrder: sim.Order(i % 2), IgnoreModel: r.IntN(2) == 0}
				opts.Warmup.Fraction = []float64{0, 0.3}[r.IntN(2)]
				opts.Cache.StoreDelay = []time.Duration{0, 2500 * time.Millisecond}[r.IntN(2)]
				opts.Cache.TTL = []time.Duration{0, 9 * time.Second}[r.IntN(2)]
				opts.Cache.Watermark = []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}}[r.IntN(3)]
				opts.Cache.Admit = []int{0, 2}[r.IntN(2)]
				compareWithPlain(t, unlikeChunks(randomRecords(r, kind, 90)), opts, kind != "unknown")
			})
		}
	}
}

// TestMatchUnitByHand has a request of each kind.
func TestMatchUnitByHand(t *testing.T) {
	ask := func(at float64, tokens int64, hashes ...string) log.Record {
		return log.Record{Timestamp: at, ChunkSize: 256, SeqLen: tokens, ChunkHashes: hashes}
	}
	records := []log.Record{
		ask(0, 1200, "a", "b", "c", "d"), // 1,024 cold, 176 tail
		ask(1, 800, "a", "b", "c"),       // 768 resident, none in a unit of 784; 32 tail
		ask(2, 1300, "a", "b", "c", "d", "e"),
		ask(3, 1024, "a", "x", "c", "d"), // 256 resident, 256 cold, 512 behind it
	}
	opts := Options{MatchUnit: MatchUnit{784, true}, Capacities: []units.Capacity{{Unit: units.Unlimited}}}
	report := runLog(t, records, opts)
	unaligned := int64(768 + 1024 - 784 + 256)
	require.Equal(t, MissTokens{Tail: 176 + 32 + 20, Cold: 1024 + 256 + 256, BrokenPrefix: 512, Unaligned: &unaligned}, report.Results[0].MissTokens)
	require.EqualValues(t, 784, report.Results[0].HitTokens)
	require.EqualValues(t, 784, report.Ceiling.HitTokens)
	require.EqualValues(t, 4, *report.Ceiling.CapacityChunks, "the fourth chunk completes the unit")
	require.Equal(t, "784tokens", *report.Settings.MatchUnit)

	opts.MatchUnit = MatchUnit{3584, true}
	report = runLog(t, records, opts)
	require.Zero(t, report.Ceiling.HitTokens, "everything is resident, and nothing hits")
}

// TestMatchUnitOfOneChunk differs from none only where a partial chunk is hashed.
func TestMatchUnitOfOneChunk(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(7, 7)), "equal", 300)
	for i := range records {
		records[i].SeqLen = max(records[i].SeqLen, 16*int64(len(records[i].ChunkHashes)))
	}
	opts := Options{Capacities: []units.Capacity{units.InChunks(20), units.InChunks(90), {Unit: units.Unlimited}}}
	want := runLog(t, records, opts)
	opts.MatchUnit = MatchUnit{N: 1}
	got := runLog(t, records, opts)
	for i := range got.Results {
		require.Zero(t, *got.Results[i].MissTokens.Unaligned)
		got.Results[i].MissTokens.Unaligned = nil
	}
	require.Equal(t, want.Results, got.Results)
	require.Equal(t, want.Ceiling, got.Ceiling)
}

// TestMatchUnitOfParts requires that windows, classes, tiers, TTLs and rows add up to the whole.
func TestMatchUnitOfParts(t *testing.T) {
	t.Parallel()
	for i, unit := range matchUnits {
		for _, kind := range []string{"equal", "by model"} {
			r := rand.New(rand.NewPCG(uint64(i), 12))
			records := unlikeChunks(randomRecords(r, kind, 150))
			capacities := []units.Capacity{units.InChunks(25), units.InChunks(80), {Unit: units.Unlimited}}
			hits := make([]int64, len(capacities))
			opts := Options{MatchUnit: unit, TouchOrder: sim.Order(i % 2), Capacities: capacities, Models: true, Grid: &GridOptions{}, Stats: true,
				Rolling: &RollingOptions{Window: 20 * time.Second, Capacities: capacities}, By: []Dimension{ByLength, ByTurn},
				TTLs: &TTLOptions{TTLs: []time.Duration{9 * time.Second, time.Hour}, Capacities: capacities},
				OnRow: func(row *Row) error {
					for j, n := range row.Hits {
						hits[j] += n
					}
					last := int64(0)
					for _, s := range row.Demand {
						require.Greater(t, s.HitTokens, last)
						last = s.HitTokens + (s.Stairs-1)*(s.HitTokens-last)
					}
					require.Equal(t, row.Hits[2], last)
					return nil
				}}
			report := runLog(t, records, opts)
			rows := 0
			for j, result := range report.Results {
				require.Equal(t, hits[j], result.HitTokens)
				var windows, unaligned int64
				for _, w := range report.Rolling.Windows {
					windows += w.HitTokens[j]
					unaligned += *w.MissTokens[j].Unaligned
				}
				require.Equal(t, result.HitTokens, windows)
				require.Equal(t, *result.MissTokens.Unaligned, unaligned)
				require.Equal(t, result.HitTokens, report.TTLs[len(capacities)+j].HitTokens, "no chunk is an hour old")
				for _, d := range report.By {
					var classes, unaligned int64
					for n := range d.Len() {
						at := d.Class(n).Results[j]
						classes += at.HitTokens
						unaligned += *at.MissTokens.Unaligned
					}
					require.Equal(t, result.HitTokens, classes)
					require.Equal(t, *result.MissTokens.Unaligned, unaligned)
					rows++
				}
			}
			require.Equal(t, 6, rows)
			for _, d := range append(report.By, report.Models) {
				for at, f := range report.Table.Figures {
					var classes, unaligned int64
					for n := range d.Len() {
						classes += d.Table(n)[at].HitTokens
						unaligned += *d.Table(n)[at].MissTokens.Unaligned
					}
					require.Equal(t, f.HitTokens, classes)
					require.Equal(t, *f.Miss.Unaligned, unaligned)
				}
			}
		}
	}
}

// TestMatchUnitWithTTLs compares the figures by TTL with a replay with each of them.
func TestMatchUnitWithTTLs(t *testing.T) {
	t.Parallel()
	for i, unit := range matchUnits {
		records := unlikeChunks(randomRecords(rand.New(rand.NewPCG(uint64(i), 2)), []string{"equal", "by model"}[i%2], 150))
		opts := Options{MatchUnit: unit, TouchOrder: sim.Order(i % 2), Capacities: []units.Capacity{units.InChunks(30), {Unit: units.Unlimited}}}
		several := opts
		several.TTLs = &TTLOptions{TTLs: []time.Duration{3 * time.Second, 20 * time.Second}, Capacities: opts.Capacities}
		got := runLog(t, records, several).TTLs
		for j, ttl := range several.TTLs.TTLs {
			opts.Cache.TTL = ttl
			want := runLog(t, records, opts)
			require.Equal(t, want.Results[1].HitTokens, got[2*j+1].HitTokens, "unit %s, TTL %s", unit, ttl)
		}
	}
}

// TestParseMatchUnit reads what String writes.
func TestParseMatchUnit(t *testing.T) {
	for text, want := range map[string]MatchUnit{"1": {1, false}, "4": {4, false}, "4chunks": {4, false}, "784tokens": {784, true}} {
		got, err := ParseMatchUnit(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
		again, err := ParseMatchUnit(got.String())
		require.NoError(t, err)
		require.Equal(t, want, again)
	}
	for text, want := range map[string]string{
		"0":         `match unit "0": must be above zero, since prefixes are counted in multiples of it`,
		"-3tokens":  `match unit "-3tokens": must be above zero, since prefixes are counted in multiples of it`,
		"":          `match unit "": must be a number of chunks (4) or of tokens (784tokens)`,
		"784 bytes": `match unit "784 bytes": must be a number of chunks (4) or of tokens (784tokens)`,
		"1.5":       `match unit "1.5": must be a number of chunks (4) or of tokens (784tokens)`,
	} {
		_, err := ParseMatchUnit(text)
		require.EqualError(t, err, want)
	}
	require.Error(t, (&Options{MatchUnit: MatchUnit{N: -1}}).Check())
	require.Error(t, (&Options{MatchUnit: MatchUnit{Tokens: true}}).Check())
}

// TestMatchUnitWithTiers compares what tiers serve of whole units with a plain cache for each tier.
func TestMatchUnitWithTiers(t *testing.T) {
	t.Parallel()
	for i, unit := range matchUnits {
		for _, kind := range []string{"equal", "by model", "unknown"} {
			r := rand.New(rand.NewPCG(uint64(i), 31))
			opts := Options{MatchUnit: unit, TouchOrder: sim.Order(r.IntN(2)), Tiers: &TierOptions{Window: 20 * time.Second},
				Cache: Cache{StoreDelay: time.Duration(r.IntN(2)) * 3 * time.Second, TTL: time.Duration(r.IntN(2)) * 25 * time.Second}}
			of, factor := units.Chunks, int64(1)
			if kind != "unknown" && r.IntN(2) == 0 {
				of, factor = units.Bytes, 7
			}
			for j, n := range []int64{9, 40, 90} {
				opts.Tiers.Tiers = append(opts.Tiers.Tiers, Tier{Name: fmt.Sprint("tier ", j), Capacity: units.Capacity{N: factor * n, Unit: of}})
			}
			t.Run(fmt.Sprint(kind, "/", unit), func(t *testing.T) {
				compareTiers(t, unlikeChunks(randomRecords(r, kind, 150)), opts, 0, kind != "unknown")
			})
		}
	}
}
