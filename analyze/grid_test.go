package analyze

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"hashlog/analyze/units"
	"hashlog/log"
)

// loop requests n chunks twice, with the given sizes in turn.
func loop(n int, sizes ...int64) []log.Record {
	var records []log.Record
	for i := range 2 * n {
		rec := log.Record{Timestamp: float64(i), ChunkSize: 4, SeqLen: 6, ChunkHashes: []string{string(rune('A' + i%n))}}
		if len(sizes) > 0 {
			rec.DTypes, rec.Shapes = []string{"int8"}, [][]int64{{sizes[i%n%len(sizes)]}}
		}
		records = append(records, rec)
	}
	return records
}

func TestGrid(t *testing.T) {
	equal := runLog(t, loop(1000, 8), Options{}).Curve
	g, err := equal.Grid(GridOptions{From: units.InChunks(10), To: units.InBytes(400), Points: 5, Linear: true})
	require.NoError(t, err)
	require.Equal(t, Grid{Capacities: []int64{80, 160, 240, 320, 400}, Linear: true}, g)

	g, err = equal.Grid(GridOptions{Points: 1_000_000, From: units.InChunks(1)})
	require.NoError(t, err)
	require.Len(t, g.Capacities, 1100, "each once")
	for _, c := range g.Capacities {
		require.Zero(t, c%8, "whole chunks")
	}

	unlike := runLog(t, loop(10, 3, 5), Options{}).Curve
	g, err = unlike.Grid(GridOptions{Points: 4, From: units.InBytes(3)})
	require.NoError(t, err)
	require.Equal(t, []int64{3, 7, 18, 44}, g.Capacities, "from the smallest chunk to past all ten")
	g, err = unlike.Grid(GridOptions{Points: 4, Linear: true})
	require.NoError(t, err)
	require.Equal(t, []int64{21, 28, 36, 44}, g.Capacities, "from where the steps begin")
	_, err = unlike.Grid(GridOptions{Points: 1})
	require.NoError(t, err)
	_, err = unlike.Grid(GridOptions{From: units.InChunks(1)})
	require.ErrorContains(t, err, "unlike sizes")

	unknown := runLog(t, loop(10), Options{}).Curve
	_, err = unknown.Grid(GridOptions{To: units.InBytes(1 << 30)})
	require.ErrorIs(t, err, ErrSizesUnknown)
	_, err = unknown.Grid(GridOptions{To: units.Capacity{Unit: units.Unlimited}})
	require.ErrorContains(t, err, "unlimited")
}

func TestGridBounds(t *testing.T) {
	curve := runLog(t, loop(10, 8), Options{}).Curve
	for _, tt := range []struct {
		from, to int64 // bytes; 0: not given
		want     []int64
	}{
		{80, 0, []int64{80, 88}},
		{800, 0, []int64{800, 1600}}, // past the default end
		{0, 40, []int64{8, 40}},
		{16, 24, []int64{16, 24}},
		{17, 47, []int64{24, 40}}, // whole chunks within the range
		{1, 20, []int64{8, 16}},
		{17, 31, []int64{24, 32}}, // fewer than two: the next one too
		{1, 5, []int64{8, 16}},
		{0, 8, nil},
		{8, 15, []int64{8, 16}},
		{0, 15, []int64{8, 16}},
	} {
		opts := GridOptions{Points: 2}
		if tt.from > 0 {
			opts.From = units.InBytes(tt.from)
		}
		if tt.to > 0 {
			opts.To = units.InBytes(tt.to)
		}
		g, err := curve.Grid(opts)
		if tt.want == nil {
			require.Regexp(t, "the first must be below the second|to .* must be above 8 B, where the curve begins", err.Error())
			require.NotRegexp(t, `-\d`, err.Error(), "no capacity below zero")
			continue
		}
		require.NoError(t, err)
		require.Equal(t, tt.want, g.Capacities)
	}
	_, err := curve.Grid(GridOptions{From: units.InChunks(100), To: units.InBytes(80)})
	require.ErrorContains(t, err, "nothing lies between the capacities 800 B and 80 B")
	_, err = curve.Grid(GridOptions{To: units.InBytes(7)})
	require.ErrorContains(t, err, "to 7 B: must be above 8 B, where the curve begins")
	huge := runLog(t, loop(2, 4e18, 4e18+1), Options{}).Curve
	g, err := huge.Grid(GridOptions{From: units.InBytes(1)})
	require.NoError(t, err)
	require.Equal(t, int64(math.MaxInt64), g.Capacities[len(g.Capacities)-1])
}
