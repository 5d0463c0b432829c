package measured

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const csvHeader = "time,hit_tokens,requested_tokens\n"

func TestCSVOfCounters(t *testing.T) {
	const text = csvHeader + "0,0,0\n60,10,100\n120,30,200\n180,5,50\n"
	got, err := readTexts(Options{}, text)
	require.NoError(t, err)
	require.Equal(t, &Series{
		Metric:  "hit_tokens / requested_tokens",
		Windows: []Window{{0, 60, 10, 100}, {60, 120, 20, 100}, {120, 180, 5, 50}},
		Notes: []string{
			"The rows never fall, but for restarts: they are read as counters.",
			"2 counter resets: what was counted between the last reading and each reset is unknown.",
		},
	}, got)

	same, err := readTexts(Options{Form: Counters}, text)
	require.NoError(t, err)
	require.Equal(t, got.Windows, same.Windows)
	require.Equal(t, got.Notes[1:], same.Notes)
}

func TestCSVOfDeltas(t *testing.T) {
	// The first row counts for as long as the others. Nothing is known of the hour before the last one.
	const text = csvHeader + "60,10,100\n120,30,90\n180,5,50\n3780,5,80\n"
	got, err := readTexts(Options{}, text)
	require.NoError(t, err)
	require.Equal(t, &Series{
		Metric:  "hit_tokens / requested_tokens",
		Windows: []Window{{0, 60, 10, 100}, {60, 120, 30, 90}, {120, 180, 5, 50}, {3720, 3780, 5, 80}},
		Notes: []string{
			"The rows rise and fall: each is read as what was counted since the one before.",
			"1 row comes after a gap: it counts for the 1 min before it.",
		},
	}, got)

	idle, err := readTexts(Options{}, csvHeader+"60,10,100\n120,30,200\n180,0,0\n240,10,40\n300,10,90\n360,0,0\n420,0,0\n480,40,50\n")
	require.NoError(t, err)
	require.Equal(t, Window{60, 120, 30, 200}, idle.Windows[1], "a server with little to do counts nothing now and then")

	constant, err := readTexts(Options{}, csvHeader+"0,5,50\n60,5,50\n120,5,50\n")
	require.NoError(t, err)
	require.Equal(t, []Window{{-60, 0, 5, 50}, {0, 60, 5, 50}, {60, 120, 5, 50}}, constant.Windows)
}

func TestCSVReadsOtherColumnsAndTimes(t *testing.T) {
	got, err := readTexts(Options{Form: Counters}, "server,requested_tokens,time,hit_tokens\r\n"+
		"a,0,2024-03-31T00:00:00Z,0\r\n\"a, b\",,2024-03-31 00:00:30,\r\na,NaN,2024-03-31 00:00:40,4\r\na,100,1711843260.5,40\r\n")
	require.NoError(t, err)
	require.Equal(t, []Window{{1711843200, 1711843260.5, 40, 100}}, got.Windows)
}

func TestCSVOfAGaugeBesideACounter(t *testing.T) {
	// As deltas, the whole of each counter would count again in each row.
	const hits = csvHeader + "0,50,100\n60,30,200\n120,70,300\n180,20,400\n240,90,400\n300,65,500\n360,50,600\n420,30,700\n"
	_, err := readTexts(Options{}, hits)
	require.EqualError(t, err, "hit_tokens falls as no counter does, but requested_tokens never falls: a: 8 rows can't tell counters from deltas")
	_, err = readTexts(Options{Form: Counters}, hits)
	require.ErrorContains(t, err, "hit_tokens: falls from 50 to 30")
	_, err = readTexts(Options{Form: Deltas}, hits)
	require.NoError(t, err)

	_, err = readTexts(Options{}, csvHeader+"0,1,90\n60,2,80\n120,3,95\n180,4,70\n240,5,80\n300,6,75\n360,7,90\n420,8,80\n")
	require.EqualError(t, err, "requested_tokens falls as no counter does, but hit_tokens never falls: a: 8 rows can't tell counters from deltas")

	// A server that gets the same load all the time.
	_, err = readTexts(Options{}, csvHeader+"0,5,100\n60,3,100\n120,7,100\n180,2,100\n240,9,100\n300,6,100\n360,5,100\n420,3,100\n")
	require.NoError(t, err)
}

func TestBadCSV(t *testing.T) {
	for _, bad := range []struct{ text, want string }{
		{"", "a: no rows"},
		{csvHeader, "a: no rows"},
		{"time,hit_rate\n1,2\n", "a:1: no column hit_tokens: found time and hit_rate; accepted are the columns time, hit_tokens and requested_tokens, or the JSON"},
		{csvHeader + "1,2\n", "a:2: wrong number of fields"},
		{csvHeader + "1,2,3\n2,\"3,4\n", "a:3: extraneous or missing"},
		{csvHeader + "yesterday,2,3\n", `a:2: time "yesterday": must be of the form`},
		{csvHeader + "1,2,3\n2,some,4\n", `a:3: hit_tokens "some": must be a number of tokens`},
		{csvHeader + "1,2,3\n2,-2,4\n", "a:3: hit_tokens: value -2: a counter is never below 0"},
		{csvHeader + "1,2,+Inf\n", "a:2: requested_tokens: value +Inf: too many for tokens"},
		{csvHeader + "1711929600123,2,3\n", "a:2: hit_tokens: time 1711929600123: must be in seconds since the Unix epoch"},
		{csvHeader + "2,2,3\n2,3,4\n", "a:3: time 2 is not behind that of the row before"},
		{csvHeader + "1,1,3\n2,2,4\n3,3,5\n", "a: 3 rows can't tell counters from deltas"},
		{csvHeader + "1,1,3\n", "a: 1 row doesn't say how long it counts for"},
		{csvHeader + "1,0.5,3\n2,0.6,4\n", "hit_tokens: values from 0.5 to 0.6 are a ratio, not tokens"},
		{csvHeader + "1,9,3\n2,7,4\n3,8,3\n4,8,3\n", "32 hit of 13 requested, so that these aren't both tokens of the same requests"},
	} {
		_, err := readTexts(Options{}, bad.text)
		require.ErrorContains(t, err, bad.want, bad.text)
	}
	_, err := readTexts(Options{Form: Counters}, csvHeader+"0,1,100\n60,2,90\n120,3,95\n")
	require.ErrorContains(t, err, "requested_tokens: falls from 100 to 90 at 1970-01-01 00:01:00 UTC, which is no restart")
	_, err = readTexts(Options{Metric: vllmHits}, csvHeader+"0,1,100\n")
	require.EqualError(t, err, `a: metric "vllm:prefix_cache_hits_total": a CSV has but its columns hit_tokens and requested_tokens`)
	_, err = readTexts(Options{Form: Counters}, matrix(vllmHits+" 0 40", vllmRequests+" 0 100"))
	require.EqualError(t, err, "a: answers of Prometheus hold counters: only of a CSV can be said what its rows count")
	_, err = readTexts(Options{Form: Deltas}, csvHeader+"0,1,100\n")
	require.ErrorContains(t, err, "1 row doesn't say")
}
