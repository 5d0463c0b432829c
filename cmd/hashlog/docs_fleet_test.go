package main

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestDocsFleetMerge merges the answers of four nodes by the jq program of docs/fleet.md.
func TestDocsFleetMerge(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	jq, err := exec.LookPath("jq")
	if err != nil {
		t.Skip("there is no jq")
	}
	var program string
	for _, m := range fence.FindAllStringSubmatch(readDoc(t, "docs/fleet.md"), -1) {
		if m[1] == "jq" {
			program = m[2]
		}
	}
	require.NotEmpty(t, program)
	dir := t.TempDir()
	merge := filepath.Join(dir, "merge.jq")
	require.NoError(t, os.WriteFile(merge, []byte(program), 0o666))
	type result struct {
		CapacityBytes *int64  `json:"capacity_bytes"`
		HitTokens     int64   `json:"hit_tokens"`
		TotalTokens   int64   `json:"total_tokens"`
		TokenHitRate  float64 `json:"token_hit_rate"`
	}
	logs, err := filepath.Glob(filepath.Join(testdata, "demo", "*"))
	require.NoError(t, err)
	args := []string{"--slurp", "--from-file", merge}
	hits, total := make([]int64, 2), int64(0)
	for i, log := range logs {
		got := ranWith("simulate", log, "--capacity", "1GiB,inf", "--json", "--quiet")
		require.Zero(t, got.status, got.stderr)
		answer := filepath.Join(dir, fmt.Sprintf("node-%d.json", i))
		require.NoError(t, os.WriteFile(answer, []byte(got.stdout), 0o666))
		args = append(args, answer)
		var of struct{ Results []result }
		require.NoError(t, json.Unmarshal([]byte(got.stdout), &of))
		for c, r := range of.Results {
			hits[c] += r.HitTokens
		}
		total += of.Results[0].TotalTokens
	}
	out, err := exec.Command(jq, args...).Output()
	require.NoError(t, err)
	var merged struct {
		Nodes    int
		Requests int64
		Results  []struct {
			result
			Rates []float64
		}
	}
	require.NoError(t, json.Unmarshal(out, &merged))
	require.Equal(t, len(logs), merged.Nodes)
	require.EqualValues(t, 3842, merged.Requests)
	require.Len(t, merged.Results, 2)
	for _, r := range merged.Results {
		want := hits[0]
		if r.CapacityBytes == nil {
			want = hits[1]
		}
		require.Equal(t, want, r.HitTokens)
		require.Equal(t, total, r.TotalTokens)
		require.InDelta(t, float64(want)/float64(total), r.TokenHitRate, 1e-12)
		require.Len(t, r.Rates, len(logs))
	}
}
