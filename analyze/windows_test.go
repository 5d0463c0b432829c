package analyze

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// wild are timestamps that no log should contain.
var wild = []float64{0, 1e308, -1e308, math.MaxFloat64, -math.MaxFloat64, 5e-324, -5e-324, 1e25, -1e25, 1e19, 9e15, 9007199254740993, 1711929600, 1711929600.5,
	math.Ldexp(1, 51), -math.Ldexp(1, 51), math.Ldexp(1, 51) - 0.5, math.Ldexp(86400, 51), -math.Ldexp(86400, 51), math.Nextafter(math.Ldexp(86400, 51), 0)}

// TestWildTimestamps replays pairs of them, with everything that uses windows.
func TestWildTimestamps(t *testing.T) {
	for _, a := range wild {
		for _, b := range wild {
			for _, window := range []time.Duration{0, time.Millisecond, 24 * time.Hour} {
				checkWindows(t, []float64{a, 1711929600, b, a}, window)
			}
		}
	}
}

// FuzzWindows counts requests at any timestamps, in windows of any length and of growing length.
func FuzzWindows(f *testing.F) {
	add := func(length int64, timestamps ...float64) {
		var data []byte
		for _, ts := range timestamps {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(ts))
		}
		f.Add(data, length)
	}
	add(0, 0, 1e308)
	add(0, 1711929600, 1e25, 1711929601)
	add(0, 0, 5e-324)
	add(0, math.MaxFloat64)
	add(0, 0, 1.677568608114998e+20)
	add(0, wild...)
	add(int64(100*time.Millisecond), 0.1, 0.2, 0.3, 0.6, 0.7, -0.1, 0.3)
	add(int64(time.Second), 5, 4, 3, 2, 1, 0, 3, 6)
	add(int64(time.Millisecond), wild...)
	add(math.MaxInt64, wild...)
	f.Fuzz(func(t *testing.T, data []byte, length int64) {
		var timestamps []float64
		for ; len(data) >= 8 && len(timestamps) < 1000; data = data[8:] {
			if ts := math.Float64frombits(binary.LittleEndian.Uint64(data)); ts-ts == 0 {
				timestamps = append(timestamps, ts)
			}
		}
		if len(timestamps) == 0 {
			return
		}
		window := time.Duration(length)
		if length > 0 {
			window = max(window, time.Millisecond)
		} else {
			window = 0
		}
		checkWindows(t, timestamps, window)
	})
}

// checkWindows replays a request at each timestamp and compares the windows with a plain count.
func checkWindows(t *testing.T, timestamps []float64, window time.Duration) {
	t.Helper()
	opts := &Options{Rolling: &RollingOptions{Window: window, Capacities: []units.Capacity{units.InChunks(1)}}, Audit: true,
		Tiers: &TierOptions{Window: window, Tiers: []Tier{{Name: "one", Capacity: units.InChunks(1), Bandwidth: 1}, {Name: "all", Capacity: units.Capacity{Unit: units.Unlimited}}}}}
	r := newReplay(opts, nil)
	rows := rowsOf(t, 1)
	for i, ts := range timestamps {
		require.NoError(t, r.add(&log.Entry{Timestamp: ts, ChunkSize: 10, SeqLen: 10 + int64(i), Hashes: []uint64{1}, ChunkBytes: 3}, rows))
	}
	require.NoError(t, r.settle(math.Inf(1)))
	report := reportOf(t, r)
	for _, v := range []any{report, report.Audit, report.Rolling, report.TierWindows} {
		_, err := json.Marshal(v)
		require.NoError(t, err, "every float is finite")
	}
	checkCounts(t, timestamps, report)
	checkLengths(t, timestamps, window, report.Rolling)
}

// defaultLengths are those that a window has unless one is asked for.
var defaultLengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute,
	time.Hour, 6 * time.Hour, 24 * time.Hour, 7 * 24 * time.Hour}

// checkLengths checks that windows have the given length, or the shortest default one that gives few enough.
func checkLengths(t *testing.T, timestamps []float64, want time.Duration, r *Rolling) {
	t.Helper()
	if want == 0 {
		for _, want = range defaultLengths {
			first, _ := window.Of(slices.Min(timestamps), want)
			_, last := window.Of(slices.Max(timestamps), want)
			if (last-first)/want.Seconds() <= window.Most {
				break
			}
		}
	}
	require.Equal(t, want, r.Window)
	length := want.Seconds()
	for _, w := range r.Windows {
		ulp := math.Nextafter(math.Abs(w.Start), math.Inf(1)) - math.Abs(w.Start)
		if math.Abs(w.Start) < (1<<50)*length {
			require.InDelta(t, length, w.End-w.Start, 4*max(ulp, length*0x1p-52), "[%v, %v)", w.Start, w.End)
		}
	}
}

// rowsOf numbers chunks.
func rowsOf(t *testing.T, keys ...sim.Key) []sim.Row {
	rows, err := sim.NewIndex().Number(keys, nil)
	require.NoError(t, err)
	return rows
}

// checkCounts finds each timestamp in the one window whose bounds contain it, and counts it there.
func checkCounts(t *testing.T, timestamps []float64, report *Report) {
	t.Helper()
	windows := report.Rolling.Windows
	requests, tokens, hits := make([]int64, len(windows)), make([]int64, len(windows)), make([]int64, len(windows))
	for i, ts := range timestamps {
		at, ok := slices.BinarySearchFunc(windows, ts, func(w Window, ts float64) int {
			switch {
			case ts < w.Start:
				return 1
			case ts >= w.End && w.Start < math.MaxFloat64: // there is no end past this
				return -1
			}
			return 0
		})
		require.True(t, ok, "%v is in none of %v", ts, windows)
		requests[at]++
		tokens[at] += 10 + int64(i)
		if i > 0 {
			hits[at] += 10
		}
	}
	for i, w := range windows {
		require.Positive(t, w.Requests)
		require.Equal(t, requests[i], w.Requests, "[%v, %v)", w.Start, w.End)
		require.Equal(t, tokens[i], w.TotalTokens)
		require.Equal(t, []int64{hits[i]}, w.HitTokens)
		if i > 0 {
			require.LessOrEqual(t, windows[i-1].End, w.Start, "in order, and apart")
		}
		tiers := report.TierWindows[i]
		require.Equal(t, []float64{w.Start, w.End}, []float64{tiers.Start, tiers.End})
		require.Equal(t, []int64{w.Requests, w.TotalTokens, hits[i], 0, hits[i] / 10 * 3, 0},
			[]int64{tiers.Requests, tiers.TotalTokens, tiers.Tokens[0], tiers.Tokens[1], tiers.Bytes[0], tiers.Bytes[1]})
	}
	require.Len(t, report.TierWindows, len(windows))
}
