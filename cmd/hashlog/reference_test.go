package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// reference is a real trace and figures that were published and worked out for it apart from this project. It is not part
// of the project: the tests on it run where it is.
const (
	reference      = "../../../shared/reference"
	referenceTrace = reference + "/mooncake_conversation_trace.jsonl"
)

type expectedResult struct {
	CapacityChunks *int64  `json:"capacity_chunks"`
	HitTokens      int64   `json:"hit_tokens"`
	TokenHitRate   float64 `json:"token_hit_rate"`
}

type expected struct {
	TotalTokens int64 `json:"total_tokens"`
	PlainLRU    struct {
		Head []expectedResult `json:"head"`
	} `json:"plain_lru"`
	TailKept struct {
		Published []float64        `json:"published_percent"`
		Head      []expectedResult `json:"head"`
	} `json:"mooncake_tail_id_kept"`
}

func readReference(t *testing.T) (trace string, want *expected) {
	data, err := os.ReadFile(reference + "/conversation.expected.json")
	if err != nil {
		t.Skip("the reference trace is not here")
	}
	require.NoError(t, json.Unmarshal(data, &want))
	require.NotEmpty(t, want.PlainLRU.Head)
	require.NotEmpty(t, want.TailKept.Head)
	return referenceTrace, want
}

// hashlog runs a command that must succeed, and returns what it writes to stdout.
func hashlog(t *testing.T, stdin io.Reader, args ...string) []byte {
	t.Helper()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitDone, run(args, stdin, &stdout, &stderr), "%v: %s", args, &stderr)
	return stdout.Bytes()
}

// requireFigures simulates logs at the capacities expected.
func requireFigures(t *testing.T, want []expectedResult, totalTokens int64, logs ...string) []analyze.Result {
	t.Helper()
	var capacities []string
	for _, r := range want {
		if r.CapacityChunks == nil {
			capacities = append(capacities, "inf")
		} else {
			capacities = append(capacities, fmt.Sprintf("%dchunks", *r.CapacityChunks))
		}
	}
	var report analyze.Report
	require.NoError(t, json.Unmarshal(hashlog(t, nil, append([]string{"simulate", "--json", "--capacity", strings.Join(capacities, ",")}, logs...)...), &report))
	require.Equal(t, totalTokens, report.Input.TotalTokens)
	require.Len(t, report.Results, len(want))
	for i, r := range want {
		require.Equal(t, r.HitTokens, report.Results[i].HitTokens, capacities[i])
		require.Equal(t, r.TokenHitRate, report.Results[i].TokenHitRate, capacities[i])
	}
	return report.Results
}

// TestReferenceTrace has the figures of a trace from the trace, from logs that were made of it, and from logs that were
// made of a trace that was made of these.
func TestReferenceTrace(t *testing.T) {
	trace, want := readReference(t)
	for _, c := range []struct {
		flags []string
		want  []expectedResult
	}{{nil, want.PlainLRU.Head}, {[]string{"--keep-tail"}, want.TailKept.Head}} {
		dir := t.TempDir()
		there, back := filepath.Join(dir, "there"), filepath.Join(dir, "back")
		requireFigures(t, c.want, want.TotalTokens, append(c.flags, trace)...)

		hashlog(t, nil, append([]string{"convert", "--from", "mooncake", trace, "-o", there, "--compress", "zst", "--rotate-size", "1MiB"}, c.flags...)...)
		requireFigures(t, c.want, want.TotalTokens, there)

		again := hashlog(t, nil, "convert", "--to", "mooncake", there)
		hashlog(t, bytes.NewReader(again), append([]string{"convert", "--from", "mooncake", "-", "-o", back}, c.flags...)...)
		requireFigures(t, c.want, want.TotalTokens, back)
	}
}

// TestReferencePublished has the percentages that were published for the trace, rounded alike: to two decimals and then to
// one, since 34.148 % stands there as 34.2.
func TestReferencePublished(t *testing.T) {
	trace, want := readReference(t)
	results := requireFigures(t, want.TailKept.Head, want.TotalTokens, trace, "--keep-tail")
	require.Len(t, want.TailKept.Published, len(results))
	for i, published := range want.TailKept.Published {
		hundredths := math.Round(results[i].TokenHitRate * 100 * 100)
		require.Equal(t, published, math.Round(hundredths/10)/10)
	}
}

// TestReferenceConverted has the figures of the log that was made of the trace apart from this project.
func TestReferenceConverted(t *testing.T) {
	_, want := readReference(t)
	dir := t.TempDir()
	out := filepath.Join(dir, "trace.jsonl")
	require.Contains(t, string(hashlog(t, nil, "convert", "--to", "mooncake", reference+"/conversation", "-o", out)), "--block-size 512\n")
	requireFigures(t, want.PlainLRU.Head, want.TotalTokens, out)
}
