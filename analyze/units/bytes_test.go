package units

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]int64{"64GiB": 64 << 30, "500GB": 500e9, "4096": 4096} {
		got, err := ParseBytes(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for _, text := range []string{"5chunks", "inf"} {
		_, err := ParseBytes(text)
		require.EqualError(t, err, `size "`+text+`": is not in bytes; a size is 64GiB, 500GB, 1.5TiB or 4096 (bytes)`)
	}
}

func TestParseBandwidth(t *testing.T) {
	for text, want := range map[string]int64{"20GiB/s": 20 << 30, " 500MB/s ": 500e6, "4096/s": 4096} {
		got, err := ParseBandwidth(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got)
	}
	for text, want := range map[string]string{"20GiB": "is not in bytes a second", "5chunks/s": "is not in bytes a second", "inf/s": "is not in bytes a second",
		"20Gib/s": "a small b can mean bits: write B for bytes", "x/s": `size "x": has no number; a size is 64GiB, 500GB, 1.5TiB or 4096 (bytes)`} {
		_, err := ParseBandwidth(text)
		require.EqualError(t, err, want)
	}
}

func TestParseDeviceBytes(t *testing.T) {
	n, err := ParseDeviceBytes("7PB")
	require.NoError(t, err)
	require.Equal(t, int64(7e15), n)
	for text, want := range map[string]string{"7Pb": "a small b can mean bits: write B for bytes", "7chunks": "is not in bytes"} {
		_, err := ParseDeviceBytes(text)
		require.EqualError(t, err, want)
	}
}

func TestFormatBandwidth(t *testing.T) {
	for n, want := range map[float64]string{0: "0 B/s", 512.9: "512 B/s", 6e9: "5.59 GiB/s", math.MaxInt64: "8 EiB/s", 1e24: "8.674e+05 EiB/s"} {
		require.Equal(t, want, FormatBandwidth(n))
	}
}
