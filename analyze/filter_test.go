package analyze

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

func ptr[T any](v T) *T { return &v }

// TestFilters also filters by hand and replays the rest, and must find the same.
func TestFilters(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(2, 2)), "by model", 200)
	records[50].SeqLen, records[50].ChunkHashes = 0, nil
	records[60].ModelName = "model-1"
	records[60].SeqLen, records[60].ChunkHashes = 0, nil
	opts := Options{Filter: Filter{Since: ptr(records[20].Timestamp), Until: ptr(records[150].Timestamp), Model: ptr("model-1"), MaxRequests: 25}}
	var left []log.Record
	empty, filtered := int64(0), int64(0)
	for _, rec := range records {
		switch {
		case len(left) == 25:
		case rec.Timestamp < *opts.Since || rec.Timestamp >= *opts.Until || rec.ModelName != "model-1":
			filtered++
		case rec.SeqLen == 0 && len(rec.ChunkHashes) == 0:
			empty++
		default:
			left = append(left, rec)
		}
	}
	require.Len(t, left, 25)
	opts.Capacities = []units.Capacity{units.InChunks(30), {Unit: units.Unlimited}}
	got := runLog(t, records, opts)
	want := runLog(t, left, Options{Capacities: opts.Capacities})
	require.Equal(t, want.Results, got.Results)
	require.Equal(t, want.Ceiling, got.Ceiling)
	require.Equal(t, empty, got.Input.Empty)
	want.Input.Empty, want.Input.Filtered = empty, filtered
	require.Equal(t, want.Input, got.Input)
}

func TestSinceIsInclusiveUntilExclusive(t *testing.T) {
	var records []log.Record
	for i := range 10 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1 << i})
	}
	report := runLog(t, records, Options{Filter: Filter{Since: ptr(3.0), Until: ptr(6.0)}})
	require.Equal(t, int64(1<<3+1<<4+1<<5), report.Input.TotalTokens)
	require.Equal(t, 3.0, report.Input.FirstTimestamp)
	require.Equal(t, 5.0, report.Input.LastTimestamp)
	require.Equal(t, int64(3), report.Input.Filtered, "what lies behind is not met")
}

// TestWarmupIsReplayedButNotCounted splits a log in both ways.
func TestWarmupIsReplayedButNotCounted(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(3, 3)), "equal", 101)
	records[10].SeqLen, records[10].ChunkHashes = 0, nil // dropped before the fraction is taken
	byFraction := runLog(t, records, Options{Warmup: Warmup{Fraction: 0.5}, Capacities: []units.Capacity{units.InChunks(20)}, Rolling: &RollingOptions{}})
	require.Equal(t, int64(100), byFraction.Input.Requests)
	var windows int64
	for _, w := range byFraction.Rolling.Windows {
		windows += w.Requests
	}
	require.Equal(t, int64(50), windows)

	// The same split by time: up to the first counted request, if no other shares its timestamp.
	first := records[51].Timestamp
	records[50].Timestamp = first - 0.5
	d := time.Duration((first - records[0].Timestamp) * float64(time.Second))
	byTime := runLog(t, records, Options{Warmup: Warmup{Duration: d}, Capacities: []units.Capacity{units.InChunks(20)}})
	require.Equal(t, byFraction.Results, byTime.Results)
	require.Equal(t, byFraction.Ceiling, byTime.Ceiling)
	require.Equal(t, &first, byFraction.CountedFrom)
	require.Equal(t, &first, byTime.CountedFrom)
	require.Nil(t, runLog(t, records, Options{}).CountedFrom)

	until := runLog(t, records, Options{Warmup: Warmup{Until: &first}, Capacities: []units.Capacity{units.InChunks(20)}})
	require.Equal(t, byTime.Results, until.Results)
	require.Equal(t, byTime.Ceiling, until.Ceiling)
	require.Equal(t, &first, until.CountedFrom)
	parsed, err := ParseWarmup(*until.Settings.Warmup)
	require.NoError(t, err)
	require.InDelta(t, first, *parsed.Until, 1e-9)
}

// TestWarmupUntil ends a warm-up at times of no record: before, between and behind them.
func TestWarmupUntil(t *testing.T) {
	records := []log.Record{{Timestamp: 10, ChunkSize: 1, SeqLen: 1}, {Timestamp: 20, ChunkSize: 1, SeqLen: 1}, {Timestamp: 20, ChunkSize: 1, SeqLen: 1}}
	for until, counted := range map[float64]int64{-1: 3, 10: 3, 10.5: 2, 20: 2} {
		require.Equal(t, counted, runLog(t, records, Options{Warmup: Warmup{Until: &until}}).Counted)
	}
	_, err := Run(context.Background(), findLog(t, records), Options{Warmup: Warmup{Until: ptr(20.5)}})
	require.ErrorContains(t, err, "the warm-up until 1970-01-01T00:00:20.500Z covers all 3 requests: nothing is left to count")
}

func TestFilterThatLeavesNothing(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(3, 3)), "equal", 30)
	for why, filter := range map[string]Filter{
		`no record of model "x"; the logs have "model-0", "model-1", "model-2"`:     {Model: ptr("x")},
		"no record from 1970-01-12T13:46:40Z on; the logs cover 1970-01-01T00:00:0": {Since: ptr(1e6)},
		"no record from 1970-01-12T13:46:40Z on; the logs":                          {Since: ptr(1e6), Model: ptr("model-1")},
	} {
		_, err := Run(context.Background(), findLog(t, records), Options{Filter: filter})
		var nothing *NothingError
		require.ErrorAs(t, err, &nothing)
		require.ErrorContains(t, err, why)
	}
	_, err := Run(context.Background(), findLog(t, nil), Options{})
	require.ErrorContains(t, err, "no usable record")
}

// TestWarmupByDurationBeginsWithTheFirstReplayed counts the duration from the first record that passes the filter.
// TestWarmupTimeIsExact parses what a parsed time is printed as, in any century.
func TestWarmupTimeIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(74, 75))
	for range 2000 {
		at := time.Unix(rng.Int64N(300e9)-60e9, rng.Int64N(1e9))
		if rng.IntN(2) == 0 {
			at = time.Unix(rng.Int64N(5000), rng.Int64N(1e9))
		}
		want, err := ParseWarmup(at.UTC().Format(time.RFC3339Nano))
		require.NoError(t, err)
		got, err := ParseWarmup(want.String())
		require.NoError(t, err)
		require.Equal(t, *want.Until, *got.Until)
	}
}

func TestWarmupByDurationBeginsWithTheFirstReplayed(t *testing.T) {
	var records []log.Record
	for i := range 20 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1})
	}
	report := runLog(t, records, Options{Filter: Filter{Since: ptr(10.0)}, Warmup: Warmup{Duration: 4 * time.Second}, Capacities: []units.Capacity{units.InChunks(1)}})
	require.Equal(t, int64(10), report.Input.Requests)
	require.Equal(t, int64(6), report.Results[0].TotalTokens)
	require.Equal(t, int64(10), report.Input.Filtered)
}

func TestTooSmallToHoldAnything(t *testing.T) {
	record := log.Record{ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{"a"}, DTypes: []string{"int8"}, Shapes: [][]int64{{8}}}
	const hint = " A size without a unit is in bytes; 7 GiB is written 7GiB."
	for capacity, want := range map[int64][]string{7: {"A capacity of 7 B is smaller than the smallest chunk (8 B): nothing fits into it." + hint}, 8: {}} {
		report := runLog(t, []log.Record{record}, Options{Capacities: []units.Capacity{units.InBytes(capacity), units.InChunks(1)}})
		require.Equal(t, want, texts(report.Notes))
	}
	record.Shapes = [][]int64{{80 << 20}}
	for want, opts := range map[string]Options{
		"Capacities from 7 B to 1 KiB are smaller than the smallest chunk (80 MiB): nothing fits into them." + hint: {Capacities: []units.Capacity{units.InBytes(7), units.InBytes(1 << 40), units.InBytes(1 << 10), units.InBytes(7)}},
		"A capacity of 20 MiB is smaller than the smallest chunk (80 MiB): nothing fits into it.":                   {Rolling: &RollingOptions{Capacities: []units.Capacity{units.InBytes(20 << 20)}}},
		"A capacity of 7 B is smaller than the smallest chunk (80 MiB): nothing fits into it." + hint:               {Tiers: &TierOptions{Tiers: []Tier{{Name: "a", Capacity: units.InBytes(7)}, {Name: "b", Capacity: units.InBytes(1 << 40)}}}},
		"A capacity of 9 B is smaller than the smallest chunk (80 MiB): nothing fits into it." +
			" A size without a unit is in bytes; 9 GiB is written 9GiB.": {Grid: &GridOptions{From: units.InBytes(5), To: units.InBytes(9)}},
	} {
		require.Equal(t, []string{want}, texts(runLog(t, []log.Record{record}, opts).Notes))
	}
}

func TestWhoseBytes(t *testing.T) {
	for want, opts := range map[string]Options{
		"All byte figures are for one rank, as logged.":                                         {},
		"All byte figures, capacities included, are totals over 4 ranks: the logged sizes × 4.": {Ranks: 4},
		"Every chunk is 1 KiB, as given.":                                                       {BytesPerChunk: 1024},
		"Every chunk is 1 KiB, as given (not multiplied by the ranks).":                         {BytesPerChunk: 1024, Ranks: 4},
	} {
		report := runLog(t, loop(3, 8), opts)
		require.Equal(t, want, report.Assumptions[len(report.Assumptions)-1])
	}
	report := runLog(t, loop(3), Options{})
	require.Equal(t, "Chunk sizes are unknown, so capacities are in chunks.", report.Assumptions[len(report.Assumptions)-1])
}

// TestLateRecord has a record too late to be sorted: it is replayed where it arrives, and reported.
func TestLateRecord(t *testing.T) {
	var records []log.Record
	for i := range log.Window + 10 {
		records = append(records, log.Record{Timestamp: float64(1000 + i), ChunkSize: 1, SeqLen: 1})
	}
	records = append(records, log.Record{Timestamp: 5, ChunkSize: 1, SeqLen: 1})
	report := runLog(t, records, Options{Audit: true, Rolling: &RollingOptions{Window: time.Minute}})
	require.Equal(t, int64(1), report.Input.Late)
	require.Equal(t, 5.0, report.Input.FirstTimestamp)
	require.Empty(t, report.Audit.Gaps)
	require.Equal(t, 0.0, report.Rolling.Windows[0].Start)
}

// TestManyModelsButThisOne lists no more model names than one can read.
func TestManyModelsButThisOne(t *testing.T) {
	name := "none"
	s := NewSieve(Filter{Model: &name})
	for i := range 3 * maxOthers {
		require.False(t, s.Admit(&log.Entry{ModelName: fmt.Sprintf("model %04d", i), ChunkSize: 1, SeqLen: 1}))
	}
	require.Len(t, s.others, maxOthers)
	text := s.Nothing(log.Stats{}).Error()
	require.Contains(t, text, `no record of model "none"; the logs have "model 0000", "model 0001", `)
	require.True(t, strings.HasSuffix(text, `"model 0998" and others`), text[len(text)-40:])
}

// A filter that matches nothing says so as facts: what was asked for, and what the logs have.
func TestNoMatchErrorIsFacts(t *testing.T) {
	records := randomRecords(rand.New(rand.NewPCG(3, 3)), "by model", 30)
	first, last := records[0].Timestamp, records[29].Timestamp
	noMatch := func(f Filter) *NoMatchError {
		_, err := Run(context.Background(), findLog(t, records), Options{Filter: f})
		var none *NoMatchError
		require.ErrorAs(t, err, &none)
		require.Equal(t, f, none.Filter)
		return none
	}
	e := noMatch(Filter{Since: ptr(last + 1)})
	require.Equal(t, NoMatchError{Filter: e.Filter, Met: 30, First: first, Last: last}, *e)
	e = noMatch(Filter{Until: ptr(first)})
	require.Equal(t, NoMatchError{Filter: e.Filter, Beyond: &first}, *e)
	e = noMatch(Filter{Since: &last, Model: ptr("x")})
	require.Equal(t, NoMatchError{Filter: e.Filter, Met: 30, First: first, Last: last, Models: []string{records[29].ModelName}}, *e)
	require.Contains(t, e.Error(), fmt.Sprintf(`no record of model "x" from %s on; in that time the logs have %q`, units.FormatTime(last), records[29].ModelName))
	e = noMatch(Filter{Since: ptr(first + 1e-7), Until: ptr(first + 2e-7)})
	require.EqualValues(t, 1, e.Met)
	require.Equal(t, records[1].Timestamp, *e.Beyond)
}

// Records that come from no reader are compared with the period by whoever has them.
func TestOutsideOfThePeriod(t *testing.T) {
	s := NewSieve(Filter{Since: ptr(10.0), Until: ptr(20.0)})
	for at, covered := range map[float64]bool{5: false, 10: true, 19.5: true, 20: false, 25: false} {
		require.Equal(t, covered, s.Covers(at))
		if e := (&log.Entry{Timestamp: at, SeqLen: 1}); covered {
			require.True(t, s.Admit(e))
		} else {
			s.Outside(e)
		}
	}
	require.Equal(t, []int64{5, 2}, []int64{s.Read, s.Passed})
	s.Finish(log.Stats{BeforeSince: 3, First: 1, Last: 4})
	require.EqualValues(t, 8, s.Read)
	require.Equal(t, []float64{1, 25}, []float64{s.first, s.last})
}
