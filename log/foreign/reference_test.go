package foreign

import (
	"bufio"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// reference is a real trace and the log that was made of it apart from this project. It is
// not part of the project: the test runs where it is.
const reference = "../../../shared/reference"

// TestReferenceRecords compares every row of the trace with the log's record.
func TestReferenceRecords(t *testing.T) {
	trace, err := os.Open(reference + "/mooncake_conversation_trace.jsonl")
	if err != nil {
		t.Skip("the reference trace is not here")
	}
	defer trace.Close()
	made, err := os.Open(reference + "/conversation/lookup_hashes_20240101_000000_000000.jsonl")
	require.NoError(t, err)
	defer made.Close()
	rows, records := bufio.NewScanner(trace), bufio.NewScanner(made)
	rows.Buffer(nil, 1<<20)
	records.Buffer(nil, 1<<20)
	d := newTrace(Options{Lines: true}, &mooncake, "")
	n := 0
	for ; rows.Scan(); n++ {
		got, err := decode(t, d, rows.Text())
		require.NoError(t, err)
		require.True(t, records.Scan())
		want, err := log.Decode(records.Bytes())
		require.NoError(t, err)
		want.RequestID, want.ModelName, want.DTypes, want.Shapes = "", "", nil, nil // which a trace does not have
		require.Equal(t, want, got)
	}
	require.Equal(t, 12031, n)
	require.False(t, records.Scan())
}
