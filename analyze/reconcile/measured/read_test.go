package measured

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// matrix writes an answer of query_range. Each series is a name with labels, such as `x_total{a="1"}`, and its values from time 0 on, a
// minute apart; "-" leaves one out.
func matrix(series ...string) string {
	return `{"status":"success","data":{"resultType":"matrix","result":[` + strings.Join(eachSeries(series), ",") + `]}}`
}

func eachSeries(series []string) (all []string) {
	for _, text := range series {
		name, values, _ := strings.Cut(text, " ")
		name, labels, _ := strings.Cut(name, "{")
		var metric []string
		if name != "" {
			metric = append(metric, fmt.Sprintf("%q:%q", "__name__", name))
		}
		for _, label := range strings.FieldsFunc(labels, func(r rune) bool { return r == ',' || r == '}' }) {
			key, value, _ := strings.Cut(label, "=")
			metric = append(metric, fmt.Sprintf("%q:%s", key, value))
		}
		var pairs []string
		for i, v := range strings.Fields(values) {
			if v != "-" {
				pairs = append(pairs, fmt.Sprintf("[%d,%q]", 60*i, v))
			}
		}
		all = append(all, fmt.Sprintf(`{"metric":{%s},"values":[%s]}`, strings.Join(metric, ","), strings.Join(pairs, ",")))
	}
	return all
}

// readTexts reads files with these texts, named a, b and so on.
func readTexts(o Options, texts ...string) (*Series, error) {
	var files []file
	for i, text := range texts {
		files = append(files, file{string(rune('a' + i)), []byte(text)})
	}
	return read(files, o)
}

const (
	vllmHits     = "vllm:prefix_cache_hits_total"
	vllmRequests = "vllm:prefix_cache_queries_total"
)

func TestReadFindsHitsAndRequestsWhereverTheyAre(t *testing.T) {
	hits, requests := vllmHits+" 10 40 100", vllmRequests+" 100 200 400"
	want := []Window{{0, 60, 30, 100}, {60, 120, 60, 200}}
	for name, texts := range map[string][]string{
		"one answer":                {matrix(hits, requests)},
		"a list of answers":         {"[" + matrix(hits) + "," + matrix(requests) + "]"},
		"one answer after another":  {matrix(requests) + "\n" + matrix(hits) + "\n"},
		"two files":                 {matrix(hits), matrix(requests)},
		"a list of series":          {"[" + strings.Join(eachSeries([]string{hits, requests}), ",") + "]"},
		"one counter in two halves": {matrix(vllmHits+" 10 40 -", requests), matrix(vllmHits + " - 40 100")},
		"names as collectors write": {matrix("vllm_prefix_cache_hits 10 40 100", "vllm_prefix_cache_queries 100 200 400")},
	} {
		got, err := readTexts(Options{}, texts...)
		require.NoError(t, err, name)
		require.Equal(t, &Series{Metric: vllmHits + " / " + vllmRequests, Denominator: TotalTokens, Windows: want}, got, name)
	}
}

func TestReadOpensFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rates.csv")
	require.NoError(t, os.WriteFile(path, []byte("\ufefftime,hit_tokens,requested_tokens\n0,1,4\n10,3,8\n"), 0o644))
	got, err := Read([]string{path}, Options{Form: Counters})
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 10, 2, 4}}, got.Windows)

	_, err = Read([]string{path + "x"}, Options{})
	require.ErrorIs(t, err, os.ErrNotExist)
	_, err = Read([]string{path, path}, Options{})
	require.ErrorContains(t, err, "rates.csv:1: a CSV holds hits and requests, so it must be the only file")
	_, err = Read(nil, Options{})
	require.EqualError(t, err, "no file with measured tokens")
}

func TestReadChoosesAMetric(t *testing.T) {
	both := matrix(vllmHits+" 0 40", vllmRequests+" 0 100", "vllm:external_prefix_cache_hits_total 0 6", "vllm:external_prefix_cache_queries_total 0 60")
	_, err := readTexts(Options{}, both)
	require.EqualError(t, err, "several pairs of counters: vllm:prefix_cache_hits_total / vllm:prefix_cache_queries_total, "+
		"vllm:external_prefix_cache_hits_total / vllm:external_prefix_cache_queries_total")
	for _, name := range []string{"vllm:external_prefix_cache_hits_total", "vllm:external_prefix_cache_queries"} {
		got, err := readTexts(Options{Metric: name}, both)
		require.NoError(t, err)
		require.Equal(t, []Window{{0, 60, 6, 60}}, got.Windows)
		require.Equal(t, RemainingTokens, got.Denominator)
	}
	_, err = readTexts(Options{Metric: "sglang:cached_tokens_total"}, both)
	require.ErrorAs(t, err, new(*ChoiceError))
	require.ErrorContains(t, err, `metric "sglang:cached_tokens_total": must be a counter of vllm:prefix_cache_hits_total / `)
}

func TestParseForm(t *testing.T) {
	for text, want := range map[string]Form{"counters": Counters, "deltas": Deltas} {
		got, err := ParseForm(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := ParseForm("rates")
	require.EqualError(t, err, `form "rates": must be counters or deltas`)
}
