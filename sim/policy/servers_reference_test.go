package policy

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
)

// measurement is a token hit rate that a server measured on the reference trace.
type measurement struct {
	Server   string  `json:"server"`
	Resident float64 `json:"resident_chunks_mean"`
	Rate     float64 `json:"token_hit_rate"`
}

// readMeasurements returns what each server measured. They replayed the trace at its own pace, head first.
func readMeasurements(t *testing.T) map[string][]measurement {
	data, err := os.ReadFile(reference + "/../servers.measured.json")
	if os.IsNotExist(err) {
		t.Skip("the reference trace is not here")
	}
	require.NoError(t, err)
	var all struct{ Measured []measurement }
	require.NoError(t, json.Unmarshal(data, &all))
	by := make(map[string][]measurement)
	for _, m := range all.Measured {
		by[m.Server] = append(by[m.Server], m)
	}
	return by
}

// TestReferenceServers compares the caches that model servers with what the servers measured; those that draw random numbers by the
// mean of some seeds. -v prints the error of a plain LRU beside theirs.
func TestReferenceServers(t *testing.T) {
	if raceDetector {
		t.Skip("nothing runs side by side")
	}
	asks, measured := readReference(t), readMeasurements(t)
	trace, total := traceOf(asks), int64(0)
	for _, a := range asks {
		total += a.limit
	}
	points := func(spec Spec, capacity float64) (mean float64) {
		seeds := spec.Seeds(3)
		for _, spec := range seeds {
			got, err := trace.Replay(context.Background(), spec, Capacity{N: int64(math.Round(capacity))}, sim.HeadFirst)
			require.NoError(t, err)
			mean += 100 * float64(got.Hit) / float64(total) / float64(len(seeds))
		}
		return mean
	}
	for _, at := range []struct {
		server      string
		model       Spec
		mean, worst float64 // points that may be missed
	}{
		{"redis-7.0.15-lru-3", with(t, Redis(), "samples=3"), 0.1, 0.2},
		{"redis-7.0.15-lru-5", Redis(), 0.1, 0.2},
		{"redis-7.0.15-lru-10", with(t, Redis(), "samples=10"), 0.1, 0.2},
		{"redis-7.0.15-lfu-5", RedisLFU(), 0.2, 0.4},
		{"valkey-8.0.1-lru-5", Valkey(), 0.1, 0.2},
		{"valkey-8.0.1-lfu-5", RedisLFU(), 0.2, 0.4},
	} {
		require.Len(t, measured[at.server], 5)
		sum, worst := 0.0, 0.0
		for _, m := range measured[at.server] {
			missed := points(at.model, m.Resident) - 100*m.Rate
			t.Logf("%-19s %8.1f chunks: measured %6.3f %%, preset %+.3f points, plain LRU %+.3f", at.server, m.Resident, 100*m.Rate, missed,
				points(LRU(), m.Resident)-100*m.Rate)
			sum, worst = sum+math.Abs(missed), max(worst, math.Abs(missed))
		}
		t.Logf("%-19s missed by %.3f points on average, %.3f at worst", at.server, sum/5, worst)
		require.LessOrEqual(t, sum/5, at.mean, at.server)
		require.LessOrEqual(t, worst, at.worst, at.server)
	}
}
