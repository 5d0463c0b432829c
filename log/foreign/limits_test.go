package foreign

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/log"
)

// TestMaxTimestamp holds times to their bounds, in seconds, in every format, and in the look ahead.
func TestMaxTimestamp(t *testing.T) {
	for _, c := range []struct {
		format       Name
		row          string
		field        string
		good, beyond string
	}{
		{Mooncake, `{"timestamp": %s, "input_length": 1, "hash_ids": []}`, "timestamp", "1000000000000000", "1000000000000001"},
		{Mooncake, `{"created_time": %s, "input_length": 1, "hash_ids": []}`, "created_time", "-1e15", "-1.1e15"},
		{Bailian, `{"chat_id": 1, "timestamp": %s, "input_length": 1, "hash_ids": []}`, "timestamp", "1e12", "1e300"},
		{Tokens, `{"token_ids": [1], "timestamp": %s}`, "timestamp", "-1000000000000", "-1000000000000.5"},
	} {
		for text, good := range map[string]bool{c.good: true, c.beyond: false, "5": true} {
			line := fmt.Sprintf(c.row, text)
			d := decoderOf(t, Options{Format: c.format, Alone: true}, "x", line)
			at, ok := d.Timestamp([]byte(line))
			require.Equal(t, good, ok, line)
			r, err := decode(t, d, line)
			if good {
				require.NoError(t, err)
				require.Equal(t, r.Timestamp, at)
				continue
			}
			require.ErrorContains(t, err, c.field+" must lie within 1e+12 seconds of 1970, is ")
		}
	}
	got, err := table(t, "time,key", "1e12,a", "1e13,b", "-1e300,c")
	require.NoError(t, err)
	require.Equal(t, []string{`2: 1e+12 "" 1 [] ["a"]`, "3: time must lie within 1e+12 seconds of 1970, is 1e+13: another unit?",
		"4: time must lie within 1e+12 seconds of 1970, is -1e+300: another unit?"}, got)
}

func TestMaxModelName(t *testing.T) {
	for format, row := range map[Name]string{
		Mooncake: `{"timestamp": 1, "input_length": 1, "hash_ids": [], "model": "%s"}`,
		Bailian:  `{"chat_id": 1, "timestamp": 1, "input_length": 1, "hash_ids": [], "model_name": "%s"}`,
		Tokens:   `{"token_ids": [1], "timestamp": 1, "model": "%s"}`,
	} {
		long := strings.Repeat("m", log.MaxModelName)
		line := fmt.Sprintf(row, long)
		d := decoderOf(t, Options{Format: format}, "x", line)
		r, err := decode(t, d, line)
		require.NoError(t, err)
		require.Equal(t, long, r.ModelName)
		_, err = decode(t, d, fmt.Sprintf(row, long+"m"))
		require.EqualError(t, err, "model_name must have 65536 bytes at most, has 65537")
	}
}
