package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
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
