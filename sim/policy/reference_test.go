package policy

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// conversationTrace reads the complete chunks of a real trace. It is not part of the project: its tests run only if it is
// present.
func conversationTrace(t *testing.T) *Trace {
	f, err := os.Open("../../../shared/reference/mooncake_conversation_trace.jsonl")
	if err != nil {
		t.Skip("no reference trace")
	}
	defer f.Close()
	const chunkSize = 512
	index, trace := sim.NewIndex(), &Trace{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var record struct {
			Length int64     `json:"input_length"`
			Hashes []sim.Key `json:"hash_ids"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &record))
		complete := min(record.Length/chunkSize, int64(len(record.Hashes)))
		rows, err := index.Number(record.Hashes[:complete], nil)
		require.NoError(t, err)
		trace.Add(Request{Rows: rows, Size: 1024, Unit: chunkSize, Limit: record.Length, Counted: true})
	}
	require.EqualValues(t, 276_491, trace.Lookups())
	return trace
}

// TestReferenceEqualsLibCacheSim compares chunk hits with those of libCacheSim (github.com/1a1a11a/libCacheSim, commit aa0fc40)
// for the same accesses: cachesim -ignore-obj-size 1 with FIFO, LRU, Sieve, ARC and S3FIFO, the last by the paper's authors.
func TestReferenceEqualsLibCacheSim(t *testing.T) {
	trace := conversationTrace(t)
	for name, want := range map[string][3]int64{
		"fifo":   {11_662, 18_737, 55_324},
		"lru":    {12_165, 19_259, 61_996},
		"sieve":  {13_134, 22_390, 38_046},
		"arc":    {13_134, 25_041, 65_141},
		"s3fifo": {13_251, 26_722, 57_214},
	} {
		for i, capacity := range []int64{500, 3000, 10_000} {
			got, err := trace.Replay(context.Background(), Spec{Name: name}, Capacity{N: capacity}, sim.HeadFirst)
			require.NoError(t, err)
			require.Equal(t, want[i], got.ChunkHits, "%s %d", name, capacity)
		}
	}
}

// TestReferenceRadix holds that radix has the hits of LRU tail first. On this trace it has them in either order.
func TestReferenceRadix(t *testing.T) {
	trace := conversationTrace(t)
	for _, capacity := range []int64{500, 3000, 10_000} {
		want, err := trace.Replay(context.Background(), LRU(), Capacity{N: capacity}, sim.TailFirst)
		require.NoError(t, err)
		for _, order := range []sim.Order{sim.HeadFirst, sim.TailFirst} {
			got, err := trace.Replay(context.Background(), parsed(t, "radix"), Capacity{N: capacity}, order)
			require.NoError(t, err)
			require.Equal(t, want.Hit, got.Hit)
			require.LessOrEqual(t, got.Evictions, want.Evictions)
		}
	}
}
