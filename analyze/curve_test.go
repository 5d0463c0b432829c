package analyze

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

func TestTokensOfChunks(t *testing.T) {
	for _, tt := range []struct {
		tokens tokens
		first  []int64 // with 0, 1, 2 … chunks
	}{
		{tokens{4, 10}, []int64{0, 4, 8, 10, 10}},
		{tokens{4, 8}, []int64{0, 4, 8, 8}},
		{tokens{4, 0}, []int64{0, 0, 0}},
		{tokens{4, 3}, []int64{0, 3, 3}},
		{tokens{math.MaxInt64, math.MaxInt64}, []int64{0, math.MaxInt64, math.MaxInt64, math.MaxInt64}},
		{tokens{math.MaxInt64/2 + 1, math.MaxInt64}, []int64{0, math.MaxInt64/2 + 1, math.MaxInt64}},
	} {
		for k, want := range tt.first {
			require.Equal(t, want, tt.tokens.first(k))
			if k > 0 {
				require.Equal(t, want-tt.first[k-1], tt.tokens.between(k-1, k))
			}
		}
	}
}

func TestDemand(t *testing.T) {
	depth := func(n int64) sim.Depth { return sim.Depth{Chunks: n, Bytes: 10 * n} }
	never := sim.Depth{Chunks: sim.Never, Bytes: sim.Never}
	for name, tt := range map[string]struct {
		runs []sim.Run
		want []row
	}{
		"none":    {nil, nil},
		"cold":    {[]sim.Run{{N: 3, Need: never}}, nil},
		"falling": {[]sim.Run{{N: 3, Need: depth(9), Step: -1, Size: 10}}, []row{{need: depth(9), n: 1, tokens: 12}}},
		"rising":  {[]sim.Run{{N: 3, Need: depth(9), Step: 1, Size: 10}}, []row{{depth(9), 10, 3, 4}}},
		"rising to the tail": {[]sim.Run{{N: 4, Need: depth(9), Step: 1, Size: 10}},
			[]row{{depth(9), 10, 3, 4}, {depth(12), 10, 1, 2}}},
		"beyond the tokens": {[]sim.Run{{N: 6, Need: depth(9), Step: 1, Size: 10}},
			[]row{{depth(9), 10, 3, 4}, {depth(12), 10, 1, 2}}},
		"a later chunk that needs less hits with those before it": {
			[]sim.Run{{N: 1, Need: depth(7)}, {N: 2, Need: depth(2), Step: 1, Size: 10}, {N: 1, Need: depth(8)}},
			[]row{{need: depth(7), n: 1, tokens: 4}, {need: depth(7), n: 1, tokens: 8}, {need: depth(8), n: 1, tokens: 2}}},
		"rising past what came before": {[]sim.Run{{N: 1, Need: depth(3)}, {N: 3, Need: depth(2), Step: 1, Size: 10}},
			[]row{{need: depth(3), n: 1, tokens: 4}, {need: depth(3), n: 1, tokens: 8}, {depth(4), 10, 1, 2}}},
		"behind a chunk never seen nothing hits": {[]sim.Run{{N: 1, Need: depth(5)}, {N: 1, Need: never}, {N: 2, Need: depth(1)}},
			[]row{{need: depth(5), n: 1, tokens: 4}}},
	} {
		require.Equal(t, tt.want, tokens{chunkSize: 4, seqLen: 14}.demand(nil, tt.runs), name)
	}
}

// TestSizesThatTurnUpLate joins two halves of a log, the second with a different chunk size or none, and compares the curve
// in bytes with plain replays.
func TestSizesThatTurnUpLate(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	records := append(randomRecords(r, "equal", 80), randomRecords(r, "disagreeing", 80)...)
	for i := range records {
		records[i].Timestamp = float64(i)
	}
	curve := runLog(t, records, Options{}).Curve
	require.Equal(t, units.Bytes, curve.Unit)
	require.Zero(t, curve.ChunkBytes)
	for c := int64(1); c < 3000; c += 37 {
		want := replayPlain(records, c, units.Bytes, Options{}, 0, 20)
		require.Equal(t, want.hits, curve.At(c).HitTokens)
		require.Equal(t, want.miss, curve.At(c).Miss)
		require.Equal(t, want.chunkHits, curve.At(c).ChunkHits)
	}
	records = append(records, log.Record{Timestamp: 1000, ChunkSize: 16, SeqLen: 16, ChunkHashes: []string{"0xffff"}})
	report := runLog(t, records, Options{Capacities: []units.Capacity{units.InChunks(50)}})
	require.Equal(t, units.Chunks, report.Curve.Unit)
	require.Nil(t, report.Ceiling.CapacityBytes)
	require.Nil(t, report.Results[0].CapacityBytes)
	require.Equal(t, replayPlain(records, 50, units.Chunks, Options{}, 0, 20).hits, report.Results[0].HitTokens)
	require.Equal(t, SizesUnknown, report.Notes[len(report.Notes)-1].Kind)
}

// TestNothingToCache covers extreme logs: no chunks, no tokens, a single request.
func TestNothingToCache(t *testing.T) {
	opts := Options{Capacities: []units.Capacity{units.InBytes(100), units.InChunks(10), {Unit: units.Unlimited}}, Rolling: &RollingOptions{}, Audit: true}
	half, err := ParseTarget("50%ofceiling")
	require.NoError(t, err)
	opts.Targets = []Target{half}
	report := runLog(t, []log.Record{{Timestamp: 5, ChunkSize: 16, SeqLen: 7}}, opts)
	for _, r := range report.Results {
		require.Equal(t, MissTokens{Tail: 7}, r.MissTokens)
		require.Zero(t, r.TokenHitRate)
		require.Zero(t, r.ChunkHitRate)
	}
	require.True(t, report.Targets[0].Reachable, "0 tokens are half of 0")
	require.Equal(t, []Window{{Start: 5, End: 6, Requests: 1, TotalTokens: 7, HitTokens: []int64{0}, MissTokens: []MissTokens{{Tail: 7}}}}, report.Rolling.Windows)

	opts.Capacities = opts.Capacities[1:]
	report = runLog(t, []log.Record{{Timestamp: 5, ChunkSize: 16, SeqLen: 0, ChunkHashes: []string{"a", "b"}},
		{Timestamp: 6, ChunkSize: 16, SeqLen: 0, ChunkHashes: []string{"a"}}}, opts)
	for _, r := range report.Results {
		require.Zero(t, r.TokenHitRate)
		require.Equal(t, int64(1), r.ChunkHits)
	}
	require.Equal(t, int64(2), report.Audit.SurplusHashes)
}

func TestTooManyTokens(t *testing.T) {
	records := []log.Record{{ChunkSize: 1, SeqLen: math.MaxInt64}, {ChunkSize: 1, SeqLen: 1}}
	_, err := Run(t.Context(), findLog(t, records), Options{})
	require.ErrorIs(t, err, ErrTooManyTokens)
	require.ErrorContains(t, err, ".jsonl:2: ")
}

// TestSizesBeyondCounting treats sizes beyond an int64 as unknown, which matters only if bytes are asked for.
func TestSizesBeyondCounting(t *testing.T) {
	huge := func(i int) log.Record {
		return log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, DTypes: []string{"int8"}, Shapes: [][]int64{{4e18}},
			ChunkHashes: []string{string(rune('a' + i))}}
	}
	for name, tt := range map[string]struct {
		records []log.Record
		ranks   int64
		why     string
	}{
		"sum":   {[]log.Record{huge(0), huge(1), huge(2), huge(0)}, 1, "on 1 ranks, the sizes exceed 2^63 bytes in total"},
		"ranks": {[]log.Record{huge(0), huge(1), huge(0)}, 3, "on 3 ranks, the sizes exceed 2^63 bytes in total"},
	} {
		report := runLog(t, tt.records, Options{Ranks: tt.ranks, Capacities: []units.Capacity{units.InChunks(5)}})
		require.Equal(t, int64(1), report.Results[0].HitTokens, name)
		require.Equal(t, units.Chunks, report.Curve.Unit)
		require.Equal(t, SizesUnknown, report.Notes[0].Kind)
		_, err := Run(t.Context(), findLog(t, tt.records), Options{Ranks: tt.ranks, Capacities: []units.Capacity{units.InBytes(5)}})
		require.ErrorContains(t, err, tt.why)
		var unknown *UnknownSizeError
		require.ErrorAs(t, err, &unknown)
		require.Equal(t, units.InBytes(5), unknown.Capacity)
	}
}

// TestKeysAreModelAndHash checks that swapping model name and hash gives a different key.
func TestKeysAreModelAndHash(t *testing.T) {
	var records []log.Record
	for i, names := range [][2]string{{"x", "y"}, {"y", "x"}, {"x", "x"}, {"y", "y"}} {
		records = append(records, log.Record{Timestamp: float64(i), ModelName: names[0], ChunkSize: 1, SeqLen: 1, ChunkHashes: names[1:]})
	}
	require.Equal(t, int64(4), *runLog(t, records, Options{}).Input.UniqueChunks)
	require.Equal(t, int64(2), *runLog(t, records, Options{IgnoreModel: true}).Input.UniqueChunks)
}
