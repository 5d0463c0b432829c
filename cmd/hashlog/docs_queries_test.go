package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
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
	"hashlog/sim"
)

// queriesPage is the page whose blocks of SQL and Python are run, in DuckDB and pandas.
const queriesPage = "docs/export.md"

// queriesRequired names a variable of the environment. If it is set, a machine without DuckDB or pandas fails the tests instead
// of skipping them.
const queriesRequired = "HASHLOG_QUERIES"

// skipQueries skips a test for lack of a program, or fails it.
func skipQueries(t *testing.T, why string) {
	t.Helper()
	if os.Getenv(queriesRequired) != "" {
		t.Fatalf("%s, and %s is set", why, queriesRequired)
	}
	t.Skip(why)
}

// blocksOf returns all blocks of a language in a page, one after another.
func blocksOf(t *testing.T, page, language string) (text string) {
	for _, m := range fence.FindAllStringSubmatch(readDoc(t, page), -1) {
		if m[1] == language {
			text += m[2] + "\n"
		}
	}
	require.NotEmpty(t, text)
	return text
}

// TestReadmeQueries holds that the queries of the README are those that are run.
func TestReadmeQueries(t *testing.T) {
	for _, language := range []string{"sql", "python"} {
		run := blocksOf(t, queriesPage, language)
		queries := strings.Split(strings.TrimSpace(blocksOf(t, "README.md", language)), "\n\n")
		require.Len(t, queries, 3)
		for _, query := range queries {
			_, query, ok := strings.Cut(query, "\n") // the first line is a comment
			require.True(t, ok)
			require.Contains(t, run, query)
		}
	}
}

// answers are those of the three queries.
type answers struct {
	byLength map[int]float64 // hit rate at 300 GiB
	losers   []loser         // the hundred that lose most between 512 and 256 GiB
	byHour   map[int]float64 // hit rate at 300 GiB
}

type loser struct {
	ID     string `json:"request_id"`
	Model  string `json:"model_name"`
	SeqLen int64  `json:"seq_len"`
	Lost   int64  `json:"lost"`
}

const gib = 1 << 30

// hashlogAnswers computes the answers from what a replay counts: by length and by request from the listed capacities of rows,
// and by hour from time windows, which know nothing of rows.
func hashlogAnswers(t *testing.T, opts analyze.Options) (want answers) {
	t.Helper()
	opts.Capacities = []units.Capacity{units.InBytes(300 * gib), units.InBytes(512 * gib), units.InBytes(256 * gib)}
	opts.Rolling = &analyze.RollingOptions{Window: time.Hour, Capacities: opts.Capacities[:1]}
	hits, tokens := map[int]int64{}, map[int]int64{}
	opts.OnRow = func(r *analyze.Row) error {
		length := 1
		for 2*length <= int(r.SeqLen) {
			length *= 2
		}
		hits[length] += r.Hits[0]
		tokens[length] += r.SeqLen
		want.losers = append(want.losers, loser{string(r.RequestID), r.Model, r.SeqLen, r.Hits[1] - r.Hits[2]})
		return nil
	}
	files, err := log.Find(context.Background(), []string{testdata + "/demo"}, nil)
	require.NoError(t, err)
	report, err := analyze.Run(context.Background(), files, opts)
	require.NoError(t, err)
	want.byLength = rates(hits, tokens)
	slices.SortStableFunc(want.losers, func(a, b loser) int { return cmp.Compare(b.Lost, a.Lost) })
	want.losers = want.losers[:100]
	require.Positive(t, want.losers[99].Lost)
	clear(hits)
	clear(tokens)
	for _, w := range report.Rolling.Windows {
		hour := int(w.Start/3600) % 24
		hits[hour] += w.HitTokens[0]
		tokens[hour] += w.TotalTokens
	}
	want.byHour = rates(hits, tokens)
	return want
}

func rates(hits, tokens map[int]int64) map[int]float64 {
	out := map[int]float64{}
	for class, n := range tokens {
		out[class] = analyze.Rate(hits[class], n)
	}
	return out
}

func (want answers) equal(t *testing.T, got answers) {
	t.Helper()
	require.Greater(t, len(want.byLength), 3)
	require.Len(t, want.byHour, 24)
	require.InDeltaMapValues(t, want.byLength, got.byLength, 1e-12)
	require.InDeltaMapValues(t, want.byHour, got.byHour, 1e-12)
	require.Equal(t, want.losers, got.losers)
}

// queryCases are exports of the demo. The second has chunks of one size and stairs.
var queryCases = map[string]struct {
	args []string
	opts analyze.Options
}{
	"unlike sizes": {},
	"equal sizes": {[]string{"--touch-order", "tail", "--bytes-per-chunk", "60MiB"},
		analyze.Options{TouchOrder: sim.TailFirst, BytesPerChunk: 60 << 20}},
}

// TestQueriesInSQL runs the SQL of the page in DuckDB.
func TestQueriesInSQL(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	runner, err := filepath.Abs(projectRoot + "/docs/queries/run.mjs")
	require.NoError(t, err)
	if _, err := exec.LookPath("node"); err != nil {
		skipQueries(t, "there is no node")
	}
	if _, err := os.Stat(filepath.Join(filepath.Dir(runner), "node_modules")); err != nil {
		skipQueries(t, "DuckDB is not installed: npm ci --prefix docs/queries")
	}
	for name, c := range queryCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := exported(t, "rows.parquet", c.args)
			text := blocksOf(t, queriesPage, "sql")
			hashlogAnswers(t, c.opts).equal(t, sqlAnswers(t, runIn(t, dir, text, "node", runner)))
		})
	}
}

// exported exports the demo into a new folder.
func exported(t *testing.T, file string, args []string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	said(t, append([]string{"export", testdata + "/demo", "-o", filepath.Join(dir, file)}, args...)...)
	return dir
}

// runIn runs a program in a folder, and returns what it prints.
func runIn(t *testing.T, dir, stdin, program string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(stdin)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	require.NoError(t, err, errs.String())
	return out
}

// sqlAnswers reads what the runner prints. It prints integers of 64 bits as texts.
func sqlAnswers(t *testing.T, text []byte) (got answers) {
	t.Helper()
	var results [][]map[string]any
	require.NoError(t, json.Unmarshal(text, &results), string(text))
	require.Len(t, results, 3)
	number := func(v any) float64 {
		x, err := strconv.ParseFloat(fmt.Sprint(v), 64)
		require.NoError(t, err)
		return x
	}
	byClass := func(rows []map[string]any, class string) map[int]float64 {
		out := map[int]float64{}
		for _, r := range rows {
			out[int(number(r[class]))] = number(r["hit_rate"])
		}
		return out
	}
	got.byLength, got.byHour = byClass(results[0], "length"), byClass(results[2], "hour")
	for _, r := range results[1] {
		got.losers = append(got.losers, loser{r["request_id"].(string), r["model_name"].(string), int64(number(r["seq_len"])), int64(number(r["lost"]))})
	}
	return got
}

// TestQueriesInPandas runs the Python of the page.
func TestQueriesInPandas(t *testing.T) {
	skipUnderRace(t, "the scripts run the commands of the pages")
	python := pythonWith("pandas")
	if python == "" {
		skipQueries(t, "there is no Python with pandas")
	}
	for name, c := range queryCases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := exported(t, "rows.csv", c.args)
			script := blocksOf(t, queriesPage, "python")
			if size := c.opts.BytesPerChunk; size > 0 { // demand is in chunks
				require.Contains(t, script, "unit = 1 ")
				script = strings.Replace(script, "unit = 1 ", fmt.Sprintf("unit = %d ", size), 1)
			}
			script += `
import json
print(json.dumps([{int(k): v for k, v in by_length.items()}, losers.to_dict("records"), {int(k): v for k, v in by_hour.items()}]))
`
			hashlogAnswers(t, c.opts).equal(t, pandasAnswers(t, runIn(t, dir, script, python, "-W", "error", "-")))
		})
	}
}

func pandasAnswers(t *testing.T, text []byte) (got answers) {
	t.Helper()
	results := []any{&got.byLength, &got.losers, &got.byHour}
	require.NoError(t, json.Unmarshal(text, &results), string(text))
	require.False(t, math.IsNaN(got.byHour[0]))
	return got
}
