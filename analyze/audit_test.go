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
	require.Equal(t, 3.0, audit.UsualSpacing)
	require.True(t, audit.UsualSpacingExact)
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
		require.NoError(t, a.lookUp(&request{time: now}))
	}
	for range 2 { // asking changes nothing
		gaps, n := a.gaps(10)
		require.Equal(t, int64(4999), n)
		require.Len(t, gaps, maxGaps)
		require.Equal(t, 10_099.0, gaps[0].Seconds)
		require.Equal(t, 10_099.0-2*(maxGaps-1), gaps[maxGaps-1].Seconds)
		gaps, n = a.gaps(9000)
		require.Equal(t, int64(len(gaps)), n)
		require.Equal(t, 9001.0, gaps[n-1].Seconds)
	}
}

// TestGapsGoByTheMedian has spacings whose longest is ten times the lower of the two middle ones, but not ten times their
// mean. Asking for the report again gives the same.
func TestGapsGoByTheMedian(t *testing.T) {
	r := newReplay(&Options{Audit: true}, nil)
	now := 0.0
	for _, spacing := range []float64{0, 100, 106, 0, 100, 106, 1015, 100} {
		now += spacing
		require.NoError(t, r.add(&log.Entry{Timestamp: now, ChunkSize: 1, SeqLen: 1, RequestID: []byte("same")}, nil))
	}
	audit := func() *Audit { return reportOf(t, r).Audit }
	first := audit()
	require.Equal(t, 103.0, first.UsualSpacing)
	require.Empty(t, first.Gaps)
	require.Zero(t, first.GapCount)
	require.Equal(t, int64(7), first.RepeatedIDs)
	require.Equal(t, first, audit())

	require.NoError(t, r.add(&log.Entry{Timestamp: now + 1040, ChunkSize: 1, SeqLen: 1}, nil))
	again := audit()
	require.Equal(t, 106.0, again.UsualSpacing)
	require.Zero(t, again.GapCount, "1040 is less than 1060")
	require.NoError(t, r.add(&log.Entry{Timestamp: now + 1040 + 2000, ChunkSize: 1, SeqLen: 1}, nil))
	last := audit()
	require.Equal(t, []Gap{{Start: now + 1040, Seconds: 2000}}, last.Gaps)
	require.Equal(t, int64(1), last.GapCount)
	require.Equal(t, last, audit())
}

// TestAuditCountsSessions counts different sessions and salts, and the requests that have one.
func TestAuditCountsSessions(t *testing.T) {
	var records []log.Record
	for i := range 100 {
		r := log.Record{Timestamp: float64(i), ChunkSize: 1, SeqLen: 1}
		if i%4 > 0 {
			r.SessionID = fmt.Sprint("session ", i%7)
		}
		if i%5 == 0 {
			r.CacheSalt = fmt.Sprint("salt ", i%10)
		}
		if i%10 == 1 {
			r.SeqLen, r.CachedTokens = 8, &[]int64{2}[0]
		}
		records = append(records, r)
	}
	audit := runLog(t, records, Options{Audit: true}).Audit
	rate := .25
	require.Equal(t, Measured{Requests: 10, TotalTokens: 80, CachedTokens: 20, TokenHitRate: &rate}, audit.Measured)
	require.Nil(t, runLog(t, records[:1], Options{Audit: true}).Audit.Measured.TokenHitRate)
	require.Equal(t, [4]int64{7, 75, 2, 20}, [4]int64{audit.Sessions, audit.SessionRequests, audit.CacheSalts, audit.SaltedRequests})
}

// TestSpacingsOfZeroDontCount leaves requests with equal timestamps out of the usual spacing.
func TestSpacingsOfZeroDontCount(t *testing.T) {
	a := newAudit()
	for _, ts := range []float64{1, 1, 1, 5, 5} {
		require.NoError(t, a.lookUp(&request{time: ts}))
	}
	require.Equal(t, int64(1), a.spacings.Above(0))
	require.Equal(t, 4.0, a.spacings.Median())
}
