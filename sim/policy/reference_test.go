package policy

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// reference is a real trace. It is not part of the project: its tests run only if it is present.
const reference = "../../../shared/reference/conversation"

func readReference(t *testing.T) (asks []ask) {
	paths, err := filepath.Glob(reference + "/*.jsonl")
	require.NoError(t, err)
	if len(paths) == 0 {
		t.Skip("the reference trace is not here")
	}
	names := make(map[string]int)
	for _, path := range paths {
		f, err := os.Open(path)
		require.NoError(t, err)
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var record struct {
				Timestamp float64  `json:"timestamp"`
				ChunkSize int64    `json:"chunk_size"`
				SeqLen    int64    `json:"seq_len"`
				Hashes    []string `json:"chunk_hashes"`
			}
			require.NoError(t, json.Unmarshal(lines.Bytes(), &record))
			a := ask{size: 1024, unit: record.ChunkSize, limit: record.SeqLen, at: record.Timestamp}
			for _, hash := range record.Hashes {
				if _, ok := names[hash]; !ok {
					names[hash] = len(names)
				}
				a.chunks = append(a.chunks, names[hash])
			}
			asks = append(asks, a)
		}
	}
	return asks
}

// TestReferenceEqualsLibCacheSim compares chunk hits with those of libCacheSim (github.com/1a1a11a/libCacheSim, commit aa0fc40)
// for the same accesses: cachesim -ignore-obj-size 1 with FIFO, LRU, Sieve, ARC and S3FIFO, the last by the paper's authors.
func TestReferenceEqualsLibCacheSim(t *testing.T) {
	trace := traceOf(readReference(t))
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
	trace := traceOf(readReference(t))
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
