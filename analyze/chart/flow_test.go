package chart

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

// panel returns the panel of tiers with these peaks and bandwidths.
func panel(peaks []float64, available []int64) *flowPanel {
	var tiers []analyze.TierResult
	for i, p := range peaks {
		tiers = append(tiers, analyze.TierResult{Bandwidth: &analyze.TierBandwidth{WindowSeconds: 10, Peak: p, Available: known(available[i])}})
	}
	return newFlowPanel(reading, tiers, nil)
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
		// A peak or a bandwidth would lie on the base line.
		{[]float64{3 * mib}, []int64{100 * mib}, Axis{mib / 2, 128 * mib, false}, []string{"1 MiB/s", "4 MiB/s", "16 MiB/s", "64 MiB/s"}},
		{[]float64{math.NaN()}, []int64{math.MaxInt64}, Axis{0, 3 << 59, true}, []string{"0 B/s", "512 PiB/s", "1 EiB/s", "1.5 EiB/s"}},
		{[]float64{1}, []int64{math.MaxInt64}, Axis{1, 1 << 61, false}, nil},
	} {
		p := panel(c.peaks, c.available)
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
	require.Empty(t, panel([]float64{5}, []int64{0}).tiers, "no bandwidth is known")
}

func TestReadingLines(t *testing.T) {
	p := panel([]float64{10, 20}, []int64{0, 30})
	p.axis, p.panel = Axis{From: 0, To: 40, Linear: true}, box(0, 0, 1000, 100)
	read := func(start, end float64, bytes ...int64) analyze.TierWindow {
		return analyze.TierWindow{Start: start, End: end, Bytes: bytes}
	}
	windows := []analyze.TierWindow{read(0, 10, 5, 200), read(10, 20, 5, 100), read(90, 100, 5, 0)}
	p.trace(windows, windowAxis(windows, tierSpan))
	require.Len(t, p.tiers, 1)
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 50}, {X: 100, Y: 50}, {X: 100, Y: 25}, {X: 200, Y: 25}}, // 20 and 10 bytes per second
		{{X: 900, Y: 0}, {X: 1000, Y: 0}},
	}, p.tiers[0].lines)
}

// TestWritingLines draws the writes and, for a tier that shares its bandwidth, reads and writes together.
func TestWritingLines(t *testing.T) {
	available := int64(30)
	tier := func(shared bool) analyze.TierResult {
		return analyze.TierResult{Bandwidth: &analyze.TierBandwidth{WindowSeconds: 10, PeakWrite: 20, Available: &available, AvailableWrite: &available, Shared: shared}}
	}
	windows := []analyze.TierWindow{
		{Start: 0, End: 10, Bytes: []int64{100, 100}, BytesWritten: []int64{200, 200}},
		{Start: 10, End: 20, Bytes: []int64{350, 350}, BytesWritten: []int64{50, 50}},
		{Start: 90, End: 100, Bytes: []int64{0, 0}, BytesWritten: []int64{0, 0}},
	}
	p := newFlowPanel(writing, []analyze.TierResult{tier(true), tier(false)}, windows)
	require.Equal(t, Axis{0, 48, true}, p.axis, "up to what is read and written together, 40 bytes a second")
	p.axis, p.panel = Axis{From: 0, To: 40, Linear: true}, box(0, 0, 1000, 100)
	p.trace(windows, windowAxis(windows, tierSpan))
	written := [][]vg.Point{
		{{X: 0, Y: 50}, {X: 100, Y: 50}, {X: 100, Y: 12.5}, {X: 200, Y: 12.5}}, // 20 and 5 bytes per second
		{{X: 900, Y: 0}, {X: 1000, Y: 0}},
	}
	apart, shared := p.tiers[0], p.tiers[1]
	require.Equal(t, written, apart.lines)
	require.Nil(t, apart.both)
	require.Equal(t, written, shared.lines)
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 75}, {X: 100, Y: 75}, {X: 100, Y: 100}, {X: 200, Y: 100}}, // 30 and 40
		{{X: 900, Y: 0}, {X: 1000, Y: 0}},
	}, shared.both)
	require.Equal(t, []string{"per window", "with reads", "available"}, keyOf(p))
	require.Equal(t, []string{"per window", "available"}, keyOf(newFlowPanel(writing, []analyze.TierResult{tier(false)}, windows)))
	require.Equal(t, []string{"per window", "available"}, keyOf(newFlowPanel(reading, []analyze.TierResult{tier(true)}, windows)))
}

func keyOf(p *flowPanel) (out []string) {
	p.dress()
	for _, e := range p.key {
		out = append(out, e.text)
	}
	return out
}
