package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
	"hashlog/analyze/units"
	"hashlog/log"
)

// replay returns the report of some records, with everything that a page shows.
func replay(t testing.TB, records []log.Record, opts analyze.Options) *analyze.Report {
	var text []byte
	var err error
	for i := range records {
		text, err = log.AppendRecord(text, &records[i])
		require.NoError(t, err)
	}
	path := filepath.Join(t.TempDir(), "log.jsonl")
	require.NoError(t, os.WriteFile(path, text, 0o666))
	files, err := log.Find(t.Context(), []string{path}, nil)
	require.NoError(t, err)
	if opts.Rolling == nil {
		opts.Rolling = &analyze.RollingOptions{}
	}
	if opts.Grid == nil {
		opts.Grid = &analyze.GridOptions{}
	}
	report, err := analyze.Run(context.Background(), files, opts)
	require.NoError(t, err)
	return report
}

// traffic returns requests over some days, of conversations that go on.
func traffic(n int, days float64, models ...string) (records []log.Record) {
	random := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		user := random.IntN(40)
		var hashes []string
		for k := range 2 + random.IntN(6) {
			hashes = append(hashes, fmt.Sprintf("0x%x", user*1000+k))
		}
		records = append(records, log.Record{Timestamp: 1711929600 + days*86400*float64(i)/float64(n), RequestID: fmt.Sprint("r", i), ModelName: models[user%len(models)],
			ChunkSize: 16, SeqLen: int64(16*len(hashes) + random.IntN(15)), DTypes: []string{"float16"}, Shapes: [][]int64{{2, 512}}, ChunkHashes: hashes})
	}
	return records
}

func write(t testing.TB, r *analyze.Report, o Options) string {
	var b bytes.Buffer
	require.NoError(t, Write(&b, r, o))
	return b.String()
}

// dataIn returns the data block of a page.
func dataIn(t testing.TB, text string) (d struct {
	data
	Windows struct {
		windows
	}
}) {
	_, rest, ok := strings.Cut(text, `<script type="application/json" id="data">`)
	require.True(t, ok)
	block, _, _ := strings.Cut(rest, "</script>")
	require.NoError(t, json.Unmarshal([]byte(block), &d))
	return d
}

func everything() analyze.Options {
	return analyze.Options{By: analyze.Dimensions(), Rolling: &analyze.RollingOptions{Capacities: []units.Capacity{units.InBytes(64 << 10), units.InBytes(256 << 10), {Unit: units.Unlimited}}}}
}

// TestPageIsWhole finds every part of a page, the same in two runs, and nothing that it would load.
func TestPageIsWhole(t *testing.T) {
	r := replay(t, traffic(500, 1, "a", "b"), everything())
	text := write(t, r, Options{Title: "Cluster A"})
	require.True(t, text == write(t, r, Options{Title: "Cluster A"}))
	requireAll(t, text, "<title>Cluster A</title>", `id="h-capacity"`, `id="h-rolling"`, `id="h-by-length"`, `id="h-by-model"`, `id="h-by-hour"`, `id="h-by-turn"`, `id="h-by-source"`,
		"default-src &#39;none&#39;", hashIn(script), hashIn(style), "Nothing was wrong with it.")
	require.Len(t, regexp.MustCompile(`64 KiB gives \d+\.\d+ % and 256 KiB gives \d+\.\d+ %\.`).FindAllString(text, -1), 1)
	requireOffline(t, text)
	d := dataIn(t, text)
	var csv bytes.Buffer
	require.NoError(t, analyze.WriteCapacityCSV(&csv, r.Table))
	require.Equal(t, csv.String(), d.Tables["capacity"])
	csv.Reset()
	require.NoError(t, analyze.WriteRollingCSV(&csv, r.Rolling))
	require.Equal(t, csv.String(), d.Tables["rolling"])
}

// requireNone demands that a long text has none of some parts.
func requireNone(t *testing.T, text string, parts ...string) {
	for _, part := range parts {
		if at := strings.Index(text, part); at >= 0 {
			require.Fail(t, "found "+part, text[max(0, at-50):min(len(text), at+100)])
		}
	}
}

// requireAll demands that a long text has all of some parts.
func requireAll(t *testing.T, text string, parts ...string) {
	for _, part := range parts {
		require.True(t, strings.Contains(text, part), "%s is missing", part)
	}
}

// hashIn is a hash as html/template writes it into an attribute.
func hashIn(text string) string { return strings.ReplaceAll(hash(text), "+", "&#43;") }

var (
	loading = regexp.MustCompile(`(?i)(?:src|href|srcset|action|poster|data|xlink:href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?(?:https?:)?//|@font-face`)
	styled  = regexp.MustCompile(`(?i)<[a-z][^>]*\s(?:style|on[a-z]+)\s*=`)
	ids     = regexp.MustCompile(` id="([^"]*)"`)
)

// requireOffline demands that nothing outside the page is loaded, that no attribute holds a style or a script, that two scripts
// and a data block are all there is, and that no id occurs twice.
func requireOffline(t *testing.T, text string) {
	require.Empty(t, loading.FindString(text))
	markup := strings.NewReplacer(script, "", style, "").Replace(text)
	require.Empty(t, styled.FindString(markup))
	requireNone(t, markup, "http:", "https:", "javascript:")
	require.Equal(t, 2, strings.Count(text, "</script>"))
	require.Equal(t, 1, strings.Count(text, "</style>"))
	seen := make(map[string]bool)
	for _, m := range ids.FindAllStringSubmatch(markup, -1) {
		require.False(t, seen[m[1]], "id %s occurs twice", m[1])
		seen[m[1]] = true
	}
}

// TestHostileNames gives hostile names to everything that has one.
func TestHostileNames(t *testing.T) {
	names := []string{"</script><script>alert(1)</script>", "\u202eevil\u202c مرحبا", strings.Repeat("x", 10_000), `<img src=x onerror=alert(2)>`, "中文模型",
		`" onmouseover="alert(3)`, "{{.Policy}}", "]]>", "<!--", "\u2028\u2029", "&lt;b&gt;", "\\u003c/script>", "<svg onload=alert(4)>", `'"><style>*{}</style>`}
	for _, name := range []string{names[0], names[2], names[5]} {
		opts := everything()
		opts.By = []analyze.Dimension{analyze.ByLength, analyze.ByModel}
		opts.Tiers = &analyze.TierOptions{Tiers: []analyze.Tier{{Name: name, Capacity: units.InBytes(64 << 10)}}}
		r := replay(t, traffic(200, 1, names...), opts)
		r.Notes = append(r.Notes, analyze.Note{Text: name})
		r.Log.Problems = append(r.Log.Problems, log.Problem{File: name, Line: 1, Msg: name})
		r.Log.ProblemCount++
		text := write(t, r, Options{Title: name})
		require.Equal(t, 2, strings.Count(text, "</script"), name)
		require.Equal(t, 1, strings.Count(text, "</style"), name)
		markup, rest, _ := strings.Cut(strings.ReplaceAll(text, script, ""), `id="data">`)
		_, behind, _ := strings.Cut(rest, "</script>")
		requireNone(t, markup+behind, "<img", "<svg onload", ` onmouseover="`, "<!--", "\u202e", strings.Repeat("x", 1100))
		require.Less(t, len(text), 1_000_000)
		for _, name := range names {
			require.Contains(t, dataIn(t, text).Divisions[1].Classes, cleanName(name))
		}
	}
}

// TestYearIsSmall bounds the page of a year that is counted in windows of five minutes, at many capacities and by every
// dimension.
func TestYearIsSmall(t *testing.T) {
	opts := everything()
	opts.Rolling.Window = 5 * 60e9
	opts.Rolling.Capacities = nil
	for n := range int64(12) {
		opts.Rolling.Capacities = append(opts.Rolling.Capacities, units.InBytes((8<<10)<<n))
	}
	r := replay(t, traffic(30_000, 365, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j"), opts)
	require.Greater(t, len(r.Rolling.Windows), 20_000)
	text := write(t, r, Options{})
	require.Less(t, len(text), 1_500_000)
	requireAll(t, text, "added up")
}

// TestMergedWindows adds windows up, and keeps every count.
func TestMergedWindows(t *testing.T) {
	opts := everything()
	opts.Rolling.Window = 60e9
	r := replay(t, traffic(8000, 20, "a"), opts)
	lines := distinctLines(r.Rolling)
	w := windowsOf(r.Rolling, lines, kindsOf(r.Curve.At(0).Miss))
	require.Greater(t, w.Merged, int64(1))
	require.LessOrEqual(t, len(w.Start)*len(lines), maxCounts)
	merged := make(map[float64]int64)
	for i, start := range w.Start {
		require.Zero(t, int64(start)%int64(w.Seconds))
		if i > 0 {
			require.Greater(t, start, w.Start[i-1])
		}
		merged[start] = w.Requests[i]
		all := w.Hits[1][i]
		for k := range w.Misses[1] {
			all += w.Misses[1][k][i]
		}
		require.Equal(t, w.Tokens[i], all, "hits and misses are all tokens")
	}
	var requests int64
	for _, one := range r.Rolling.Windows {
		merged[float64(int64(one.Start)/int64(w.Seconds)*int64(w.Seconds))] -= one.Requests
		requests += one.Requests
	}
	require.Equal(t, requests, sum(w.Requests))
	for start, left := range merged {
		require.Zero(t, left, start)
	}
	for i, line := range lines {
		at := r.Curve.At(r.Rolling.Lines[line].Limit())
		if r.Rolling.Lines[line].Unit == units.Unlimited {
			at = r.Curve.At(1 << 62)
		}
		require.Equal(t, at.HitTokens, sum(w.Hits[i]))
		require.Equal(t, at.Miss.Capacity, sum(w.Misses[i][0]))
	}
}

// TestSections has a heading, a sentence and an id of its own for every chart.
func TestSections(t *testing.T) {
	seen := make(map[string]bool)
	for _, s := range sections {
		require.NotEmpty(t, s.heading)
		require.Regexp(t, `^[A-Z].*\.$`, s.about)
		require.Regexp(t, `^[a-z-]+$`, s.id)
		require.False(t, seen[s.id])
		seen[s.id] = true
	}
}

// TestRequestsAndStats shows what single requests hit, where the report has it.
func TestRequestsAndStats(t *testing.T) {
	r := replay(t, traffic(100, 1, "a"), everything())
	text := write(t, r, Options{})
	requireNone(t, text, "Single requests", "h-stats")
	rates := make([]int64, 101)
	rates[0], rates[50], rates[100] = 60, 30, 10
	r.Requests = &analyze.Requests{Capacities: r.Rolling.Lines, Sizes: r.Rolling.Sizes, Rates: [][]int64{rates, rates, rates},
		Lengths: []analyze.LengthRates{{From: 16, To: 32, Requests: 100, TotalTokens: 2000, HitTokens: []int64{500, 1000, 1500}}}}
	written := 123.0 * (1 << 30)
	r.Stats = &analyze.Stats{RequestsPerSecond: 1.5, InputTokens: analyze.Distribution{Count: 100, Mean: 20},
		Capacities: []analyze.CapacityStats{{CapacityBytes: r.Rolling.Sizes[0].Bytes, RequestHitRate: analyze.RequestHitRate{ZeroShare: 0.6, FullShare: 0.1}, BytesWrittenPerDay: &written}}}
	text = write(t, r, Options{})
	requireAll(t, text, "Single requests", "h-stats", "requests without a hit", "60.0 %", "123 GiB", "requests a second")
	d := dataIn(t, text)
	require.Equal(t, []string{"16-31"}, d.Requests.Lengths)
	require.Equal(t, [][]int64{{500}, {1000}, {1500}}, d.Requests.Hits)
	requireOffline(t, text)
	require.Equal(t, 1, strings.Count(text, `id="table-classes-length"`)) // by everything

	opts := everything()
	opts.By = []analyze.Dimension{analyze.ByModel}
	undivided := replay(t, traffic(100, 1, "a"), opts)
	requireNone(t, write(t, undivided, Options{}), `id="table-classes-length"`)
	r.Requests.Lengths[0].To = math.MaxInt64
	undivided.Requests = r.Requests
	text = write(t, undivided, Options{})
	require.Equal(t, 1, strings.Count(text, `id="table-classes-length"`))
	require.Equal(t, []string{"16+"}, dataIn(t, text).Requests.Lengths)
}

func TestWriteNeedsFigures(t *testing.T) {
	for _, r := range []*analyze.Report{nil, {}, {Curve: &analyze.Curve{}}} {
		require.ErrorContains(t, Write(&bytes.Buffer{}, r, Options{}), "no table of capacities or no windows")
	}
}
