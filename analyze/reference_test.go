package analyze

import (
	"context"
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// reference is a real trace with the figures of a plain replay written independently of this project. It is not part of the
// project: its tests run only if it is present.
const reference = "../../shared/reference"

type expectedResult struct {
	CapacityChunks *int64   `json:"capacity_chunks"`
	HitTokens      int64    `json:"hit_tokens"`
	TotalTokens    *int64   `json:"total_tokens"`
	ChunkHits      *int64   `json:"chunk_hits"`
	Evictions      *int64   `json:"evictions"`
	ResidentChunks *int64   `json:"resident_chunks"`
	TokenHitRate   *float64 `json:"token_hit_rate"`
}

type expected struct {
	Requests     int64                       `json:"requests"`
	TotalTokens  int64                       `json:"total_tokens"`
	ChunkLookups int64                       `json:"chunk_lookups"`
	UniqueChunks int64                       `json:"unique_chunks"`
	PlainLRU     map[string][]expectedResult `json:"plain_lru"`
	Warmup       []expectedResult            `json:"warmup_0.5_head"`
	Watermark    struct {
		Results []expectedResult `json:"results"`
	} `json:"watermark_tail_trigger_0.8_ratio_0.2"`
	Rolling []struct {
		WindowStart float64 `json:"window_start"`
		Requests    int64   `json:"requests"`
		HitTokens   int64   `json:"hit_tokens"`
		TotalTokens int64   `json:"total_tokens"`
	} `json:"rolling_300s_at_10000_chunks_head"`
	Smallest []struct {
		Target   float64  `json:"target_token_hit_rate"`
		Capacity *int64   `json:"smallest_capacity_chunks"`
		Rate     *float64 `json:"token_hit_rate"`
	} `json:"smallest_capacity_head"`
}

func readReference(t *testing.T) (*log.Files, *expected) {
	data, err := os.ReadFile(reference + "/conversation.expected.json")
	if err != nil {
		t.Skip("the reference trace is not here")
	}
	var want expected
	require.NoError(t, json.Unmarshal(data, &want))
	files, err := log.Find(context.Background(), []string{reference + "/conversation"}, nil)
	require.NoError(t, err)
	return files, &want
}

func TestReferencePlainLRU(t *testing.T) {
	files, want := readReference(t)
	for name, order := range map[string]sim.Order{"head": sim.HeadFirst, "tail": sim.TailFirst} {
		require.NotEmpty(t, want.PlainLRU[name])
		report := runExpected(t, files, Options{TouchOrder: order}, want.PlainLRU[name])
		require.Equal(t, want.Requests, report.Input.Requests)
		require.Equal(t, want.TotalTokens, report.Input.TotalTokens)
		require.Equal(t, want.ChunkLookups, report.Input.ChunkLookups)
		require.Equal(t, want.UniqueChunks, *report.Input.UniqueChunks)
	}
}

// TestReferenceClasses adds up the classes of all dimensions.
func TestReferenceClasses(t *testing.T) {
	files, want := readReference(t)
	for _, opts := range []Options{
		{TouchOrder: sim.TailFirst, LengthClasses: []int64{4096, 32768}},
		{Warmup: Warmup{Fraction: .5}, Cache: Cache{TTL: 5 * time.Minute, StoreDelay: time.Second}},
		{TouchOrder: sim.TailFirst, Cache: Cache{Watermark: &sim.Watermark{Trigger: .8, Ratio: .2}}},
	} {
		opts.By, opts.Grid = Dimensions(), &GridOptions{Points: 40}
		opts.Capacities = []units.Capacity{units.InChunks(500), units.InChunks(3000), units.InChunks(10000), {Unit: units.Unlimited}}
		report, err := Run(t.Context(), files, opts)
		require.NoError(t, err)
		requireAddUp(t, report)
		if opts.Warmup.Fraction == 0 {
			require.Equal(t, want.Requests, report.By[2].Class(0).Requests, "there is one source")
		}
	}
}

// TestReferenceParts joins parts of the reference, and compares all figures with those of one replay.
func TestReferenceParts(t *testing.T) {
	files, _ := readReference(t)
	opts := Options{Rolling: &RollingOptions{}, Capacities: []units.Capacity{units.InChunks(10000), units.InBytes(3000 << 10), {Unit: units.Unlimited}}}
	reading := opts
	reading.Grid, reading.Targets = &GridOptions{}, []Target{parsedTarget(t, "30%"), parsedTarget(t, "90%ofceiling")}
	whole := reading
	whole.summary = true
	want, err := Run(t.Context(), files, whole)
	require.NoError(t, err)
	first, span := want.Input.FirstTimestamp, want.Input.LastTimestamp-want.Input.FirstTimestamp
	for _, n := range []int{1, 7, 64} {
		var cuts []float64
		for i := 1; i < n; i++ {
			cuts = append(cuts, first+span*float64(i)/float64(n))
		}
		parts := partsOf(t, files, opts, cuts)
		for _, p := range parts[1:] {
			require.NoError(t, parts[0].Then(p))
		}
		got, err := parts[0].Report(reading)
		require.NoError(t, err)
		requireSameText(t, everything(t, want), everything(t, got))
	}
}

func TestReferenceWarmup(t *testing.T) {
	files, want := readReference(t)
	require.NotEmpty(t, want.Warmup)
	runExpected(t, files, Options{Warmup: Warmup{Fraction: 0.5}}, want.Warmup)
}

func TestReferenceWatermark(t *testing.T) {
	files, want := readReference(t)
	require.NotEmpty(t, want.Watermark.Results)
	server, err := FindPreset("lmcache-server")
	require.NoError(t, err)
	runExpected(t, files, Options{TouchOrder: *server.TouchOrder, Cache: Cache{Name: server.Name, Watermark: server.Watermark}}, want.Watermark.Results)
}

// runExpected replays the reference at the expected capacities, in chunks and again in bytes at 1024 bytes per chunk.
func runExpected(t *testing.T, files *log.Files, opts Options, want []expectedResult) *Report {
	for _, w := range want {
		for _, unit := range []units.Unit{units.Chunks, units.Bytes} {
			c := units.Capacity{Unit: units.Unlimited}
			if w.CapacityChunks != nil {
				c = units.Capacity{N: *w.CapacityChunks, Unit: unit}
				if unit == units.Bytes {
					c.N *= 1024
				}
			}
			opts.Capacities = append(opts.Capacities, c)
		}
	}
	report, err := Run(context.Background(), files, opts)
	require.NoError(t, err)
	require.Len(t, report.Results, 2*len(want))
	for i, got := range report.Results {
		w := want[i/2]
		require.Equal(t, w.CapacityChunks, got.CapacityChunks)
		require.Equal(t, w.HitTokens, got.HitTokens)
		if w.ChunkHits != nil {
			require.Equal(t, *w.ChunkHits, got.ChunkHits)
		}
		require.Equal(t, *w.TokenHitRate, got.TokenHitRate)
		if w.TotalTokens != nil {
			require.Equal(t, *w.TotalTokens, got.TotalTokens)
		}
		if w.Evictions != nil {
			require.Equal(t, *w.Evictions, *got.Evictions)
			require.Equal(t, *w.ResidentChunks, *got.ResidentChunks)
		}
	}
	return report
}

func TestReferenceRolling(t *testing.T) {
	files, want := readReference(t)
	report, err := Run(context.Background(), files, Options{Rolling: &RollingOptions{Window: 5 * time.Minute,
		Capacities: []units.Capacity{units.InChunks(10000)}}})
	require.NoError(t, err)
	require.Len(t, report.Rolling.Windows, len(want.Rolling))
	for i, w := range want.Rolling {
		got := report.Rolling.Windows[i]
		require.Equal(t, []any{w.WindowStart, w.WindowStart + 300, w.Requests, w.TotalTokens, []int64{w.HitTokens}},
			[]any{got.Start, got.End, got.Requests, got.TotalTokens, got.HitTokens})
		miss := got.MissTokens[0]
		require.Equal(t, w.TotalTokens-w.HitTokens, miss.Tail+miss.Cold+miss.Capacity+miss.BrokenPrefix)
	}
}

func TestReferenceSmallestCapacities(t *testing.T) {
	files, want := readReference(t)
	require.NotEmpty(t, want.Smallest)
	for _, w := range want.Smallest {
		text, err := json.Marshal(w.Target * 100)
		require.NoError(t, err)
		target, err := ParseTarget(string(text) + "%")
		require.NoError(t, err)
		report, err := Run(context.Background(), files, Options{Targets: []Target{target}})
		require.NoError(t, err)
		got := report.Targets[0]
		require.Equal(t, w.Capacity, got.CapacityChunks)
		require.Equal(t, w.Capacity != nil, got.Reachable)
		if w.Capacity != nil {
			require.Equal(t, *w.Rate, got.TokenHitRate)
			require.Equal(t, *w.Capacity*1024, *got.CapacityBytes)
		}
	}
}
