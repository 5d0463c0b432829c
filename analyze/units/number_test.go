package units

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNumbers(t *testing.T) {
	require.Equal(t, "12,031", Comma(12031))
	require.Equal(t, "1 request", Count(1, "request"))
	require.Equal(t, "0 requests", Count(0, "request"))
	require.Equal(t, "12,031 requests", Count(12031, "request"))
	require.Equal(t, "85.42 %", FormatPercent(0.85421))
	require.Equal(t, "0.00 %", FormatPercent(0))
}

// A rate is 100 % only if all was hit, whatever it is rounded to.
func TestPercentIsNeverRoundedUpToAll(t *testing.T) {
	for fraction, want := range map[float64][2]string{
		0: {"0.00 %", "0.00 %"}, 0.00004: {"0.00 %", "0.00 %"}, 0.0307: {"3.07 %", "3.07 %"}, 0.09994: {"9.99 %", "9.99 %"},
		0.09996: {"10.00 %", "10.0 %"}, 0.1: {"10.00 %", "10.0 %"}, 0.85421: {"85.42 %", "85.4 %"}, 0.9994: {"99.94 %", "99.9 %"},
		0.9995: {"99.95 %", "99.95 %"}, 0.9997: {"99.97 %", "99.97 %"}, 0.99999: {"99.99 %", "99.99 %"}, math.Nextafter(1, 0): {"99.99 %", "99.99 %"},
		1: {"100.00 %", "100.0 %"},
	} {
		require.Equal(t, want, [2]string{FormatPercent(fraction), FormatPercentBriefly(fraction)}, fraction)
	}
	require.Equal(t, "99 %", FormatPercentTo(0.999, 0))
	require.Equal(t, "100 %", FormatPercentTo(1, 0))
	require.Equal(t, "99.9999 %", FormatPercentTo(0.9999999, 4))
	for i := range 100_000 {
		f := float64(i) / 100_000
		require.NotContains(t, FormatPercent(f)+FormatPercentBriefly(f), "100.")
	}
}
