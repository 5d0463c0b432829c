package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

// reading is a panel of tiers with these peaks and bandwidths.
func reading(peaks []float64, available []int64) *readingPanel {
	var tiers []analyze.TierResult
	for i, p := range peaks {
		tiers = append(tiers, analyze.TierResult{Bandwidth: &analyze.TierBandwidth{WindowSeconds: 10, Peak: p, Available: known(available[i])}})
	}
	return newReadingPanel(tiers)
}

func known(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

func TestReadingScale(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		peaks     []float64
		available []int64
		axis      Axis
		ticks     []string
	}{
		{[]float64{90 * mib, 60 * mib}, []int64{50 * mib, 110 * mib}, Axis{0, 128 * mib, true}, []string{"0 B/s", "32 MiB/s", "64 MiB/s", "96 MiB/s", "128 MiB/s"}},
		{[]float64{0}, []int64{100}, Axis{0, 128, true}, []string{"0 B/s", "32 B/s", "64 B/s", "96 B/s", "128 B/s"}},
		{[]float64{0}, []int64{1}, Axis{0, 2, true}, []string{"0 B/s", "1 B/s", "2 B/s"}},
		// Where a peak or a bandwidth would lie on the base line.
		{[]float64{3 * mib}, []int64{100 * mib}, Axis{mib / 2, 128 * mib, false}, []string{"1 MiB/s", "4 MiB/s", "16 MiB/s", "64 MiB/s"}},
		{[]float64{math.NaN()}, []int64{math.MaxInt64}, Axis{0, 3 << 59, true}, []string{"0 B/s", "512 PiB/s", "1 EiB/s", "1.5 EiB/s"}},
		{[]float64{1}, []int64{math.MaxInt64}, Axis{1, 1 << 61, false}, nil},
	} {
		p := reading(c.peaks, c.available)
		require.Equal(t, c.axis, p.axis)
		var labels []string
		for _, tick := range p.ticks {
			labels = append(labels, tick.label)
		}
		if c.ticks != nil {
			require.Equal(t, c.ticks, labels)
		}
		require.LessOrEqual(t, len(labels), 6)
		require.GreaterOrEqual(t, len(labels), 2)
	}
	require.Nil(t, reading([]float64{5}, []int64{0}), "no bandwidth is known")
}

func TestReadingLines(t *testing.T) {
	p := reading([]float64{10, 20}, []int64{0, 30})
	p.axis, p.panel = Axis{From: 0, To: 40, Linear: true}, box(0, 0, 1000, 100)
	read := func(start, end float64, bytes ...int64) analyze.TierWindow {
		return analyze.TierWindow{Start: start, End: end, Bytes: bytes}
	}
	windows := []analyze.TierWindow{read(0, 10, 5, 200), read(10, 20, 5, 100), read(90, 100, 5, 0)}
	p.trace(windows, windowAxis(windows, tierSpan))
	require.Len(t, p.tiers, 1)
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 50}, {X: 100, Y: 50}, {X: 100, Y: 25}, {X: 200, Y: 25}}, // 20 and 10 bytes a second
		{{X: 900, Y: 0}, {X: 1000, Y: 0}},
	}, p.tiers[0].lines)
}
