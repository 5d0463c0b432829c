package main

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hashlog/analyze"
)

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
