package measured

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSeriesAreSummedAfterResets(t *testing.T) {
	// Server b starts again in the third minute. The sum of both requests never falls.
	got, err := readTexts(Options{}, matrix(
		vllmHits+`{pod="a"} 100 200 300 400 500`, vllmRequests+`{pod="a"} 1000 2000 3000 4000 5000`,
		vllmHits+`{pod="b"} 500 520 540 10 30`, vllmRequests+`{pod="b"} 900 1000 1100 50 150`,
	))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 120, 1100}, {60, 120, 120, 1100}, {120, 180, 110, 1050}, {180, 240, 120, 1100}}, got.Windows)
	require.Equal(t, []string{
		"Hit tokens are summed over 2 series, requested tokens over 2.",
		"2 counter resets: what was counted between the last reading and each reset is unknown.",
	}, got.Notes)
}

func TestAnIdleServerThatStartsAgain(t *testing.T) {
	got, err := readTexts(Options{}, matrix(vllmHits+" 0 2 2 0 1 1 0", vllmRequests+" 0 500 500 0 300 300 0"))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 2, 500}, {60, 120, 0, 0}, {120, 180, 0, 0}, {180, 240, 1, 300}, {240, 300, 0, 0}, {300, 360, 0, 0}}, got.Windows)
}

func TestGapsMergeWindows(t *testing.T) {
	// Server b isn't read at 120 s. What it counted until then is unknown, so there is one window from 60 to 180 s.
	got, err := readTexts(Options{}, matrix(
		vllmHits+`{pod="a"} 0 1 2 3 4`, vllmRequests+`{pod="a"} 0 10 20 30 40`,
		vllmHits+`{pod="b"} 0 5 - 9 10`, vllmRequests+`{pod="b"} 0 50 - 90 100`,
	))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 6, 60}, {60, 180, 6, 60}, {180, 240, 2, 20}}, got.Windows)
	require.Equal(t, "1 window covers a gap in the readings: it is 2 min long, others are 1 min.", got.Notes[1])

	// A stale value is as good as none, and a gap of all servers makes a longer window too.
	stale, err := readTexts(Options{}, matrix(vllmHits+" 0 1 NaN NaN 4 5", vllmRequests+" 0 10 NaN NaN 40 50"))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 1, 10}, {60, 240, 3, 30}, {240, 300, 1, 10}}, stale.Windows)
}

func TestRepeatsBeforeAGap(t *testing.T) {
	// Prometheus answers with the last reading for another 5 minutes. So server b may have counted from 60 s on.
	got, err := readTexts(Options{}, matrix(
		vllmHits+`{pod="a"} 0 1 2 3 4 5 6 7`, vllmRequests+`{pod="a"} 0 10 20 30 40 50 60 70`,
		vllmHits+`{pod="b"} 0 5 5 5 - - 9 9`, vllmRequests+`{pod="b"} 0 50 50 50 - - 90 90`,
	))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 6, 60}, {60, 360, 9, 90}, {360, 420, 1, 10}}, got.Windows)

	// It does so for all servers after it was not running itself.
	got, err = readTexts(Options{}, matrix(vllmHits+" 0 5 5 5 5 5 5 5 5 - - - - 9 10", vllmRequests+" 0 50 60 60 60 60 60 60 60 - - - - 90 95"))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 5, 50}, {60, 120, 0, 10}, {120, 180, 0, 0}, {180, 780, 4, 30}, {780, 840, 1, 5}}, got.Windows)
}

func TestCountersThatAppearLater(t *testing.T) {
	// A new replica begins at 0 after the others were read. One that had run before has counted more than it can have since.
	got, err := readTexts(Options{}, matrix(
		vllmHits+`{pod="a"} 0 10 20 30`, vllmRequests+`{pod="a"} 0 100 200 300`,
		vllmHits+`{pod="b"} - - 5 10`, vllmRequests+`{pod="b"} - - 50 60`,
		vllmHits+`{pod="c"} - - 50000 50001`, vllmRequests+`{pod="c"} - - 90000 90002`,
	))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 60, 10, 100}, {60, 120, 15, 150}, {120, 180, 16, 112}}, got.Windows)
	require.Contains(t, got.Notes, "2 counters appear later than others: their first values count from 0.")
	require.Contains(t, got.Notes, "2 counters appear later than others with more than they can have counted since: their first values don't count.")
}

func TestHitsAndRequestsOfOtherTimes(t *testing.T) {
	// Hits were read each minute, requests every other one: the windows are those of both.
	got, err := readTexts(Options{}, matrix(vllmHits+" 0 1 2 3 4", vllmRequests+" 0 - 20 - 40"))
	require.NoError(t, err)
	require.Equal(t, []Window{{0, 120, 2, 20}, {120, 240, 2, 20}}, got.Windows)
	_, err = readTexts(Options{}, matrix(vllmHits+" 0 - 2 -", vllmRequests+" - 10 - 30"))
	require.EqualError(t, err, vllmHits+" / "+vllmRequests+": hits were read at 2 times, requests at 2 times, both at 0: a window needs two")
}

func TestSourcesOfPromptTokens(t *testing.T) {
	const name = "vllm:prompt_tokens_by_source_total"
	got, err := readTexts(Options{}, matrix(
		name+`{source="local_compute"} 0 70`, name+`{source="local_cache_hit"} 0 20`, name+`{source="external_kv_transfer"} 0 10`))
	require.NoError(t, err)
	require.Equal(t, `vllm:prompt_tokens_by_source_total{source!="local_compute"} / vllm:prompt_tokens_by_source_total`, got.Metric)
	require.Equal(t, []Window{{0, 60, 30, 100}}, got.Windows)
}

func TestRetrievesAreNoHitRate(t *testing.T) {
	got, err := readTexts(Options{}, matrix("lmcache:num_hit_tokens_total 0 99", "lmcache:num_requested_tokens_total 0 100"))
	require.NoError(t, err)
	require.Equal(t, FoundTokens, got.Denominator)
	require.Contains(t, got.Notes[0], "use num_lookup_hits and num_lookup_tokens")
}

func TestWarningsOfPrometheus(t *testing.T) {
	got, err := readTexts(Options{}, `{"status":"success","warnings":["one store didn't answer"],"data":{"resultType":"matrix","result":[`+
		eachSeries([]string{vllmHits + " 0 1"})[0]+`,`+eachSeries([]string{vllmRequests + " 0 2"})[0]+`]}}`)
	require.NoError(t, err)
	require.Equal(t, []string{"Prometheus warns: one store didn't answer."}, got.Notes)
}

func TestSeriesWithoutAName(t *testing.T) {
	got, err := readTexts(Options{}, matrix(vllmHits+" 0 1", vllmRequests+" 0 2", " 7 8"))
	require.NoError(t, err)
	require.Equal(t, []string{"A series without a name is left out."}, got.Notes)
}

func TestBadAnswers(t *testing.T) {
	const accepted = "; accepted are lmcache_mp_lookup_hit_tokens_total / lmcache_mp_lookup_requested_tokens_total, lmcache:num_lookup_hits_total / "
	for _, bad := range []struct{ text, want string }{
		{`{"status":"error","errorType":"bad_data","error":"parse error"}`, "a:1: the query failed: parse error"},
		{"\n" + `{"status":"success","data":{"resultType":"vector","result":[]}}`, `a:2: result type "vector": must be matrix`},
		{`{"status":"success"}`, "a:1: no answer of query_range: it has no data"},
		{`{"a":` + "\n" + `oops}`, "a:2: invalid character 'o' looking for beginning of value"},
		{`{"status":"success","data":{"resultType":"matrix","result":7}}`, "a:1: no answer of query_range, but a JSON number"},
		{`{"status":7}`, "a:1: no answer of query_range: status is a JSON number"},
		{`{"status":"success"`, "a:1: unexpected EOF"},
		{`[{"metric":{"__name__":"x"},"values":[[1,2]]}]`, `a:1: no answer of query_range: value [1,2]: must be of the form [1435781430.781, "1"]`},
		{`[{"metric":{"__name__":"x"},"values":[[1]]}]`, "a:1: no answer of query_range: value [1]: must be a pair of a time and a value"},
		{`[{"metric":{"__name__":"x"},"values":[[1,"two"]]}]`, `a:1: no answer of query_range: value "two": must be a number`},
		{`[{"metric":{"__name__":"x"},"values":[[1711929600123,"1"]]}]`, "a:1: x: time 1711929600123: must be in seconds since the Unix epoch"},
		{matrix("x +Inf"), "a:1: x: value +Inf: too many for tokens"},
		{matrix("x{a=\"1\"} -3"), `a:1: x{a="1"}: value -3: a counter is never below 0`},
		{`[]`, "a: no counters of hit and of requested tokens; found no series" + accepted},
		{matrix("go_goroutines 1 2", "up 1 1"), "a: no counters of hit and of requested tokens; found go_goroutines and up" + accepted},
		{matrix(" 1 2"), "a: no counters of hit and of requested tokens; there is a series without a name, which rate, increase or sum take away: query the counters themselves"},
		{matrix(vllmHits + " 1 2"), "a: found vllm:prefix_cache_hits_total without vllm:prefix_cache_queries_total" + accepted},
		{matrix("sglang:cache_hit_rate 0.5 0.6"), "found sglang:cache_hit_rate; sglang:cache_hit_rate is a ratio of the last interval, not tokens"},
		{matrix("vllm:gpu_prefix_cache_hits_total 1 2"), "vllm:gpu_prefix_cache_hits_total counts blocks in older versions of vLLM, not tokens"},
		{matrix(vllmHits+" 0.5 0.6", vllmRequests+" 1 2"), vllmHits + ": values from 0.5 to 0.6 are a ratio, not tokens; accepted are tokens, counted from the start"},
		{matrix(vllmHits+" 1 2", vllmRequests+" 100 90 95"), vllmRequests + ": falls from 100 to 90 at 1970-01-01 00:01:00 UTC, which is no restart: a gauge, not a counter of tokens"},
		{matrix(vllmHits+" 1 2", vllmRequests+" 9 1 8 2 9 3 7"), vllmRequests + ": falls from 9 to 1 at 1970-01-01 00:01:00 UTC, and 2 times more, which is no restart"},
		{matrix(vllmHits+" 0 20", vllmRequests+" 0 10"), "20 hit of 10 requested, so that these aren't both tokens of the same requests"},
		{matrix(vllmHits+" 5 5", vllmRequests+" 9 9"), "no tokens were requested from 1970-01-01 00:00:00 UTC to 1970-01-01 00:01:00 UTC"},
		{matrix(vllmHits+" 1 2", vllmRequests+" 9 10") + matrix(vllmHits+" 1 3"), vllmHits + ": both 2 and 3 at 1970-01-01 00:01:00 UTC"},
	} {
		_, err := readTexts(Options{}, bad.text)
		require.ErrorContains(t, err, bad.want, bad.text)
	}
}

// TestEachMetric reads each pair of counters of the table.
func TestEachMetric(t *testing.T) {
	for _, m := range Metrics() {
		hit, requested := m.Hit.Name+" 0 25", m.Requested.Name+" 0 100"
		if m.Hit.Label != "" {
			hit = m.Hit.Name + "{" + m.Hit.Label + `="other"} 0 25`
			requested = m.Requested.Name + "{" + m.Hit.Label + `="` + m.Hit.Not + `"} 0 75`
		}
		got, err := readTexts(Options{}, matrix(hit, requested))
		require.NoError(t, err, m.Name())
		require.Equal(t, []Window{{0, 60, 25, 100}}, got.Windows, m.Name())
		require.Equal(t, m.Denominator, got.Denominator)
		require.Equal(t, m.Name(), got.Metric)
		require.NotEqual(t, "unknown", m.Denominator.String())
		require.Equal(t, m.Denominator == TotalTokens || m.Denominator == CacheableTokens, m.Denominator.Rate() != "")
	}
}
