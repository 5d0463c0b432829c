package analyze

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// TestDefaultWindow expects the shortest standard length that gives at most 200 windows from the first request to the last.
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
		{199 * 86400, 24 * time.Hour},
		{365 * 86400, 7 * 24 * time.Hour},
		{10 * 365 * 86400, 7 * 24 * time.Hour},
	} {
		r := newWindowTally(0, nil, powersOfTwo())
		for _, ts := range []float64{0, tt.seconds / 2, tt.seconds} {
			require.NoError(t, r.lookUp(&request{time: ts, tokens: tokens{1, 10}, counted: true}))
		}
		require.Equal(t, tt.want, r.windows.Length(), "%g s", tt.seconds)
	}
}

// TestLateRequestsFindTheirWindow counts requests out of order, which the default window must still join.
func TestLateRequestsFindTheirWindow(t *testing.T) {
	r := newWindowTally(0, nil, powersOfTwo())
	for _, ts := range []float64{500, 3, 7, 1000, 4, 501, 0} {
		require.NoError(t, r.lookUp(&request{time: ts, tokens: tokens{1, 1}, counted: true}))
	}
	var rep Report
	r.report(&rep, &ending{opts: &Options{Rolling: &RollingOptions{}}, curve: runLog(t, []log.Record{{ChunkSize: 1, SeqLen: 1}}, Options{}).Curve})
	out := rep.Rolling
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

func TestNearestPowers(t *testing.T) {
	// Ten chunks requested in a loop: nothing hits below ten chunks, everything from there on.
	var records []log.Record
	for i := range 100 {
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{string(rune('a' + i%10))}})
	}
	report := runLog(t, records, Options{Rolling: &RollingOptions{}})
	require.Equal(t, []units.Capacity{units.InChunks(16), {Unit: units.Unlimited}}, report.Rolling.Lines, "one line where both are the same")

	report = runLog(t, records[:10], Options{Rolling: &RollingOptions{}})
	require.Equal(t, []units.Capacity{{Unit: units.Unlimited}}, report.Rolling.Lines, "nothing hits")
}

// TestNearestPowerTies expects the smaller of two powers of two whose hit rates are equally near.
func TestNearestPowerTies(t *testing.T) {
	var records []log.Record
	for i := range 100 { // from two chunks on everything hits, so 2, 4, 8 … are equally near to 50 %
		records = append(records, log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{string(rune('a' + i%2))}})
	}
	for i := range 20 { // and for one chunk in ten, from 12 on
		records = append(records, log.Record{Timestamp: 200 + float64(i), ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{string(rune('m' + i%10))}})
	}
	report := runLog(t, records, Options{Rolling: &RollingOptions{}})
	require.Equal(t, []units.Capacity{units.InChunks(2), {Unit: units.Unlimited}}, report.Rolling.Lines)
}
