package foreign

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTurns gives a turn without a time that of the turn before and its delay, in the look ahead too.
func TestTurns(t *testing.T) {
	rows := strings.Split(`{"session_id": "a", "timestamp": 1000, "input_length": 0, "hash_ids": []}
{"session_id": "b", "created_time": 4000, "input_length": 0, "hash_ids": []}
{"session_id": "a", "delay": 250.5, "input_length": 0, "hash_ids": []}
{"session_id": "a", "delay_ms": 100, "delay": 100, "input_length": 0, "hash_ids": []}
{"session_id": "b", "input_length": 0, "hash_ids": []}
{"session_id": "a", "timestamp": 9000, "delay": 7, "input_length": 0, "hash_ids": []}
{"session_id": "a", "delay": 1, "input_length": 0, "hash_ids": []}`, "\n")
	d, ahead := decoderOf(t, Options{}, "x", rows[0]), decoderOf(t, Options{}, "x", rows[0])
	for i, want := range []float64{1, 4, 1.2505, 1.3505, 4, 9, 9.001} {
		at, ok := ahead.Timestamp([]byte(rows[i]))
		require.True(t, ok)
		require.InDelta(t, want, at, 1e-9)
		r, err := decode(t, d, rows[i])
		require.NoError(t, err)
		require.Equal(t, at, r.Timestamp)
	}
	for row, want := range map[string]string{
		`{"session_id": "a", "delay": -1, "input_length": 0, "hash_ids": []}`:                 `delay must not be negative, is -1`,
		`{"session_id": "a", "delay": 1, "delay_ms": 2, "input_length": 0, "hash_ids": []}`:   `delay is 1, but delay_ms is 2`,
		`{"session_id": "a", "delay": "1", "input_length": 0, "hash_ids": []}`:                `delay must be a number, is "1"`,
		`{"session_id": "a", "delay": 9e15, "input_length": 0, "hash_ids": []}`:               `the time of the turn before and the delay must lie within 1e+12 seconds of 1970, is 9.000000000009002e+12: another unit?`,
		`{"session_id": "c", "delay": 1, "input_length": 0, "hash_ids": []}`:                  `missing "timestamp": a delay counts from the turn before, and no row above has a time and this "session_id"`,
		`{"session_id": "", "delay": 1, "input_length": 0, "hash_ids": []}`:                   `missing "timestamp": a delay counts from the turn before, and no row above has a time and this "session_id"`,
		`{"chat_id": 1, "parent_chat_id": "a", "delay": 1, "input_length":0, "hash_ids": []}`: `missing "timestamp"`,
	} {
		of := d
		if strings.Contains(row, "chat_id") {
			of = decoderOf(t, Options{Format: Bailian}, "x", row)
		}
		_, err := decode(t, of, row)
		require.EqualError(t, err, want, row)
	}
	r, err := decode(t, d, `{"session_id": "a", "delay": 1, "input_length": 0, "hash_ids": []}`)
	require.NoError(t, err)
	require.InDelta(t, 9.002, r.Timestamp, 1e-9, "bad rows are no turns")
}
