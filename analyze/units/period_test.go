package units

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPeriod(t *testing.T) {
	dated := Period{1711843342, 1711873282}
	require.False(t, dated.Undated())
	require.Equal(t, "2024-03-31T00:02:22Z to 2024-03-31T08:21:22Z (8 h 19 min)", dated.String())
	require.Equal(t, "2024-03-31T08:00:00Z", dated.FormatTime(1711872000))

	undated := Period{0.5, 3537.5}
	require.True(t, undated.Undated())
	require.Equal(t, "58 min 57 s of an undated trace", undated.String())
	require.Equal(t, "51 min after the first request", undated.FormatTime(3060.5))
	require.Equal(t, "0 s after the first request", undated.FormatTime(0), "a window that begins before it")

	for p, want := range map[Period]bool{{-1e6, 0}: true, {0, 0}: true, {0, 1711843342}: false, {-1e300, 0}: false, {1e12, 2e12}: false,
		{math.NaN(), 0}: false, {0, math.NaN()}: false} {
		require.Equal(t, want, p.Undated(), p)
	}
}
