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

// TestServers compares what servers have measured with the model of each, the mean of some seeds, at the chunks that the server held.
// Run it with -v for the figures, plain LRU's beside them.
func TestServers(t *testing.T) {
	t.Parallel()
	servers := readServers(t)
	trace := traceOf(readReference(t))
	for _, test := range []struct {
		server, cache string
		mean, worst   float64 // largest differences from what was measured, in points
	}{
		{"redis-7.0.15-lru-3", "redis:samples=3", 0.1, 0.2},
		{"redis-7.0.15-lru-5", "redis", 0.1, 0.2},
		{"redis-7.0.15-lru-10", "redis:samples=10", 0.1, 0.2},
		{"redis-7.0.15-lfu-5", "redis-lfu", 0.2, 0.4},
		{"valkey-8.0.1-lru-5", "valkey", 0.1, 0.2},
		{"valkey-8.0.1-lfu-5", "redis-lfu", 0.2, 0.4},
		{"memcached-seg", "memcached", 0.05, 0.1},
		{"memcached-flat", "memcached-flat", 0.05, 0.1},
	} {
		t.Run(test.server, func(t *testing.T) {
			t.Parallel()
			require.Len(t, servers[test.server], 5)
			mean, worst := 0.0, 0.0
			for _, m := range servers[test.server] {
				missed := math.Abs(m.missedBy(t, trace, parsed(t, test.cache)))
				mean, worst = mean+missed/5, max(worst, missed)
			}
			t.Logf("missed by %.3f points on average, %.3f at worst", mean, worst)
			require.LessOrEqual(t, mean, test.mean)
			require.LessOrEqual(t, worst, test.worst)
		})
	}
}

// missedBy returns by how many points the model is above what was measured.
func (m *measuredOn) missedBy(t *testing.T, trace *Trace, model Spec) float64 {
	c := Capacity{N: int64(math.Round(m.Resident))}
	replay := func(spec Spec) float64 {
		got, err := trace.Replay(context.Background(), spec, c, sim.HeadFirst)
		require.NoError(t, err)
		return m.percent(got.Hit)
	}
	seeds, mean := model.Seeds(3), 0.0
	for _, spec := range seeds {
		mean += replay(spec) / float64(len(seeds))
	}
	measured, lru := m.percent(m.HitTokens), replay(LRU())
	t.Logf("%6d chunks: measured %6.3f %%, %s %+.3f points, lru %+.3f", c.N, measured, model, mean-measured, lru-measured)
	return mean - measured
}
