package analyze

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestForecast(t *testing.T) {
	for name, tt := range map[string]struct {
		total   int64
		unique  func(bytes int64) int64
		atLeast int64 // of the estimates after a quarter of the log
		atMost  int64
	}{
		"a steady rate":     {1000, func(b int64) int64 { return 3 * b }, 3000, 3000},
		"a rate that falls": {1000, func(b int64) int64 { return min(b, 200) }, 200, 900},
		"bursts":            {1000, func(b int64) int64 { return b / 10 * 10 }, 950, 1050},
		"nothing at first":  {1000, func(b int64) int64 { return max(b-400, 0) }, 0, 600},
		"unknown total":     {-1, func(b int64) int64 { return b }, 0, 0},
		"a log that grows":  {500, func(b int64) int64 { return b }, 0, 500},
	} {
		t.Run(name, func(t *testing.T) {
			var f forecast
			require.Zero(t, f.add(sample{}, tt.total), "nothing has been read")
			for bytes := int64(1); bytes <= 1000; bytes++ {
				got := f.add(sample{bytes, tt.unique(bytes)}, tt.total)
				if bytes >= 250 {
					require.GreaterOrEqual(t, got, tt.atLeast, "after %d bytes", bytes)
					require.LessOrEqual(t, got, tt.atMost, "after %d bytes", bytes)
				}
				if name == "a rate that falls" && bytes >= 512 {
					require.EqualValues(t, 200, got, "after %d bytes", bytes)
				}
			}
		})
	}
}

// TestForesee forecasts unless the replay may end before the log does.
func TestForesee(t *testing.T) {
	records := manyRequests()
	late := 1e9
	for name, tt := range map[string]struct {
		opts Options
		want bool
	}{
		"all":        {Options{}, true},
		"since":      {Options{Filter: Filter{Since: new(float64)}}, true},
		"until":      {Options{Filter: Filter{Until: &late}}, false},
		"some":       {Options{Filter: Filter{MaxRequests: 1e6}}, false},
		"some model": {Options{Filter: Filter{Model: new(string)}}, true},
	} {
		n := numbered(t, records, &tt.opts)
		for b := (&requests{}); !b.last; n.fill(b) {
		}
		index := n.index
		require.Equal(t, tt.want, index.Expected > 0, name)
		require.LessOrEqual(t, index.Expected, index.Len(), name)
	}
}
