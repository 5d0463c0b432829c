package units

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFormatDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{0: "0s", time.Second: "1s", 90 * time.Second: "1m30s", 10 * time.Minute: "10m", time.Hour: "1h",
		time.Hour + time.Second: "1h0m1s", 25 * time.Hour: "25h", 1001 * time.Millisecond: "1.001s"} {
		require.Equal(t, want, FormatDuration(d))
		require.Equal(t, want, FormatSeconds(d.Seconds()))
	}
}

func TestFormatSecondsOrDays(t *testing.T) {
	for s, want := range map[float64]string{0.25: "250ms", 1e-9: "1ns", 90: "1m30s", 86399: "23h59m59s", 86400: "1d", 90000: "25h", 30 * 86400: "30d"} {
		require.Equal(t, want, FormatSecondsOrDays(s))
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
		0.00001: "1e-05 days", 0.0394: "0.039 days", 1: "1 day", 1.04: "1 day", 9.34: "9.3 days", 9.94: "9.9 days", 9.96: "10 days", 10.4: "10 days",
		213.6: "214 days", 99_999.5: "100,000 days", 1e6: "more than 1,000,000 days", 1e300: "more than 1,000,000 days",
	} {
		require.Equal(t, want, FormatDays(n), n)
	}
}

func TestFormatSpan(t *testing.T) {
	for seconds, want := range map[float64]string{0: "0s", 0.0004: "0s", 0.0126: "13ms", 59.9996: "1m", 61.4: "1m1s", 3537: "58m57s", 86265: "23h57m45s",
		86400: "1d0s", 273121: "3d3h52m1s", 1e300: "1e+300 s"} {
		require.Equal(t, want, FormatSpan(seconds), seconds)
	}
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
