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

// TestReferenceServers compares the caches that model servers with what the servers measured. -v prints the error of a plain LRU beside
// theirs.
func TestReferenceServers(t *testing.T) {
	asks, measured := readReference(t), readMeasurements(t)
	trace, total := traceOf(asks), int64(0)
	for _, a := range asks {
		total += a.limit
	}
	points := func(spec Spec, capacity float64) float64 {
		got, err := trace.Replay(context.Background(), spec, Capacity{N: int64(math.Round(capacity))}, sim.HeadFirst)
		require.NoError(t, err)
		return 100 * float64(got.Hit) / float64(total)
	}
	for _, at := range []struct {
		server, cache string
		mean, worst   float64 // points that may be missed
	}{
		{"memcached-seg", "memcached", 0.05, 0.1},
		{"memcached-flat", "memcached-flat", 0.05, 0.1},
	} {
		require.Len(t, measured[at.server], 5)
		sum, worst := 0.0, 0.0
		for _, m := range measured[at.server] {
			missed := points(parsed(t, at.cache), m.Resident) - 100*m.Rate
			t.Logf("%-15s %8.1f chunks: measured %6.3f %%, preset %+.3f points, plain LRU %+.3f", at.server, m.Resident, 100*m.Rate, missed,
				points(LRU(), m.Resident)-100*m.Rate)
			sum, worst = sum+math.Abs(missed), max(worst, math.Abs(missed))
		}
		require.LessOrEqual(t, sum/5, at.mean, at.server)
		require.LessOrEqual(t, worst, at.worst, at.server)
	}
}
