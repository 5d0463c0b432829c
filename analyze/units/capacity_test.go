package units

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

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
		"":                           "must begin with a number",
		"GiB":                        "must begin with a number",
		"0":                          "above zero",
		"0GiB":                       "above zero",
		"0chunks":                    "above zero",
		"0.1B":                       "must be a whole number of bytes",
		"-1":                         "must be a positive number and a unit",
		"-5GiB":                      "must be a positive number and a unit",
		"+5GiB":                      "must be a positive number and a unit",
		"64G":                        "write GiB",
		"64k":                        "write KiB (powers of 1024) or KB (powers of 1000)",
		"64T":                        "write TiB",
		"1.5":                        "must be a whole number of bytes",
		"1.5chunks":                  "must be a whole number of chunks",
		"1e9":                        "must be a positive number and a unit",
		"1_000":                      "must be a positive number and a unit",
		"0x10":                       "must be a positive number and a unit",
		"1.2.3GiB":                   "must be a positive number and a unit",
		"5parsecs":                   `unknown unit "parsecs"`,
		"5i":                         `unknown unit "i"`,
		"8EiB":                       "out of range",
		"99999999999999999999":       "out of range",
		"99999999999999999999chunks": "out of range",
		"NaN":                        "must begin with a number", "infinity": "must begin with a number",
	} {
		_, err := ParseCapacity(text)
		require.ErrorContains(t, err, why, text)
		require.ErrorContains(t, err, "write 64GiB, 500GB, 1.5TiB, 4096 (bytes), 5000chunks or inf", text)
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

func TestCapacityCheck(t *testing.T) {
	for _, c := range []Capacity{{}, InBytes(0), InBytes(-5), InChunks(0), InChunks(-5), InBytes(math.MaxInt64), {N: 1, Unit: Unlimited + 1}} {
		require.Error(t, c.Check(), "%v", c)
	}
	for _, c := range []Capacity{InBytes(1), InChunks(1), InBytes(math.MaxInt64 - 1), {Unit: Unlimited}} {
		require.NoError(t, c.Check(), "%v", c)
	}
}

func TestCapacityArgumentIsExact(t *testing.T) {
	for _, c := range []Capacity{InBytes(1), InBytes(1023), InBytes(1024), InBytes(3 << 29), InBytes(64 << 30), InBytes(1<<62 + 1), InBytes(1 << 62), InBytes(7 << 60),
		InChunks(1), InChunks(5000), {Unit: Unlimited}} {
		got, err := ParseCapacity(c.Argument())
		if err != nil || got != c {
			t.Errorf("%v is written %q, which is read as %v (%v)", c, c.Argument(), got, err)
		}
	}
	if got := InBytes(3 << 29).Argument(); got != "1536MiB" {
		t.Errorf("got %s", got)
	}
}
