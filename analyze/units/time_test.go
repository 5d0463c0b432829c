package units

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFormatTime(t *testing.T) {
	require.Equal(t, "2024-03-31T20:00:00Z", FormatTime(1711915200))
	require.Equal(t, "2024-03-31T20:00:00.123Z", FormatTime(1711915200.123))
	require.Equal(t, "1970-01-01T00:00:00Z", FormatTime(0))
	require.Equal(t, "1969-12-31T23:59:59.500Z", FormatTime(-0.5))
	require.Equal(t, "1e+300 s", FormatTime(1e300))
	require.Equal(t, "-1e+300 s", FormatTime(-1e300))
}

func TestParseTime(t *testing.T) {
	now := time.Date(2024, 3, 31, 20, 0, 0, 500e6, time.FixedZone("", 3600)) // 19:00:00.5 UTC
	for text, want := range map[string]float64{
		"1711929600.5":              1711929600.5,
		"-3":                        -3,
		"0":                         0,
		"2024-03-31T20:00:00Z":      1711915200,
		"2024-03-31T20:00:00.25Z":   1711915200.25,
		"2024-03-31T22:00:00+02:00": 1711915200,
		"2024-03-31T20:00":          1711915200, // UTC
		"2024-03-31 20:00":          1711915200,
		"2024-03-31T20:00:01":       1711915201,
		"2024-03-31":                1711843200, // midnight UTC
		"24h":                       1711825200.5,
		"1d12h":                     1711911600.5 - 36*3600,
		"30m":                       1711909800.5,
	} {
		got, err := ParseTimeOrAgo(text, now)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "yesterday", "2024-13-01", "2024-02-30", "31.3.2024", "-24h", "0s", "NaN", "inf", "2024-03-31T25:00", "1w"} {
		_, err := ParseTimeOrAgo(text, now)
		require.EqualError(t, err, "time "+strconv.Quote(text)+": must be of the form 2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), "+
			"2024-03-31T20:00:00+02:00, 1711929600.5 (Unix seconds) or 24h (before now)")
	}
	seconds, err := ParseTime("2024-03-31")
	require.NoError(t, err)
	require.Equal(t, 1711843200.0, seconds)
	_, err = ParseTime("24h")
	require.EqualError(t, err, `time "24h": must be of the form 2024-03-31 (midnight UTC), 2024-03-31T20:00 (UTC), 2024-03-31T20:00:00+02:00 or 1711929600.5 (Unix seconds)`)
}
