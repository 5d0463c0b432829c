package policy

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// measuredOn is what a real server measured on the reference trace.
type measuredOn struct {
	Server    string  `json:"server"`
	Resident  float64 `json:"resident_chunks_mean"`
	HitTokens int64   `json:"hit_tokens"`
	Tokens    int64   `json:"total_tokens"`
}

func (m *measuredOn) percent(hit int64) float64 { return 100 * float64(hit) / float64(m.Tokens) }

func readServers(t *testing.T) (of map[string][]measuredOn) {
	text, err := os.ReadFile(filepath.Dir(reference) + "/servers.measured.json")
	if os.IsNotExist(err) {
		t.Skip("the measured servers are not here")
	}
	require.NoError(t, err)
	var all struct {
		Measured []measuredOn `json:"measured"`
	}
	require.NoError(t, json.Unmarshal(text, &all))
	of = make(map[string][]measuredOn)
	for _, m := range all.Measured {
		of[m.Server] = append(of[m.Server], m)
	}
	return of
}

// TestServers compares what servers have measured with the model of each, the mean of five seeds, at the chunks that the server held.
func TestServers(t *testing.T) {
	t.Parallel()
	servers := readServers(t)
	trace := traceOf(readReference(t))
	for _, test := range []struct {
		server, cache string
		mean, worst   float64 // largest errors, in points
	}{
		{"redis-7.0.15-lru-3", "redis:samples=3", .3, 1},
		{"redis-7.0.15-lru-5", "redis", .3, 1},
		{"redis-7.0.15-lru-10", "redis:samples=10", .3, 1},
		{"valkey-8.0.1-lru-5", "valkey", .3, 1},
		{"redis-7.0.15-lfu-5", "redis-lfu", 2, 2},
		{"valkey-8.0.1-lfu-5", "redis-lfu", 2, 2},
		{"memcached-seg", "memcached", .05, .1},
		{"memcached-flat", "memcached-flat", .05, .1},
	} {
		t.Run(test.server, func(t *testing.T) {
			t.Parallel()
			require.Len(t, servers[test.server], 5)
			sum, worst := 0., 0.
			for _, m := range servers[test.server] {
				c := Capacity{N: int64(math.Round(m.Resident))}
				replay := func(spec Spec) float64 {
					got, err := trace.Replay(context.Background(), spec, c, sim.HeadFirst)
					require.NoError(t, err)
					return m.percent(got.Hit)
				}
				got, low, high := 0., 100., 0.
				seeds := parsed(t, test.cache).Seeds(5)
				for _, spec := range seeds {
					rate := replay(spec)
					got += rate / float64(len(seeds))
					low, high = min(low, rate), max(high, rate)
				}
				want, lru := m.percent(m.HitTokens), replay(LRU())
				t.Logf("%6d chunks: measured %5.2f %%, %s %5.2f (%5.2f to %5.2f, %+.2f), lru %5.2f (%+.2f)", c.N, want, test.cache, got, low, high, got-want, lru, lru-want)
				sum += math.Abs(got - want)
				worst = max(worst, math.Abs(got-want))
			}
			mean := sum / float64(len(servers[test.server]))
			t.Logf("mean error %.2f, worst %.2f", mean, worst)
			require.LessOrEqual(t, mean, test.mean)
			require.LessOrEqual(t, worst, test.worst)
		})
	}
}
