package analyze

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

func TestAudit(t *testing.T) {
	var records []log.Record
	at := func(ts float64, id string, hashes ...string) {
		records = append(records, log.Record{Timestamp: ts, RequestID: id, ChunkSize: 4, SeqLen: 4 * int64(len(hashes)), ChunkHashes: hashes,
			DTypes: []string{"int8"}, Shapes: [][]int64{{5}}})
	}
	for i := range 100 {
		at(float64(3*i), "", "a", fmt.Sprint("own", i))
	}
	at(1000, "twice", "b")
	at(1000, "once", "b")
	at(1003, "twice", "c")
	at(1001, "late", "c")
	audit := runLog(t, records, Options{Audit: true}).Audit
	require.Equal(t, int64(1), audit.OutOfOrder)
	require.Equal(t, int64(1), audit.RepeatedIDs)
	require.Len(t, audit.Repeats, 1)
	require.Equal(t, "twice", audit.Repeats[0].RequestID)
	require.Equal(t, int64(103), audit.Repeats[0].Line)
	require.InEpsilon(t, 3, audit.UsualSpacing, 0.03)
	require.Equal(t, []Gap{{Start: 297, Seconds: 703}}, audit.Gaps)
	require.Equal(t, int64(1), audit.GapCount)
	require.Equal(t, int64(100), audit.ChunksSeenOnce)
	require.Equal(t, int64(5*103), *audit.UniqueBytes)
	require.Equal(t, 1003.0, audit.SpanSeconds)
}

func TestGapsAreTheLongest(t *testing.T) {
	a := newAudit()
	now := 0.0
	for i := range 10_000 {
		now++
		if i%2 == 0 {
			now += float64(100 + i)
		}
		a.add(&log.Entry{Timestamp: now})
	}
	a.UsualSpacing = 1
	a.dropShortest()
	a.findGaps()
	require.InDelta(t, 5000, a.GapCount, 50, "counted by class")
	require.Len(t, a.candidate, maxGaps)
	require.Equal(t, 10_099.0, a.candidate[0].Seconds)
	require.Equal(t, 10_099.0-2*(maxGaps-1), a.candidate[maxGaps-1].Seconds)
}

// TestSpacingsOfZeroDontCount leaves requests of one moment out of the usual spacing.
func TestSpacingsOfZeroDontCount(t *testing.T) {
	a := newAudit()
	for _, ts := range []float64{1, 1, 1, 5, 5} {
		a.add(&log.Entry{Timestamp: ts})
	}
	require.Equal(t, int64(1), a.positive)
	require.Equal(t, 4.0, a.usualSpacing())
}
