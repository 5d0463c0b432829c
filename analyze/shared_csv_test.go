package analyze

import (
	"bytes"
	"encoding/csv"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/sim/routing"
)

// TestSharedCSV expects the windows of each routing and capacity to add up to what the shared tier does in all.
func TestSharedCSV(t *testing.T) {
	for _, kind := range []string{"alike", "unknown"} {
		opts := FleetOptions{Nodes: []int{3, 5}, SharedTier: &units.Capacity{N: 60, Unit: units.Chunks}, Window: 20 * time.Second}
		for _, name := range []string{"round-robin", "sglang"} {
			r, err := routing.Parse(name)
			require.NoError(t, err)
			opts.Routings = append(opts.Routings, r)
		}
		opts.Capacities = []units.Capacity{units.InChunks(12), units.InChunks(30)}
		opts.Cache.StoreDelay = 7 * time.Second
		report := runFleet(t, findLog(t, randomRecords(rand.New(rand.NewPCG(5, 22)), kind, 200)), opts)
		var out bytes.Buffer
		require.NoError(t, WriteSharedCSV(&out, report))
		rows, err := csv.NewReader(&out).ReadAll()
		require.NoError(t, err)
		type sums struct{ requests, tokens, read, written int64 }
		got := map[string]sums{}
		windows := map[string]bool{}
		for _, row := range rows[1:] {
			key, at := row[0]+" "+row[1]+" "+row[4], []int64{}
			for _, cell := range []string{row[7], row[8], row[10], row[12]} {
				n, _ := strconv.ParseInt(cell, 10, 64) // empty: unknown
				at = append(at, n)
			}
			of := got[key]
			got[key] = sums{of.requests + at[0], of.tokens + at[1], of.read + at[2], of.written + at[3]}
			windows[row[5]] = true
			require.Equal(t, kind == "unknown", row[10] == "")
		}
		require.Greater(t, len(windows), 5)
		require.Len(t, got, len(report.Fleet))
		for _, f := range report.Fleet {
			want := sums{report.Input.Requests, *f.SharedTokens, orZero(f.SharedTier.Bytes), orZero(f.SharedTier.BytesWritten)}
			require.Equal(t, want, got[f.Routing+" "+strconv.Itoa(f.Nodes)+" "+strconv.FormatInt(*f.CapacityChunks, 10)])
			require.Positive(t, want.tokens)
		}
	}
}
