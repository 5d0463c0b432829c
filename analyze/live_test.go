package analyze

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// liveRequests are so long that the reader has not decoded all of them when the first is replayed.
func liveRequests() (records []log.Record) {
	for i := range 200 {
		records = append(records, log.Record{Timestamp: float64(i), RequestID: strings.Repeat("x", 100_000), ModelName: "m", ChunkSize: 1, SeqLen: 1, ChunkHashes: []string{"a"}})
	}
	return records
}

// twoPasses replays requests in two passes, half of them as a warm-up, and changes the log when the second pass begins.
func twoPasses(t *testing.T, change func(path string, size int64)) *Report {
	files := findLog(t, liveRequests())
	passes := 0
	report, err := Run(context.Background(), files, Options{Warmup: Warmup{Fraction: .5}, Capacities: []units.Capacity{{Unit: units.Unlimited}},
		OnPass: func(string, *log.Reader) {
			if passes++; passes == 2 {
				change(files.Paths()[0], files.Bytes())
			}
		}})
	require.NoError(t, err)
	require.Equal(t, 2, passes)
	return report
}

// Records added to a live log in the meantime are left out of every pass, so that a fraction refers to what is replayed.
func TestGrowsBetweenPasses(t *testing.T) {
	report := twoPasses(t, func(path string, size int64) {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = f.Write(text)
		require.NoError(t, err)
		require.NoError(t, f.Close())
	})
	require.EqualValues(t, 200, report.Input.Requests)
	require.EqualValues(t, 100, report.Results[0].TotalTokens)
	require.Zero(t, report.Log.ProblemCount)
}

// Records lost in the meantime are damage.
func TestCutShortBetweenPasses(t *testing.T) {
	report := twoPasses(t, func(path string, size int64) { require.NoError(t, os.Truncate(path, size*7/10)) })
	require.EqualValues(t, 140, report.Input.Requests)
	require.EqualValues(t, 40, report.Results[0].TotalTokens)
	require.EqualValues(t, 1, report.Input.Damaged)
}

// If all logs are gone, the replay fails.
func TestAllGone(t *testing.T) {
	files := findLog(t, liveRequests())
	require.NoError(t, os.Remove(files.Paths()[0]))
	_, err := Run(context.Background(), files, Options{Capacities: []units.Capacity{{Unit: units.Unlimited}}})
	var nothing *NothingError
	require.ErrorAs(t, err, &nothing)
	require.EqualValues(t, 1, nothing.Log.Damaged)
	require.Equal(t, files.Paths()[0]+": has gone since it was found: it is left out", nothing.Log.Problems[0].String())
}
