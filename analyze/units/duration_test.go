package units

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0 s", time.Second: "1 s", 90 * time.Second: "1 min 30 s", 15 * time.Minute: "15 min", time.Hour: "1 h", 24 * time.Hour: "1 d",
		time.Hour + time.Second: "1 h 1 s", 25 * time.Hour: "1 d 1 h", 1001 * time.Millisecond: "1.001 s", 250 * time.Millisecond: "250 ms",
		1500 * time.Nanosecond: "1.5 µs", 7: "7 ns", 3650 * 24 * time.Hour: "3,650 d", -90 * time.Second: "-1 min 30 s",
		math.MinInt64: "-106,751 d 23 h 47 min 16.854775807 s",
	} {
		require.Equal(t, want, FormatDuration(d))
		if d > math.MinInt64 {
			require.Equal(t, want, FormatSeconds(d.Seconds()))
		}
	}
	require.Equal(t, "1e+300 s", FormatSeconds(1e300))
	require.Equal(t, "NaN s", FormatSeconds(math.NaN()))
}

func TestDurationArgument(t *testing.T) {
	for d, want := range map[time.Duration]string{time.Second: "1s", 90 * time.Second: "1m30s", 10 * time.Minute: "10m", time.Hour: "1h",
		time.Hour + time.Second: "1h0m1s", 25 * time.Hour: "25h", 1001 * time.Millisecond: "1.001s"} {
		require.Equal(t, want, DurationArgument(d))
		read, err := ParseDuration(want)
		require.NoError(t, err)
		require.Equal(t, d, read)
	}
}

func TestParseDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "1h30m": 90 * time.Minute, "7d": 168 * time.Hour,
		"1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour, "1.5h": 90 * time.Minute, "250ms": 250 * time.Millisecond,
	} {
		got, err := ParseDuration(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "30", "0", "0s", "-5m", "1d-12h", "d", "5 m", "1w", "999999d", "0d", "1d0"} {
		_, err := ParseDuration(text)
		require.ErrorContains(t, err, "must be above zero, with units, such as 90s, 30m, 1h30m or 7d", text)
	}
}

func TestFormatDays(t *testing.T) {
	for n, want := range map[float64]string{
		0.00001: "1e-05 d", 0.0394: "0.039 d", 1: "1 d", 1.04: "1 d", 9.34: "9.3 d", 9.94: "9.9 d", 9.96: "10 d", 10.4: "10 d",
		213.6: "214 d", 99_999.5: "100,000 d", 1e6: "more than 1,000,000 d", 1e300: "more than 1,000,000 d",
	} {
		require.Equal(t, want, FormatDays(n), n)
	}
}

func TestFormatSpan(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0 s", 0.0004: "0 s", 0.0126: "13 ms", 9.8765: "9.877 s", 59.9996: "1 min", 61.4: "1 min 1 s",
		3537: "58 min 57 s", 86265: "23 h 57 min 45 s", 86399.9: "1 d", 86400: "1 d", 273121: "3 d 3 h 52 min", 1e300: "1e+300 s"} {
		require.Equal(t, want, FormatSpan(seconds), seconds)
	}
	require.Equal(t, "+Inf s", FormatSpan(math.Inf(1)))
}

func TestFormatSpanBriefly(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0 s", 0.0126: "13 ms", 61.4: "1 min 1 s", 3537: "58 min 57 s", 3569: "59 min 29 s", 3599: "1 h",
		3600: "1 h", 86265: "23 h 58 min", 86399: "1 d", 88200: "1 d 1 h", 273121: "3 d 4 h", 29842513: "345 d 10 h", 1e300: "1e+300 s"} {
		require.Equal(t, want, FormatSpanBriefly(seconds), seconds)
	}
	require.Equal(t, "+Inf s", FormatSpanBriefly(math.Inf(1)))
	require.Equal(t, "NaN s", FormatSpanBriefly(math.NaN()))
}

func TestParseDelay(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "0s": 0, "2s": 2 * time.Second, "1d": 24 * time.Hour} {
		got, err := ParseDelay(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"", "-1s", "2"} {
		_, err := ParseDelay(text)
		require.ErrorContains(t, err, "must be above zero, with units, such as 90s, 30m, 1h30m or 7d", text)
	}
}
