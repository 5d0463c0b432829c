package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

// TestInspectOfLongLogs says what is not known exactly, or not looked for everywhere, of a log that is too long for that.
func TestInspectOfLongLogs(t *testing.T) {
	text := func(requests int64, exact bool) string {
		var out bytes.Buffer
		inspectFaults(&out, &analyze.Report{Input: analyze.Input{Requests: requests},
			Audit: &analyze.Audit{RepeatedIDs: 2, UsualSpacing: 12, UsualSpacingExact: exact, GapCount: 3}})
		return out.String()
	}
	require.Contains(t, text(1<<20, true), "\n2 requests with a request_id seen before\n")
	require.Contains(t, text(1<<20, true), "\n3 gaps longer than ten times the usual spacing of 12 s\n")
	require.Contains(t, text(1<<20+1, true), "\n2 requests with a request_id seen before, among the 1,048,576 requests before\n")
	require.Contains(t, text(1, false), "\n3 gaps longer than ten times the usual spacing of about 12 s\n")
}
