package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/sim"
	"hashlog/sim/policy"
)

// fifo is what a server that is a FIFO would measure on the demo log.
func fifo(t *testing.T, chunks float64) result {
	w := readDemo(t, math.MaxInt)
	rate, err := predict(context.Background(), w, policy.Spec{Name: "fifo"}, chunks, sim.TailFirst, w.times())
	require.NoError(t, err)
	return result{Server: "queue 1.0", Preset: "fifo", TouchOrder: "tail", Held: chunks, Rate: rate}
}

// runOn runs the command on the demo log, with results from a file.
func runOn(t *testing.T, file any, args ...string) (status int, stdout, stderr string) {
	path := filepath.Join(t.TempDir(), "measured.json")
	text, err := json.Marshal(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(path, text, 0o666))
	var out, errs bytes.Buffer
	status = run(append([]string{"-measured", path}, append(args, demo)...), &out, &errs)
	return status, out.String(), errs.String()
}

// TestTable holds the models against what a file says.
func TestTable(t *testing.T) {
	low := fifo(t, 2999.6)
	low.Rate -= .03
	status, stdout, stderr := runOn(t, results{[]result{fifo(t, 1000), low}})
	require.Empty(t, stderr)
	require.Zero(t, status)
	require.Equal(t, `| server | preset | chunks held | measured | plain LRU | off by | preset | off by |
|---|---|--:|--:|--:|--:|--:|--:|
| queue 1.0 | `+"`fifo`"+` | 1,000 | 47.83 % | 53.59 % | +5.75 | 47.83 % | 0.00 |
| queue 1.0 | `+"`fifo`"+` | 3,000 | 64.67 % | 72.70 % | +8.04 | 67.67 % | +3.00 |

| server | preset | plain LRU: mean | worst | preset: mean | worst |
|---|---|--:|--:|--:|--:|
| queue 1.0 | `+"`fifo`"+` | 6.90 | 8.04 | 1.50 | 3.00 |
| all |  | 6.90 | 8.04 | 1.50 | 3.00 |
`, stdout)
}

// TestJSON holds that -measured reads what -json writes.
func TestJSON(t *testing.T) {
	file := results{[]result{fifo(t, 1000)}}
	status, stdout, _ := runOn(t, file, "-json")
	require.Zero(t, status)
	var got results
	require.NoError(t, json.Unmarshal([]byte(stdout), &got))
	require.Equal(t, file, got)
}

// TestComplete holds what the names of servers mean where a file names no preset.
func TestComplete(t *testing.T) {
	for server, preset := range map[string]string{
		"redis-7.0.15-lru-5":  "redis",
		"redis-7.0.15-lru-10": "redis:samples=10",
		"valkey-8.0.1-lru-3":  "valkey:samples=3",
		"valkey-8.0.1-lfu-5":  "redis-lfu",
		"memcached-seg":       "memcached",
		"memcached-flat":      "memcached-flat",
	} {
		r := result{Server: server}
		require.NoError(t, r.complete())
		require.Equal(t, preset, r.Preset, server)
		require.Equal(t, "head", r.TouchOrder)
	}
}

func TestBadResults(t *testing.T) {
	for want, r := range map[string]result{
		`no preset for server "x"`: {Server: "x"},
		`cache "x": must be`:       {Preset: "x"},
		"must be head or tail":     {Preset: "fifo", TouchOrder: "x"},
	} {
		status, stdout, stderr := runOn(t, results{[]result{r}})
		require.Equal(t, 1, status)
		require.Empty(t, stdout)
		require.Contains(t, stderr, "result 1: ")
		require.Contains(t, stderr, want)
	}
	status, _, stderr := runOn(t, "no results")
	require.Equal(t, 1, status)
	require.Contains(t, stderr, "measured.json: json:")
}

func TestUsage(t *testing.T) {
	for want, args := range map[string][]string{
		"no logs given":                  nil,
		`no server "x"`:                  {"-servers", "redis,x", demo},
		`"0" is no number of chunks`:     {"-capacity", "1,0", demo},
		"must be head or tail":           {"-touch-order", "x", demo},
		"must be above 0":                {"-faster", "0", demo},
		"flag provided but not defined:": {"-x", demo},
	} {
		var stdout, stderr bytes.Buffer
		require.Equal(t, 2, run(args, &stdout, &stderr))
		require.Contains(t, stderr.String(), want)
		require.Empty(t, stdout.String())
	}
	var stderr bytes.Buffer
	require.Zero(t, run([]string{"-h"}, &stderr, &stderr))
	require.Contains(t, stderr.String(), "usage: fidelity [flags] LOGS…")
	require.Equal(t, 1, run([]string{filepath.Join(t.TempDir(), "none")}, &stderr, &stderr))
}

// TestTimes holds when a server got the requests of a result.
func TestTimes(t *testing.T) {
	w := &workload{requests: []request{{time: 100}, {time: 104}}}
	require.Equal(t, []float64{100, 104}, result{}.timesOf(w))
	require.Equal(t, []float64{7000, 7002}, result{Began: 7000, Faster: 2}.timesOf(w))
	require.Equal(t, []float64{1, 2}, result{Began: 7000, Faster: 2, times: []float64{1, 2}}.timesOf(w))

	// A server that learns the times of the log has them, whatever its own are.
	out := outcome{times: []float64{1, 2}}
	require.Equal(t, []float64{1, 2}, trial{}.result(out, clock{}, w).timesOf(w))
	timed := trial{timed: true}.result(out, clock{}, w)
	require.Equal(t, []float64{100, 104}, timed.timesOf(w))
	timed.times = nil
	require.Equal(t, []float64{100, 104}, timed.timesOf(w))
}

// TestMeasure measures real servers from end to end.
func TestMeasure(t *testing.T) {
	skipWithout(t, "redis-server")
	skipWithout(t, "memcached")
	var stdout, stderr bytes.Buffer
	status := run([]string{"-servers", "redis,memcached,valkey", "-capacity", "2000", "-faster", "1e6", "-json", demo}, &stdout, &stderr)
	require.Zero(t, status, stderr.String())
	require.Contains(t, stderr.String(), " replays, side by side in 0s\n")
	var got results
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &got))
	require.Regexp(t, `^redis-server \d+\.\d+`, got.Measured[0].Server)
	require.Regexp(t, `^memcached \d+\.\d+`, got.Measured[1].Server)
	for _, r := range got.Measured {
		require.Equal(t, 2000, r.Capacity)
		require.EqualValues(t, 23_457_995, r.Total)
		require.InDelta(t, .65, r.Rate, .1)
		require.Equal(t, float64(r.Hit)/float64(r.Total), r.Rate)
	}
}
