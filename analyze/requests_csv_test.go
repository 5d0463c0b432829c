package analyze

import (
	"bytes"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
)

func TestRequestsCSV(t *testing.T) {
	rates := make([]int64, 101)
	rates[0], rates[1], rates[100] = 4, 2, 1
	size := int64(64 << 30)
	r := &Requests{
		Capacities: []units.Capacity{units.InBytes(size), {Unit: units.Unlimited}},
		Sizes:      []Size{{Bytes: &size}, {}},
		Lengths:    []LengthRates{{From: 0, To: 1, Requests: 1, HitTokens: []int64{0, 0}}, {From: 100, To: math.MaxInt64, Requests: 7, TotalTokens: 800, HitTokens: []int64{200, 400}}},
		Rates:      [][]int64{rates, make([]int64, 101)},
	}
	var out bytes.Buffer
	require.NoError(t, WriteRequestsCSV(&out, r))
	require.Equal(t, `kind,capacity_label,capacity_bytes,capacity_chunks,tokens_from,tokens_to,rate_from,rate_to,requests,hit_tokens,total_tokens,token_hit_rate
length,64 GiB,68719476736,,0,1,,,1,0,0,0
length,unlimited,,,0,1,,,1,0,0,0
length,64 GiB,68719476736,,100,,,,7,200,800,0.25
length,unlimited,,,100,,,,7,400,800,0.5
rate,64 GiB,68719476736,,,,0,0,4,,,
rate,64 GiB,68719476736,,,,0,0.01,2,,,
rate,64 GiB,68719476736,,,,0.99,1,1,,,
`, out.String())
	requireRectangle(t, out.String())
}

func TestReuseCSV(t *testing.T) {
	r := &Reuse{Popularity: []Popularity{{300, 300, 1, 300}, {1, 1, 5, 5}}, FirstTokens: 96, Intervals: []ReuseInterval{{0, .001, 16}, {1, 1.25, 32}}}
	var out bytes.Buffer
	require.NoError(t, WriteReuseCSV(&out, r))
	require.Equal(t, `kind,lookups_from,lookups_to,seconds_from,seconds_to,chunks,lookups,tokens
popularity,300,300,,,1,300,
popularity,1,1,,,5,5,
first,,,,,,,96
interval,,,0,0.001,,,16
interval,,,1,1.25,,,32
`, out.String())
	requireRectangle(t, out.String())
}

// requireRectangle checks that all rows have as many cells.
func requireRectangle(t *testing.T, table string) {
	lines := strings.Split(strings.TrimSuffix(table, "\n"), "\n")
	for _, line := range lines {
		require.Equal(t, strings.Count(lines[0], ","), strings.Count(line, ","), line)
	}
}

func TestRequestsNeedWindows(t *testing.T) {
	require.ErrorContains(t, (&Options{Requests: true}).Check(), "need rolling windows")
	require.NoError(t, (&Options{Requests: true, Rolling: &RollingOptions{}}).Check())
}
