package units

import (
	"math"
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

func TestParseCapacity(t *testing.T) {
	for text, want := range map[string]Capacity{
		"64GiB":                     {64 << 30, Bytes},
		"64gib":                     {64 << 30, Bytes},
		"64 GiB":                    {64 << 30, Bytes},
		"64Gi":                      {64 << 30, Bytes},
		"64gi":                      {64 << 30, Bytes},
		"3ki":                       {3 << 10, Bytes},
		"2 Mi":                      {2 << 20, Bytes},
		"1.5TI":                     {3 << 39, Bytes},
		"1Pi":                       {1 << 50, Bytes},
		"2Ei":                       {2 << 60, Bytes},
		"500GB":                     {500e9, Bytes},
		"1.5TiB":                    {3 << 39, Bytes},
		"1.1KiB":                    {1126, Bytes}, // what is less than a byte is dropped
		"4096":                      {4096, Bytes},
		"4096B":                     {4096, Bytes},
		"1kB":                       {1000, Bytes},
		"2KiB":                      {2048, Bytes},
		"3PiB":                      {3 << 50, Bytes},
		"7EiB":                      {7 << 60, Bytes},
		"9223372036854775806":       {math.MaxInt64 - 1, Bytes},
		"5000chunks":                {5000, Chunks},
		"1chunk":                    {1, Chunks},
		"5000 Chunks":               {5000, Chunks},
		"inf":                       {0, Unlimited},
		"INF":                       {0, Unlimited},
		"0.5MiB":                    {1 << 19, Bytes},
		".5MiB":                     {1 << 19, Bytes},
		"9223372036854775806chunks": {math.MaxInt64 - 1, Chunks},
	} {
		got, err := ParseCapacity(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for text, why := range map[string]string{
		"":                           "has no number",
		"GiB":                        "has no number",
		"0":                          "above zero",
		"0GiB":                       "above zero",
		"0chunks":                    "above zero",
		"0.1B":                       "fraction of a byte",
		"-1":                         "not a positive number",
		"-5GiB":                      "not a positive number",
		"+5GiB":                      "not a positive number",
		"64G":                        "write GiB",
		"64k":                        "write KiB (powers of 1024) or KB (powers of 1000)",
		"64T":                        "write TiB",
		"1.5":                        "fraction of a byte",
		"1.5chunks":                  "whole number of chunks",
		"1e9":                        "not a positive number",
		"1_000":                      "not a positive number",
		"0x10":                       "not a positive number",
		"1.2.3GiB":                   "not a positive number",
		"5parsecs":                   `unknown unit "parsecs"`,
		"5i":                         `unknown unit "i"`,
		"8EiB":                       "out of range",
		"99999999999999999999":       "out of range",
		"99999999999999999999chunks": "out of range",
		"NaN":                        "has no number", "infinity": "has no number",
	} {
		_, err := ParseCapacity(text)
		require.ErrorContains(t, err, why, text)
		require.ErrorContains(t, err, "a size is 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf", text)
	}
}

func TestCapacityForPeople(t *testing.T) {
	for want, c := range map[string]Capacity{
		"64 GiB":       {64 << 30, Bytes},
		"1.5 TiB":      {3 << 39, Bytes},
		"9.77 MiB":     {10000 * 1024, Bytes},
		"166.9 MiB":    {170899 * 1024, Bytes},
		"512 B":        {512, Bytes},
		"1 KiB":        {1024, Bytes},
		"1 MiB":        {1<<20 - 1, Bytes},
		"8 EiB":        {math.MaxInt64, Bytes},
		"5,000 chunks": {5000, Chunks},
		"1 chunk":      {1, Chunks},
		"unlimited":    {0, Unlimited},
	} {
		require.Equal(t, want, c.String())
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
		require.ErrorContains(t, err, "a duration is 90s, 30m, 1h30m or 7d", text)
	}
}

func TestFormatTime(t *testing.T) {
	require.Equal(t, "2024-03-31T20:00:00Z", FormatTime(1711915200))
	require.Equal(t, "2024-03-31T20:00:00.123Z", FormatTime(1711915200.123))
	require.Equal(t, "1970-01-01T00:00:00Z", FormatTime(0))
	require.Equal(t, "1969-12-31T23:59:59.500Z", FormatTime(-0.5))
	require.Equal(t, "1e+300 s", FormatTime(1e300))
	require.Equal(t, "-1e+300 s", FormatTime(-1e300))
}

func TestCapacityCheck(t *testing.T) {
	for _, c := range []Capacity{{}, InBytes(0), InBytes(-5), InChunks(0), InChunks(-5), InBytes(math.MaxInt64), {N: 1, Unit: Unlimited + 1}} {
		require.Error(t, c.Check(), "%v", c)
	}
	for _, c := range []Capacity{InBytes(1), InChunks(1), InBytes(math.MaxInt64 - 1), {Unit: Unlimited}} {
		require.NoError(t, c.Check(), "%v", c)
	}
}
