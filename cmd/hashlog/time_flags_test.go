package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

func TestParseTime(t *testing.T) {
	now := time.Date(2024, 3, 31, 20, 0, 0, 500e6, time.FixedZone("", 3600)) // 19:00:00.5 UTC
	for text, want := range map[string]float64{
		"1711929600.5":              1711929600.5,
		"-3":                        -3,
		"0":                         0,
		"2024-03-31T20:00:00Z":      1711915200,
		"2024-03-31T20:00:00.25Z":   1711915200.25,
		"2024-03-31T22:00:00+02:00": 1711915200,
		"2024-03-31T20:00":          1711915200, // UTC
		"2024-03-31 20:00":          1711915200,
		"2024-03-31T20:00:01":       1711915201,
		"2024-03-31":                1711843200, // midnight UTC
		"24h":                       1711825200.5,
		"1d12h":                     1711911600.5 - 36*3600,
		"30m":                       1711909800.5,
	} {
		got, err := timeOrAgo(now)(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "yesterday", "2024-13-01", "2024-02-30", "31.3.2024", "-24h", "0s", "NaN", "inf", "2024-03-31T25:00", "1w"} {
		_, err := timeOrAgo(now)(text)
		require.EqualError(t, err, "time "+strconv.Quote(text)+": is none of 2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), "+
			"2024-03-31T20:00:00+02:00, 1711929600.5 (Unix seconds) or 24h (before now)")
	}
	// What is made up must not depend on the clock.
	start, err := parseStart("2024-03-31")
	require.NoError(t, err)
	require.Equal(t, time.Date(2024, 3, 31, 0, 0, 0, 0, time.UTC), start)
	_, err = parseStart("24h")
	require.EqualError(t, err, `time "24h": is none of 2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00 or 1711929600.5 (Unix seconds)`)
}

// TestTimesBeforeNow replays what lies between two ages of a log, and shows the times that they are.
func TestTimesBeforeNow(t *testing.T) {
	replayed := func(args ...string) (text string) {
		var out, errs bytes.Buffer
		root := newRootCommand(&env{stdout: &out, stderr: &errs, now: time.Unix(1711886400, 0)}) // the demo's noon
		root.SetArgs(append([]string{"simulate", testdata + "/demo", "--capacity", "inf"}, args...))
		require.Zero(t, status(root.ExecuteContext(t.Context()), &errs), errs.String())
		return out.String()
	}
	var got, want analyze.Report
	require.NoError(t, json.Unmarshal([]byte(replayed("--json", "--since", "6h", "--until", "1h")), &got))
	require.NoError(t, json.Unmarshal([]byte(replayed("--json", "--since", "2024-03-31T06:00", "--until", "2024-03-31T11:00:00Z")), &want))
	require.Equal(t, want, got)
	require.Equal(t, 1711864800.0, *got.Settings.Since)
	require.Equal(t, 1711882800.0, *got.Settings.Until)
	require.Less(t, got.Input.Requests, int64(3842))
	require.Contains(t, got.Assumptions, "Replays only records from 2024-03-31T06:00:00Z on and before 2024-03-31T11:00:00Z.")
	require.Contains(t, replayed("--since", "12h"), "\n  Replays only records from 2024-03-31T00:00:00Z on.\n")
	require.Contains(t, replayed("--until", "2024-03-31T12:00"), "\n  Replays only records before 2024-03-31T12:00:00Z.\n")
}
