package analyze

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// The hits of single requests add up to the results, whatever the cache.
func TestHitsOfRequestsAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	var records []log.Record
	for i := range 400 {
		r := log.Record{Timestamp: float64(i), RequestID: "r", ModelName: "m", ChunkSize: 10, SeqLen: int64(rng.IntN(80))}
		for c := range int(r.SeqLen / r.ChunkSize) {
			r.ChunkHashes = append(r.ChunkHashes, string(rune('a'+rng.IntN(3)+3*c)))
		}
		if i%2 == 0 {
			r.CachedTokens = &[]int64{r.SeqLen / 2}[0]
		}
		records = append(records, r)
	}
	fifo, err := policy.Parse("fifo")
	require.NoError(t, err)
	for name, cache := range map[string]Cache{
		"lru":       {},
		"delay":     {StoreDelay: 5 * time.Second},
		"watermark": {Watermark: &sim.Watermark{Trigger: .8, Ratio: .3}},
		"policy":    {Policy: &fifo},
	} {
		var hits [3]int64
		var tokens, cacheable, measured int64
		opts := Options{Cache: cache, Capacities: []units.Capacity{units.InChunks(4), {Unit: units.Unlimited}, units.InChunks(9)}, Warmup: Warmup{Duration: 50 * time.Second},
			OnHits: func(h *RequestHits) error {
				require.GreaterOrEqual(t, h.Timestamp, 50.0, "the warm-up is not counted")
				for i, n := range h.HitTokens {
					hits[i] += n
				}
				tokens += h.SeqLen
				cacheable += h.CacheableTokens
				require.EqualValues(t, h.SeqLen/10, h.Chunks)
				require.EqualValues(t, 10, h.ChunkSize)
				require.Equal(t, "r", string(h.RequestID))
				if h.HasCachedTokens {
					require.Equal(t, h.SeqLen/2, h.CachedTokens)
					measured++
				}
				return nil
			}}
		r, err := Run(context.Background(), findLog(t, records), opts)
		require.NoError(t, err, name)
		for i, result := range r.Results {
			require.Equal(t, result.HitTokens, hits[i], name)
			require.Equal(t, result.TotalTokens, tokens)
			require.Equal(t, result.CacheableTokens, cacheable)
		}
		require.Positive(t, hits[0])
		require.Positive(t, measured)
	}
}
