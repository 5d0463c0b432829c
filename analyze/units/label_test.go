package units

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLabel(t *testing.T) {
	for text, want := range map[string]string{"64GiB": "64 GiB", "69.8GiB": "69.8 GiB", "65536MiB": "64 GiB", "1536MiB": "1.5 GiB", "1": "1 B", "1023": "1023 B",
		"1024": "1 KiB", "500GB": "465.661287308 GiB", "7.34EiB": "7.34 EiB", "1chunk": "1 chunk", "5000chunks": "5000 chunks", "inf": "unlimited",
		"9223372036854775806": "7.999999999999999999 EiB", "14680064": "14 MiB", "1048575": "1023.9991 KiB"} {
		c, err := ParseCapacity(text)
		require.NoError(t, err)
		require.Equal(t, want, c.Label(), text)
	}
	require.NotEmpty(t, InBytes(math.MaxInt64).Label())
}

// TestLabelReadsBack holds labels to their promise, the shortness with a search through shorter ones.
func TestLabelReadsBack(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		c := InBytes(1 + rng.Int64N(1<<rng.IntN(63)))
		label := c.Label()
		back, err := ParseCapacity(label)
		require.NoError(t, err, label)
		require.Equal(t, c, back, label)
		number, unit := splitUnit(label)
		value, err := strconv.ParseFloat(number, 64)
		require.NoError(t, err)
		require.True(t, value >= 1 && value < 1024, label)
		for decimals := range len(number) {
			shorter := strconv.FormatFloat(value, 'f', decimals, 64)
			if len(shorter) < len(number) {
				if back, err := ParseCapacity(shorter + unit); err == nil {
					require.NotEqual(t, c, back, "%s is shorter than %s", shorter, label)
				}
			}
		}
	}
}
