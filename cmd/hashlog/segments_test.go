package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log/s3/s3test"
)

// demoCuts are the beginnings of the demo's logs.
var demoCuts = []string{"2024-03-31T06:00:00Z", "2024-03-31T12:00:00Z", "2024-03-31T18:00:00Z"}

// mapDemo makes summaries of the demo's quarters with some flags, and returns their names, the last quarter first.
func mapDemo(t *testing.T, flags ...string) (parts []string) {
	t.Helper()
	dir := t.TempDir()
	for i := range len(demoCuts) + 1 {
		part := filepath.Join(dir, string(rune('a'+i))+".sum")
		args := append([]string{"map", filepath.Join(testdata, "demo"), "-o", part}, flags...)
		if i > 0 {
			args = append(args, "--since", demoCuts[i-1])
		}
		if i < len(demoCuts) {
			args = append(args, "--until", demoCuts[i])
		}
		require.Contains(t, said(t, args...), "open summary of")
		parts = append([]string{part}, parts...)
	}
	return parts
}

// withoutSettings parses JSON and leaves out its settings, and what is said of these.
func withoutSettings(t *testing.T, text string) map[string]any {
	t.Helper()
	var all map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &all))
	delete(all, "settings")
	return all
}

// TestSegments compares what commands print of a merged summary with what they print of the logs.
func TestSegments(t *testing.T) {
	logs := filepath.Join(testdata, "demo")
	for _, flags := range [][]string{
		{},
		{"--touch-order", "tail", "--ttl", "1h"},
		{"--warmup", "2024-03-31T06:00:00Z", "--by", "length,model,hour", "--capacity", "64GiB,256GiB,inf"},
		{"--tiers", "gpu=40GiB,dram=512GiB", "--window", "1h"},
		{"--ttl", "5m,1h", "--capacity", "256GiB"},
		{"--model", "Qwen/Qwen2.5-7B-Instruct", "--bytes-per-chunk", "1MiB"},
	} {
		t.Run(strings.Join(flags, " "), func(t *testing.T) {
			parts := mapDemo(t, flags...)
			whole := filepath.Join(t.TempDir(), "whole.sum")
			require.Contains(t, said(t, append([]string{"merge", "-o", whole}, parts...)...), "summary of ")
			args := append([]string{"--target", "50%,90%ofceiling", "--json"}, flags...)
			if !strings.Contains(strings.Join(flags, " "), "--capacity") {
				args = append(args, "--capacity", "64GiB,256GiB")
			}
			want := withoutSettings(t, said(t, append([]string{"simulate", logs}, args...)...))
			got := withoutSettings(t, said(t, append([]string{"simulate", whole}, args...)...))
			require.Equal(t, want, got)
		})
	}
}

// TestSegmentsOfLateRecords finds the status and the note where a record came too late to be put in order.
func TestSegmentsOfLateRecords(t *testing.T) {
	dir := t.TempDir()
	var text strings.Builder
	line := func(at float64) {
		fmt.Fprintf(&text, `{"timestamp": %g, "chunk_size": 4, "seq_len": 4, "chunk_hashes": ["0x%x"]}`+"\n", at, int(at)%100)
	}
	for i := range 9000 {
		line(float64(i + 1))
	}
	line(3000.5)
	logs := filepath.Join(dir, "late.jsonl")
	require.NoError(t, os.WriteFile(logs, []byte(text.String()), 0o666))
	first, second, whole := filepath.Join(dir, "1.sum"), filepath.Join(dir, "2.sum"), filepath.Join(dir, "whole.sum")
	require.Zero(t, ranWith("map", logs, "--until", "2000", "-o", first).status)
	late := ranWith("map", logs, "--since", "2000", "-o", second)
	require.Equal(t, exitPartial, late.status)
	require.Contains(t, late.stderr, "late.jsonl:9001: ")
	require.NotContains(t, late.stdout, "note:")
	merged := ranWith("merge", second, first, "-o", whole)
	require.Equal(t, exitPartial, merged.status)
	require.Contains(t, merged.stderr, "late.jsonl:9001: ")
	const note = "note: The parts had 1 late record: one run of all logs might order them otherwise."
	require.Contains(t, merged.stdout, note)
	simulated := ranWith("simulate", whole, "--capacity", "50chunks")
	require.Equal(t, exitPartial, simulated.status)
	require.Contains(t, simulated.stdout, note)
}

// TestSegmentsOfObjects keeps parts in an object store.
func TestSegmentsOfObjects(t *testing.T) {
	s3test.New(t)
	logs := filepath.Join(testdata, "demo")
	for i, times := range [][]string{{"--until", demoCuts[1]}, {"--since", demoCuts[1]}} {
		mapped := ranWith(append([]string{"map", logs, "-o", fmt.Sprintf("s3://bucket/parts/%d.sum", i), "--quiet"}, times...)...)
		require.Zero(t, mapped.status, mapped.stderr)
	}
	merged := ranWith("merge", "s3://bucket/parts/1.sum", "s3://bucket/parts/0.sum", "-o", "s3://bucket/whole.sum")
	require.Zero(t, merged.status, merged.stderr)
	require.Contains(t, merged.stdout, "s3://bucket/whole.sum: open summary of 3,842 requests")
	got := ranWith("simulate", "s3://bucket/whole.sum", "--target", "50%")
	require.Zero(t, got.status, got.stderr)
	require.Contains(t, got.stdout, "48.25 GiB")
	require.Equal(t, exitUsage, ranWith("merge", "s3://bucket/whole.sum", "-o", "s3://bucket/whole.sum").status)
	require.Equal(t, exitFailed, ranWith("merge", "s3://bucket/missing.sum", "-o", "s3://bucket/whole.sum").status)
}
