package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log"
)

// command runs a command line, and returns its status and what it prints.
func command(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status = run(flag.NewFlagSet("", flag.ContinueOnError), args, &out, &err)
	return status, out.String(), err.String()
}

// reference is a real trace. It is not part of the project: it is read only if it is there.
const reference = "../../../shared/reference/conversation/lookup_hashes_20240101_000000_000000.jsonl"

// conversation returns the reference conversation, or else traffic that this makes up.
func conversation(t *testing.T) []byte {
	text, err := os.ReadFile(reference)
	if err != nil {
		return madeUp(t)
	}
	return text
}

// madeUp returns a log of conversations that begin with shared prompts and come back.
func madeUp(t *testing.T) (text []byte) {
	rng := rand.New(rand.NewPCG(1, 2))
	talks := make([][]string, 200)
	for i := range 4000 {
		talk := rng.IntN(len(talks))
		if len(talks[talk]) == 0 {
			talks[talk] = []string{fmt.Sprintf("0x%x", rng.IntN(4)), fmt.Sprintf("0x1%x", rng.IntN(16))}
		}
		for range rng.IntN(4) {
			talks[talk] = append(talks[talk], fmt.Sprintf("0x%x", rng.Uint64()))
		}
		var err error
		text, err = log.AppendRecord(text, &log.Record{Timestamp: 1704067200 + float64(i)/4, ModelName: "m", ChunkSize: 256, SeqLen: int64(256*len(talks[talk]) + rng.IntN(256)),
			DTypes: []string{"bfloat16"}, Shapes: [][]int64{{512}}, ChunkHashes: talks[talk]})
		require.NoError(t, err)
		if rng.IntN(20) == 0 {
			talks[talk] = nil
		}
	}
	return text
}

// fleet deals the lines of a log to the folders of nodes in turn, each with a new log after a while, and returns the folders.
func fleet(t *testing.T, text []byte, dir string, nodes int) (folders []string) {
	t.Helper()
	lines := slices.Collect(strings.Lines(string(text)))
	logs := make(map[string][]byte)
	for i, line := range lines {
		folder := filepath.Join(dir, fmt.Sprintf("node-%02d", i%nodes))
		if i < nodes {
			folders = append(folders, folder)
			require.NoError(t, os.MkdirAll(folder, 0o777))
		}
		number := 8 * i / len(lines)
		name := log.NewSegmentName(time.Unix(1704067200, 0), int64(number)).String()
		logs[filepath.Join(folder, name)] = append(logs[filepath.Join(folder, name)], line...)
	}
	for name, text := range logs {
		require.NoError(t, os.WriteFile(name, text, 0o666))
	}
	return folders
}

// replayed replays the logs of folders in one go.
func replayed(t *testing.T, opts analyze.Options, folders ...string) *analyze.Report {
	t.Helper()
	files, err := log.Find(t.Context(), folders, nil)
	require.NoError(t, err)
	r, err := analyze.Run(t.Context(), files, opts)
	require.NoError(t, err)
	return r
}

// summary reads a summary, and reports what options ask for.
func summary(t *testing.T, opts analyze.Options, path string) *analyze.Report {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	s, err := analyze.ReadSummary(f)
	require.NoError(t, err)
	r, err := s.Report(opts)
	require.NoError(t, err)
	return r
}

// requireSame compares the report of a summary with that of a replay, but for settings.
func requireSame(t *testing.T, want, got *analyze.Report) {
	t.Helper()
	require.JSONEq(t, text(t, *want), text(t, *got))
}

// text returns a report as JSON, without its settings.
func text(t *testing.T, r analyze.Report) string {
	t.Helper()
	r.Settings = analyze.Settings{}
	text, err := json.Marshal(r)
	require.NoError(t, err)
	return string(text)
}

func capacities(t *testing.T, texts ...string) (list []units.Capacity) {
	for _, text := range texts {
		c, err := units.ParseCapacity(text)
		require.NoError(t, err)
		list = append(list, c)
	}
	return list
}

// table reads fleet.csv: a column a name.
func table(t *testing.T, out string) (rows []map[string]string) {
	t.Helper()
	f, err := os.Open(filepath.Join(out, "fleet.csv"))
	require.NoError(t, err)
	defer f.Close()
	records, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	for _, r := range records[1:] {
		row := make(map[string]string)
		for i, name := range records[0] {
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func number(t *testing.T, text string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(text, 10, 64)
	require.NoError(t, err)
	return n
}

// TestFortyNodes compares a job with plain replays: of each node, and of all logs.
func TestFortyNodes(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // Beam leaves files there
	dir := t.TempDir()
	folders := fleet(t, conversation(t), filepath.Join(dir, "logs"), 40)
	opts := analyze.Options{Capacities: capacities(t, "100chunks", "4096chunks", "inf")}
	all := replayed(t, opts, folders...)
	var nodes []*analyze.Report
	var curves []*analyze.Curve
	for _, folder := range folders {
		nodes = append(nodes, replayed(t, opts, folder))
		curves = append(curves, nodes[len(nodes)-1].Curve)
	}
	for _, parts := range []int{1, 7} {
		out := filepath.Join(dir, fmt.Sprint("out-", parts))
		status, stdout, stderr := command(t, "--logs", filepath.Join(dir, "logs", "*"), "--cuts", fmt.Sprint(parts), "--work", filepath.Join(dir, "work"), "-o", out, "--capacity", "100chunks,inf")
		require.Zero(t, status, stderr)
		require.Empty(t, stderr)
		require.Contains(t, stdout, fmt.Sprintf("40 nodes in %s", units.Count(int64(parts), "part")))
		requireSame(t, all, summary(t, opts, filepath.Join(out, "pooled.sum")))
		for i, folder := range folders {
			requireSame(t, nodes[i], summary(t, opts, filepath.Join(out, "nodes", filepath.Base(folder)+".sum")))
		}
		rows := table(t, out)
		require.Greater(t, len(rows), 10)
		for _, row := range rows {
			requireRow(t, row, curves, all.Curve)
		}
	}
}

// requireRow compares a row of the table with the curves of nodes and of the pool.
func requireRow(t *testing.T, row map[string]string, nodes []*analyze.Curve, pool *analyze.Curve) {
	t.Helper()
	at, total := int64(1)<<62, int64(1)<<62
	if row["capacity_label"] != "unlimited" {
		unit := map[units.Unit]string{units.Bytes: "capacity_bytes", units.Chunks: "capacity_chunks"}[pool.Unit]
		at = number(t, row[unit])
		total = at * int64(len(nodes))
	}
	var apart, tokens int64
	for _, curve := range nodes {
		f := curve.At(at)
		apart, tokens = apart+f.HitTokens, tokens+f.TotalTokens
	}
	require.Equal(t, tokens, number(t, row["total_tokens"]))
	require.Equal(t, apart, number(t, row["apart_hit_tokens"]), row)
	if hits := row["pooled_same_capacity_hit_tokens"]; hits != "" {
		require.Equal(t, pool.At(at).HitTokens, number(t, hits), row)
	}
	if hits := row["pooled_same_total_hit_tokens"]; hits != "" {
		require.Equal(t, pool.At(total).HitTokens, number(t, hits), row)
		require.Equal(t, strconv.FormatFloat(pool.At(total).TokenHitRate(), 'f', -1, 64), row["pooled_same_total_token_hit_rate"])
	}
}
