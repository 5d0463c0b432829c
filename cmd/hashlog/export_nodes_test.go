package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// demoLogs are logs that can be those of four nodes.
func demoLogs(t *testing.T) []string {
	t.Helper()
	logs, err := filepath.Glob(filepath.Join(testdata, "demo", "*"))
	require.NoError(t, err)
	require.Len(t, logs, 4)
	return logs
}

// nodeSums are sums over the rows of a node.
type nodeSums struct{ requests, tokens, hits int64 }

// sumsOfRows sums up the rows of a CSV file by node.
func sumsOfRows(t *testing.T, path string) map[string]nodeSums {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	cells, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"seq_len", "hit_tokens@64GiB", "demand", "node"}, []string{cells[0][4], cells[0][9], cells[0][10], cells[0][11]})
	sums := map[string]nodeSums{}
	for _, c := range cells[1:] {
		n := sums[c[11]]
		n.requests++
		for i, to := range map[int]*int64{4: &n.tokens, 9: &n.hits} {
			value, err := strconv.ParseInt(c[i], 10, 64)
			require.NoError(t, err)
			*to += value
		}
		sums[c[11]] = n
	}
	return sums
}

// TestExportSumsEqualFleet sums up rows by node: requests, tokens and hit tokens are those that fleet gives for each node, since both
// deal alike.
func TestExportSumsEqualFleet(t *testing.T) {
	for name, flags := range map[string]string{
		"sources":   "--nodes sources",
		"oblivious": "--nodes 16 --routing prefix:2:bounded=1.25 --load-window 1m",
		"random":    "--nodes 5 --routing random --seed 3 --warmup 0.3 --store-delay 2s",
		"aware":     "--nodes 6 --routing longest-prefix --ttl 2h",
		"ties":      "--nodes 6 --routing dynamo --seed 9 --node-prefill-rate 8000/s --decode-time 20s --touch-order tail",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			args := append(append(demoLogs(t), "--capacity", "64GiB", "--json"), strings.Fields(flags)...)
			var fleet analyze.FleetReport
			require.NoError(t, json.Unmarshal(hashlog(t, nil, append([]string{"fleet"}, args...)...), &fleet))
			path := filepath.Join(t.TempDir(), "rows.csv")
			var said struct {
				Input         analyze.Input
				Output        struct{ Rows int64 }
				FleetSettings analyze.FleetSettings `json:"fleet_settings"`
			}
			require.NoError(t, json.Unmarshal(hashlog(t, nil, append([]string{"export", "-o", path}, args...)...), &said))
			require.Equal(t, fleet.Input, said.Input)
			require.Equal(t, fleet.FleetSettings, said.FleetSettings)
			want := map[string]nodeSums{}
			for _, n := range fleet.Nodes {
				if n.Requests > 0 {
					want[n.Node] = nodeSums{n.Requests, n.TotalTokens, n.Results[0].HitTokens}
				}
			}
			got := sumsOfRows(t, path)
			require.Equal(t, want, got)
			var all nodeSums
			for _, n := range got {
				all.requests, all.tokens, all.hits = all.requests+n.requests, all.tokens+n.tokens, all.hits+n.hits
			}
			require.Equal(t, nodeSums{said.Output.Rows, fleet.Fleet[0].TotalTokens, fleet.Fleet[0].HitTokens}, all)
			require.Greater(t, len(want), 1)
			require.Positive(t, all.hits)
		})
	}
}

// TestExportNodesToParquet writes the nodes of CSV.
func TestExportNodesToParquet(t *testing.T) {
	dir := t.TempDir()
	args := append(demoLogs(t), "--capacity", "64GiB", "--nodes", "3", "--routing", "sglang", "--quiet")
	for _, name := range []string{"rows.csv", "rows.parquet"} {
		hashlog(t, nil, append([]string{"export", "-o", filepath.Join(dir, name)}, args...)...)
	}
	type row struct {
		SeqLen int64  `parquet:"seq_len"`
		Hits   int64  `parquet:"hit_tokens@64GiB"`
		Node   string `parquet:"node"`
	}
	rows, err := parquet.ReadFile[row](filepath.Join(dir, "rows.parquet"))
	require.NoError(t, err)
	sums := map[string]nodeSums{}
	for _, r := range rows {
		n := sums[r.Node]
		sums[r.Node] = nodeSums{n.requests + 1, n.tokens + r.SeqLen, n.hits + r.Hits}
	}
	require.Equal(t, sumsOfRows(t, filepath.Join(dir, "rows.csv")), sums)
	require.Len(t, sums, 3)
}
