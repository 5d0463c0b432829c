package analyze

import (
	"errors"
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

// copyRow returns a row that stays valid.
func copyRow(r *Row) Row {
	c := *r
	c.RequestID = append([]byte{}, r.RequestID...)
	c.Hits = append([]int64{}, r.Hits...)
	c.Demand = append([]Step{}, r.Demand...)
	return c
}

// unfolded returns the steps of a row without stairs.
func unfolded(t *testing.T, r Row) (single []Step) {
	t.Helper()
	var last Step
	for _, s := range r.Demand {
		each := s.HitTokens - last.HitTokens
		ok := each > 0 && s.Stairs > 0 && s.Chunks > last.Chunks && (s.Stairs == 1 || !r.Sizes.Unlike)
		require.True(t, ok, "steps rise, and there are no stairs where sizes differ: %v", r)
		require.Equal(t, r.Sizes.Known, s.Bytes > last.Bytes)
		for i := range s.Stairs {
			last = Step{s.Chunks + i, s.Bytes + i*r.Sizes.One, s.HitTokens + i*each, 1}
			single = append(single, last)
		}
	}
	return single
}

// hitsFromSteps reads hit tokens at a capacity off single steps.
func hitsFromSteps(single []Step, c units.Capacity) (hits int64) {
	for _, s := range single {
		if c.Unit == units.Bytes && s.Bytes <= c.N || c.Unit != units.Bytes && s.Chunks <= c.Limit() {
			hits = s.HitTokens
		}
	}
	return hits
}

// TestRowsEqualPlainCaches compares the rows with what plain caches say of each request alone: at each listed capacity, and at
// every capacity that the steps give.
func TestRowsEqualPlainCaches(t *testing.T) {
	t.Parallel()
	caches := []Cache{{}, {StoreDelay: 2500 * time.Millisecond}, {TTL: 9 * time.Second}, {StoreDelay: 3 * time.Second, TTL: 20 * time.Second}, {Admit: 2},
		{Admit: 3, StoreDelay: 3 * time.Second, TTL: 20 * time.Second}}
	for seed, kind := range []string{"equal", "by model", "disagreeing", "unknown"} {
		for i, cache := range caches {
			for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
				for _, warmup := range []float64{0, 0.3} {
					t.Run(fmt.Sprint(kind, "/cache ", i, "/", OrderName(order), "/warmup ", warmup), func(t *testing.T) {
						t.Parallel()
						r := rand.New(rand.NewPCG(uint64(seed), uint64(i)))
						records := randomRecords(r, kind, 130)
						opts := Options{TouchOrder: order, Cache: cache, Warmup: Warmup{Fraction: warmup}, IgnoreModel: i == 1}
						compareRows(t, records, opts, kind != "unknown")
					})
				}
			}
		}
	}
}

func compareRows(t *testing.T, records []log.Record, opts Options, bytes bool) {
	for n := int64(1); n < 700; n += 1 + n/2 {
		opts.Capacities = append(opts.Capacities, units.InChunks(n))
		if bytes {
			opts.Capacities = append(opts.Capacities, units.InBytes(n*11))
		}
	}
	opts.Capacities = append(opts.Capacities, units.Capacity{Unit: units.Unlimited})
	var rows []Row
	opts.OnRow = func(r *Row) error {
		rows = append(rows, copyRow(r))
		return nil
	}
	report := runLog(t, records, opts)
	warmup := int(math.Floor(opts.Warmup.Fraction * float64(len(records))))
	require.Len(t, rows, len(records)-warmup)
	var tail, cold int64
	steps := make([][]Step, len(rows))
	for i, row := range rows {
		rec := records[warmup+i]
		require.Equal(t, rec.RequestID, string(row.RequestID))
		require.Equal(t, []any{rec.Timestamp, rec.ModelName, rec.SeqLen, int64(len(rec.ChunkHashes))}, []any{row.Timestamp, row.Model, row.SeqLen, row.Chunks})
		steps[i] = unfolded(t, row)
		tail += row.TailTokens
		cold += row.ColdTokens
	}
	require.Equal(t, report.Results[0].MissTokens.Tail, tail)
	require.Equal(t, report.Results[0].MissTokens.Cold, cold)
	for i, c := range opts.Capacities {
		want := replayPlain(records, c.Limit(), c.Unit, opts, warmup, 20).requestHits
		var sum int64
		for j, row := range rows {
			if row.Hits[i] != want[j] || hitsFromSteps(steps[j], c) != want[j] {
				t.Fatalf("counted request %d at %s: %d hit tokens, %d by its steps, want %d", j, c, row.Hits[i], hitsFromSteps(steps[j], c), want[j])
			}
			sum += row.Hits[i]
		}
		require.Equal(t, report.Results[i].HitTokens, sum, "rows add up at %s", c)
	}
}

// TestAppendSteps has the corners of a staircase.
func TestAppendSteps(t *testing.T) {
	at := func(chunks int64) sim.Depth { return sim.Depth{Chunks: chunks, Bytes: 10 * chunks} }
	demand := []row{
		{need: at(3), size: 10, n: 1, tokens: 32}, // two chunks at once
		{need: at(7), size: 10, n: 4, tokens: 16},
		{need: at(10), size: 10, n: 1, tokens: 48}, // three chunks that need no more than the last of these
		{need: at(11), size: 10, n: 2, tokens: 16},
		{need: at(13), size: 10, n: 1, tokens: 5}, // a partial chunk
	}
	require.Equal(t, []Step{{3, 30, 32, 1}, {7, 70, 48, 3}, {10, 100, 144, 1}, {11, 110, 160, 2}, {13, 130, 181, 1}}, appendSteps(nil, demand, false))
	require.Equal(t, []Step{{3, 30, 32, 1}, {7, 70, 48, 1}, {8, 80, 64, 1}, {9, 90, 80, 1}, {10, 100, 144, 1}, {11, 110, 160, 1}, {12, 120, 176, 1}, {13, 130, 181, 1}},
		appendSteps(nil, demand, true))
	unknown := []row{{need: sim.Depth{Chunks: 5, Bytes: sim.Never}, n: 2, tokens: 16}}
	require.Equal(t, []Step{{5, 0, 16, 2}}, appendSteps(nil, unknown, false))
}

// TestRowsNeedPlainLRU refuses a cache whose demand is not known, and ends with the error of a row.
func TestRowsNeedPlainLRU(t *testing.T) {
	opts := Options{OnRow: func(*Row) error { return errors.New("full") }}
	opts.Cache.Watermark = &sim.Watermark{Trigger: 0.8, Ratio: 0.2}
	require.Equal(t, ErrRowsNeedLRU, opts.Check())
	opts.Cache.Watermark = nil
	records := randomRecords(rand.New(rand.NewPCG(1, 1)), "equal", 10)
	_, err := Run(t.Context(), findLog(t, records), opts)
	require.ErrorContains(t, err, "lookup_hashes_20240101_000000_000001.jsonl:1: full")
}
