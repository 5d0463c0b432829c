package analyze

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/geometry"
	"hashlog/analyze/units"
	"hashlog/log"
)

// A geometry of 2 × 1 layer × 4 KV heads × 8 elements × 2 bytes = 128 bytes per token.
func smallGeometry(t testing.TB, ranks int64) *geometry.Geometry {
	g, err := geometry.Parse("small.json", []byte(`{"architectures": ["LlamaForCausalLM"], "hidden_size": 64, "num_attention_heads": 8,
		"num_hidden_layers": 1, "num_key_value_heads": 4, "torch_dtype": "float16"}`), geometry.Options{Ranks: ranks})
	require.NoError(t, err)
	return g
}

// TestGeometryIsBytesPerChunk replays with a geometry, and with the size computed from it by hand.
func TestGeometryIsBytesPerChunk(t *testing.T) {
	for _, sizes := range [][]int64{nil, {8}, {8, 24}} {
		for _, ranks := range []int64{1, 2, 8} {
			asked := []units.Capacity{units.InBytes(2000), units.InBytes(5000), units.InChunks(3)}
			// Chunks of 4 tokens. 8 ranks store the 4 heads twice.
			bytes := map[int64]int64{1: 4 * 128, 2: 4 * 128, 8: 4 * 256}[ranks]
			want := runLog(t, loop(9, sizes...), Options{Capacities: asked, BytesPerChunk: bytes})
			got := runLog(t, loop(9, sizes...), Options{Capacities: asked, Geometry: smallGeometry(t, ranks), Ranks: ranks})
			require.Equal(t, want.Results, got.Results)
			require.Equal(t, want.Ceiling, got.Ceiling)
			require.Equal(t, want.Input, got.Input)
			require.Equal(t, bytes, *got.Input.Models[0].BytesPerChunk)
			require.Nil(t, got.Settings.BytesPerChunk)
			require.Equal(t, ranks, got.Settings.ModelConfig.Ranks)
		}
	}
}

// TestGeometryWeighsByChunkSize has two models with chunks of 4 and 16 tokens.
func TestGeometryWeighsByChunkSize(t *testing.T) {
	records := loop(3)
	records[1].ModelName, records[1].ChunkSize, records[1].SeqLen = "b", 16, 16
	report := runLog(t, records, Options{Geometry: smallGeometry(t, 1)})
	require.Equal(t, int64(4*128), *report.Input.Models[0].BytesPerChunk)
	require.Equal(t, int64(16*128), *report.Input.Models[1].BytesPerChunk)
	require.Contains(t, report.Assumptions, "A chunk of 4 tokens is 512 B (512 bytes).")
	require.Contains(t, report.Assumptions, "A chunk of 16 tokens is 2 KiB (2,048 bytes).")
	require.Equal(t, []Note{{ManyModels, "small.json applies to all 2 models."}}, report.Notes)
}

func TestGeometryText(t *testing.T) {
	one := runLog(t, loop(3), Options{Geometry: smallGeometry(t, 1)})
	require.Equal(t, []string{
		"All byte figures, capacities included, are for one rank, from small.json (LlamaForCausalLM): 2 (K and V) × 1 layer × 4 KV heads × 8 head_dim × 2 bytes (float16) = 128 bytes a token.",
		"A chunk of 4 tokens is 512 B (512 bytes).",
	}, one.Assumptions[4:])
	four := runLog(t, loop(3), Options{Geometry: smallGeometry(t, 4), Ranks: 4})
	require.Equal(t, []string{
		"All byte figures, capacities included, are totals over 4 ranks, from small.json (LlamaForCausalLM): 4 ranks × 2 (K and V) × 1 layer × 1 KV head a rank (of 4) × 8 head_dim × 2 bytes (float16) = 128 bytes a token; one rank stores 32.",
		"A chunk of 4 tokens is 512 B (512 bytes) on all 4 ranks, 128 B (128 bytes) on one.",
	}, four.Assumptions[4:])
}

// TestGeometryAgainstTheLog compares the logged size with that of one rank: 4 × 128 bytes, and half of that on 2 ranks.
func TestGeometryAgainstTheLog(t *testing.T) {
	const differs = "6 requests with a chunk size in bytes that differs from the one small.json gives for one rank: the logged sizes are not used."
	require.Empty(t, runLog(t, loop(3, 512), Options{Geometry: smallGeometry(t, 1)}).Notes)
	require.Empty(t, runLog(t, loop(3), Options{Geometry: smallGeometry(t, 1)}).Notes)
	require.Empty(t, runLog(t, loop(3, 256), Options{Geometry: smallGeometry(t, 2), Ranks: 2}).Notes)
	require.Equal(t, []Note{{Remark, differs}}, runLog(t, loop(3, 512), Options{Geometry: smallGeometry(t, 2), Ranks: 2}).Notes)
}

// TestGeometryOverflow has a chunk beyond 2^63 bytes: its size is unknown, and capacities in bytes are refused.
func TestGeometryOverflow(t *testing.T) {
	records := []log.Record{{Timestamp: 1, ChunkSize: 1 << 60, SeqLen: 1 << 60, ChunkHashes: []string{"a"}}}
	report := runLog(t, records, Options{Geometry: smallGeometry(t, 1)})
	require.Nil(t, report.Input.Models[0].BytesPerChunk)
	require.Nil(t, report.Ceiling.CapacityBytes)
	_, err := Run(context.Background(), findLog(t, records), Options{Geometry: smallGeometry(t, 1), Capacities: []units.Capacity{units.InBytes(5)}})
	require.ErrorContains(t, err, "with this record's chunks of 1152921504606846976 tokens, 128 bytes each, the sizes exceed 2^63 bytes in total")
}
