package analyze

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// chained gives records hashes that stand for their whole prefix, and no more of them than complete chunks.
func chained(records []log.Record) []log.Record {
	for i := range records {
		rec := &records[i]
		rec.SeqLen = max(rec.SeqLen, rec.ChunkSize*int64(len(rec.ChunkHashes)))
		prefix := fnv.New64a()
		for j, hash := range rec.ChunkHashes {
			fmt.Fprint(prefix, hash, ",")
			rec.ChunkHashes[j] = fmt.Sprintf("0x%x", prefix.Sum64())
		}
	}
	return records
}

// inGroups returns what a server with chunks n times as large would have logged.
func inGroups(records []log.Record, n int) []log.Record {
	out := slices.Clone(records)
	for i := range out {
		rec := &out[i]
		rec.ChunkSize *= int64(n)
		rec.ChunkHashes = nil
		for j, hash := range records[i].ChunkHashes {
			if (j+1)%n == 0 {
				rec.ChunkHashes = append(rec.ChunkHashes, hash)
			}
		}
		if len(rec.Shapes) > 0 {
			rec.Shapes = [][]int64{{rec.Shapes[0][0], int64(n)}}
		}
	}
	return out
}

// TestRechunkEqualsPlainReplay compares every figure of a report with a plain replay of what a server with larger chunks would have logged,
// on all sorts of caches, with and without a match unit.
func TestRechunkEqualsPlainReplay(t *testing.T) {
	t.Parallel()
	kinds := []string{"equal", "by model", "disagreeing", "unknown"}
	for i := range 24 {
		n := []int{1, 2, 3, 4, 7, 100}[i%6]
		kind := kinds[(i+i/6)%4]
		t.Run(fmt.Sprint(kind, "/", n), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(uint64(i), 8))
			records := chained(unlikeChunks(randomRecords(r, kind, 120)))
			opts := Options{Rechunk: n, TouchOrder: sim.Order(i % 2), IgnoreModel: r.IntN(2) == 0}
			opts.Warmup.Fraction = []float64{0, 0.3}[r.IntN(2)]
			opts.Cache.StoreDelay = []time.Duration{0, 2500 * time.Millisecond}[r.IntN(2)]
			opts.Cache.TTL = []time.Duration{0, 15 * time.Second}[r.IntN(2)]
			opts.Cache.Watermark = []*sim.Watermark{nil, nil, {Trigger: 0.8, Ratio: 0.2}}[r.IntN(3)]
			opts.Cache.Admit = []int{0, 2}[r.IntN(2)]
			opts.MatchUnit = []MatchUnit{{}, {2, false}, {100, true}}[r.IntN(3)]
			opts.Capacities = someCapacities(kind != "unknown")
			opts.Rolling = &RollingOptions{Window: 20 * time.Second, Capacities: opts.Capacities}
			report, hits := runWithHits(t, records, opts)
			groups, warmup := inGroups(records, n), int(math.Floor(opts.Warmup.Fraction*float64(len(records))))
			for j, c := range opts.Capacities {
				want := replayPlain(groups, c.Limit(), c.Unit, opts, warmup, 20)
				compareResult(t, c, want, report.Results[j])
				compareWindows(t, want, report.Rolling, j)
				require.Equal(t, want.requestHits, hits[j], "request by request at %s", c)
			}
		})
	}
}

// TestRechunkEqualsLargerChunks compares whole reports with those of the log that a server with larger chunks would have written.
func TestRechunkEqualsLargerChunks(t *testing.T) {
	t.Parallel()
	for i, n := range []int{2, 3, 5} {
		kind := []string{"equal", "by model", "unknown"}[i]
		records := chained(randomRecords(rand.New(rand.NewPCG(uint64(i), 18)), kind, 200))
		opts := Options{TouchOrder: sim.Order(i % 2), Capacities: someCapacities(kind != "unknown"), Grid: &GridOptions{}, Stats: true, Requests: true, Reuse: true, Heat: true,
			Models: true, By: []Dimension{ByLength, ByTurn}, Rolling: &RollingOptions{Window: 20 * time.Second}, Tiers: tiersOf(someCapacities(kind != "unknown"))}
		var rows [2][]Row
		reports := make([]*Report, 2)
		for j, of := range [][]log.Record{records, inGroups(records, n)} {
			opts := opts
			opts.Rechunk = []int{n, 0}[j]
			opts.OnRow = func(r *Row) error {
				row := *r
				row.Hits, row.Demand, row.RequestID = slices.Clone(r.Hits), slices.Clone(r.Demand), slices.Clone(r.RequestID)
				row.Source = ""
				rows[j] = append(rows[j], row)
				return nil
			}
			reports[j] = runLog(t, of, opts)
		}
		require.Equal(t, rows[1], rows[0])
		reports[0].Settings.Rechunk = nil
		for _, write := range []func(*strings.Builder, *Report) error{
			func(w *strings.Builder, r *Report) error { r.Assumptions = nil; return WriteJSON(w, r) },
			func(w *strings.Builder, r *Report) error { return WriteCapacityCSV(w, r.Table) },
			func(w *strings.Builder, r *Report) error { return WriteRollingCSV(w, r.Rolling) },
			func(w *strings.Builder, r *Report) error { return WriteByCSV(w, r) },
			func(w *strings.Builder, r *Report) error { return WriteReuseCSV(w, r.Reuse) },
			func(w *strings.Builder, r *Report) error { return WriteTiersCSV(w, r) },
		} {
			var got, want strings.Builder
			require.NoError(t, write(&got, reports[0]))
			require.NoError(t, write(&want, reports[1]))
			require.Equal(t, want.String(), got.String())
		}
	}
}

// TestRechunkByHand has full and partial groups.
func TestRechunkByHand(t *testing.T) {
	ask := func(at float64, tokens int64, hashes ...string) log.Record {
		return log.Record{Timestamp: at, ChunkSize: 16, SeqLen: tokens, ChunkHashes: hashes, DTypes: []string{"int8"}, Shapes: [][]int64{{10}}}
	}
	records := []log.Record{
		ask(0, 90, "a", "b", "c", "d", "e"), // two groups, 26 tokens of tail
		ask(1, 50, "a", "b", "c"),           // one group, hit; 18 tokens of tail
		ask(2, 16, "a"),                     // none
		ask(3, 64, "a", "b", "c", "x"),      // two groups: the second is another one
	}
	report := runLog(t, records, Options{Rechunk: 2, Capacities: []units.Capacity{units.InChunks(2), {Unit: units.Unlimited}}})
	require.Equal(t, MissTokens{Tail: 26 + 18 + 16, Cold: 64 + 32}, report.Results[1].MissTokens)
	require.EqualValues(t, 64, report.Results[1].HitTokens)
	require.EqualValues(t, 3, *report.Input.UniqueChunks)
	require.EqualValues(t, 20, *report.Input.Models[0].BytesPerChunk)
	require.EqualValues(t, 32, *report.Input.Models[0].ChunkSize)
	require.EqualValues(t, 40, *report.Results[0].CapacityBytes)
	require.EqualValues(t, 2, *report.Settings.Rechunk)
}

// TestRechunkNeedsChains locates the first record whose hashes don't stand for their prefix.
func TestRechunkNeedsChains(t *testing.T) {
	ask := func(tokens int64, hashes ...string) log.Record {
		return log.Record{Timestamp: 1, ChunkSize: 16, SeqLen: tokens, ChunkHashes: hashes}
	}
	for what, tt := range map[string]struct {
		records []log.Record
		line    int
		why     error
	}{
		"another before":  {[]log.Record{ask(32, "a", "b"), ask(32, "c", "b")}, 2, ErrUnchained},
		"none before":     {[]log.Record{ask(32, "a", "b"), ask(16, "a"), ask(16, "b")}, 3, ErrUnchained},
		"no longer first": {[]log.Record{ask(16, "a"), ask(32, "b", "a")}, 2, ErrUnchained},
		"itself":          {[]log.Record{ask(48, "a", "b", "b")}, 1, ErrUnchained},
		"in one request":  {[]log.Record{ask(64, "a", "b", "c", "b")}, 1, ErrUnchained},
		"surplus":         {[]log.Record{ask(40, "a", "b"), ask(40, "a", "b", "c")}, 2, ErrSurplusHashes},
	} {
		for _, opts := range []Options{{Rechunk: 2}, {Granularities: []Granularity{{}, {Rechunk: 2}, {Rechunk: 3}}}} {
			_, err := Run(context.Background(), findLog(t, tt.records), opts)
			var rechunk *RechunkError
			require.ErrorAs(t, err, &rechunk, what)
			require.ErrorIs(t, err, tt.why, what)
			require.Contains(t, err.Error(), fmt.Sprintf(".jsonl:%d: ", tt.line), what)
		}
		_, err := Run(context.Background(), findLog(t, tt.records), Options{Rechunk: 1})
		require.NoError(t, err, "%s: every chunk stands for itself", what)
	}
}

// TestGranularityNeedsLogs refuses what knows chunks as they are logged alone.
func TestGranularityNeedsLogs(t *testing.T) {
	for what, opts := range map[string]Options{
		"match unit": {MatchUnit: MatchUnit{N: 2}}, "rechunk": {Rechunk: 2}, "list": {Granularities: []Granularity{{}, {Rechunk: 2}}},
	} {
		require.NoError(t, opts.Check(), what)
		require.Error(t, opts.CheckSummary(), what)
		require.Error(t, opts.CheckState(), what)
		require.Error(t, (&FleetOptions{Options: opts, Sources: true}).Check(), what)
	}
	for what, opts := range map[string]Options{
		"rechunk -1":         {Rechunk: -1},
		"too many":           {Rechunk: maxRechunk + 1},
		"bounded":            {Rechunk: 2, MaxCapacity: units.InChunks(5)},
		"bounded list":       {Granularities: []Granularity{{}, {Rechunk: 2}}, MaxCapacity: units.InChunks(5)},
		"twice":              {Granularities: []Granularity{{Rechunk: 2}, {Rechunk: 2}}},
		"a bad one":          {Granularities: []Granularity{{MatchUnit: MatchUnit{N: -2}}}},
		"no room":            {Granularities: []Granularity{{Rechunk: 2}, {Rechunk: 4}}, Capacities: []units.Capacity{units.InChunks(3)}},
		"match unit of zero": {MatchUnit: MatchUnit{Tokens: true}},
	} {
		require.Error(t, opts.Check(), what)
	}
	require.False(t, errors.Is((&Options{Rechunk: 1}).CheckSummary(), errRechunkNeedsLogs), "it changes nothing")
}
