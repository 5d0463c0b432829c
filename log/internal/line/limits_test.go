package line

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// spellings are a record in spellings for the canonical, the simple and the general decoder.
var spellings = map[string]string{
	"canonical": `{"timestamp": %s, "request_id": "r", "model_name": "%s", "chunk_size": 1, "seq_len": 1, "dtypes": [], "shapes": [], "chunk_hashes": ["0x1"]}`,
	"simple":    `{"chunk_hashes":["0x1"],"model_name":"%[2]s","seq_len":1,"chunk_size":1,"timestamp":%[1]s}`,
	"general":   `{"timestamp": 0, "timestamp": %s, "request_id": "r", "model_name": "%s", "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["0x1"]}`,
	"escaped":   `{"timestamp": 5, "\u0074imestamp": %s, "model_name": "%s", "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["0x1"]}`,
	"behind":    `{"timestamp": 1e300, "timestamp": %s, "model_name": "%s", "chunk_size": 1, "seq_len": 1, "chunk_hashes": ["0x1"]}`,
}

// decodeAnyhow decodes a line in all ways, which must agree.
func decodeAnyhow(t *testing.T, line string) error {
	_, err := new(Decoder).Decode([]byte(line))
	_, other := DecodeRecord([]byte(line))
	require.Equal(t, err, other)
	return err
}

// A timestamp has the same bounds in every spelling and for Timestamp.
func TestMaxTimestamp(t *testing.T) {
	for _, spelling := range spellings {
		for text, is := range map[string]string{
			"1000000000000.0": "", "-1e12": "", "1e12": "", "999999999999.9999": "", "0": "", "-0.0": "",
			"1000000000000.0001": "1.0000000000000001e+12", "-1000000000001": "-1.000000000001e+12", "1711929600123": "1.711929600123e+12", "1e308": "1e+308", "-1e25": "-1e+25",
			"99999999999999999999999999": "1e+26",
		} {
			line := fmt.Sprintf(spelling, text, "m")
			at, ok := new(Decoder).Timestamp([]byte(line))
			err := decodeAnyhow(t, line)
			if is == "" {
				require.NoError(t, err, line)
				require.True(t, ok, line)
				r, _ := DecodeRecord([]byte(line))
				require.Equal(t, r.Timestamp, at, line)
				continue
			}
			require.EqualError(t, err, "timestamp must lie within 1e+12 seconds of 1970, is "+is+": another unit?", line)
			require.False(t, ok, line)
		}
	}
}

func TestMaxModelName(t *testing.T) {
	for _, spelling := range spellings {
		for _, letter := range []string{"m", "é", "😀", `\u00e9`, `\n`} {
			var unquoted int
			switch letter {
			case `\u00e9`:
				unquoted = 2
			case `\n`:
				unquoted = 1
			default:
				unquoted = len(letter)
			}
			name := strings.Repeat(letter, MaxModelName/unquoted)
			require.NoError(t, decodeAnyhow(t, fmt.Sprintf(spelling, "1", name)))
			err := decodeAnyhow(t, fmt.Sprintf(spelling, "1", name+"m"))
			require.EqualError(t, err, "model_name must have 65536 bytes at most, has 65537")
		}
	}
}
