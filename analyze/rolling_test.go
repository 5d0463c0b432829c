package analyze

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

func TestWindowIndex(t *testing.T) {
	for _, length := range []float64{0.001, 0.1, 0.3, 1, 5, 60, 86400} {
		for _, ts := range []float64{0, 0.1, 0.2, 0.3, 0.6, 0.7, 1, 59.999, 60, 1711929600.123, -0.1, -1, -61} {
			i := windowIndex(ts, length)
			require.LessOrEqual(t, i*length, ts)
			require.Greater(t, (i+1)*length, ts)
		}
	}
}

// TestDefaultWindow gives the shortest window of the list that makes at most 200 from the first request to the last.
func TestDefaultWindow(t *testing.T) {
	for _, tt := range []struct {
		seconds float64
		want    time.Duration
	}{
		{0, time.Second},
		{199, time.Second},
		{200, 5 * time.Second},
		{999, 5 * time.Second},
		{1000, 15 * time.Second},
		{3600, time.Minute},
		{86400, 15 * time.Minute},
		{365 * 86400, 24 * time.Hour},
	} {
		r := newRoller(RollingOptions{})
		for _, ts := range []float64{0, tt.seconds / 2, tt.seconds} {
			r.add(ts, tokens{1, 10}, nil)
		}
		require.Equal(t, tt.want.Seconds(), r.length, "%g s", tt.seconds)
	}
}

// TestLateRequestsFindTheirWindow counts requests out of order, which the default window must join all the same.
func TestLateRequestsFindTheirWindow(t *testing.T) {
	r := newRoller(RollingOptions{})
	for _, ts := range []float64{500, 3, 7, 1000, 4, 501, 0} {
		r.add(ts, tokens{1, 1}, nil)
	}
	out := r.rolling(runLog(t, []log.Record{{ChunkSize: 1, SeqLen: 1}}, Options{}).Curve)
	require.Equal(t, 15*time.Second, out.Window)
	var starts []float64
	var requests []int64
	for _, w := range out.Windows {
		starts = append(starts, w.Start)
		requests = append(requests, w.Requests)
		require.Equal(t, w.Start+15, w.End)
	}
	require.Equal(t, []float64{0, 495, 990}, starts)
	require.Equal(t, []int64{4, 2, 1}, requests)
}

func TestAbsurdTimes(t *testing.T) {
	records := []log.Record{
		{Timestamp: -1e300, ChunkSize: 1, SeqLen: 1},
		{Timestamp: 0, ChunkSize: 1, SeqLen: 1},
		{Timestamp: 1e300, ChunkSize: 1, SeqLen: 1},
	}
	report := runLog(t, records, Options{Rolling: &RollingOptions{}, Audit: true})
	require.Len(t, report.Rolling.Windows, 3)
	require.Equal(t, 24*time.Hour, report.Rolling.Window)
	require.False(t, math.IsNaN(report.Audit.SpanSeconds))
}

func TestNearestPowers(t *testing.T) {
	// Ten chunks asked for in a loop: nothing hits below ten chunks, everything from there on.
	var records []log.Record
	for i := range 100 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{string(rune('a' + i%10))}})
	}
	report := runLog(t, records, Options{Rolling: &RollingOptions{}})
	require.Equal(t, []Capacity{{16, Chunks}, {Unit: Unlimited}}, report.Rolling.Lines, "one line where both are the same")

	report = runLog(t, records[:10], Options{Rolling: &RollingOptions{}})
	require.Equal(t, []Capacity{{Unit: Unlimited}}, report.Rolling.Lines, "nothing hits")
}
