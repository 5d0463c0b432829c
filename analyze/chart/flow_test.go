package chart

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

// bandwidthTier is a tier of some bandwidth in bytes per second, in windows of ten seconds; 0 is unknown. Without one for
// writes, reads and writes share it.
func bandwidthTier(read, write int64) analyze.TierResult {
	b := &analyze.TierBandwidth{WindowSeconds: 10, Peak: 20, PeakWrite: 35, Available: known(read), AvailableWrite: known(write)}
	if write == 0 {
		b.Shared, b.AvailableWrite = read > 0, b.Available
	}
	return analyze.TierResult{Name: "dram", Bandwidth: b}
}

func known(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// flowWindows read 10, 35 and 0 bytes per second from the second of two tiers, and write 20, 5 and 0.
var flowWindows = []analyze.TierWindow{
	{Start: 0, End: 10, Bytes: []int64{9, 100}, BytesWritten: []int64{9, 200}},
	{Start: 10, End: 20, Bytes: []int64{9, 350}, BytesWritten: []int64{9, 50}},
	{Start: 90, End: 100, Bytes: []int64{0, 0}, BytesWritten: []int64{0, 0}},
}

// flowsOf returns the panels of two tiers, each 1000 × 120 at the origin.
func flowsOf(tiers ...analyze.TierResult) []*flowPanel {
	panels := newFlowPanels(tiers, flowWindows)
	for _, p := range panels {
		p.panel = box(0, 0, 1000, 120)
		p.trace(flowWindows, windowAxis(flowWindows, tierSpan))
		for _, edges := range p.edges {
			for _, e := range edges {
				for i := range e {
					e[i].Y = vg.Length(math.Round(float64(e[i].Y)*1e6) / 1e6)
				}
			}
		}
	}
	return panels
}

// Reads and writes that share a bandwidth are stacked, in parts of it.
func TestSharedBandwidth(t *testing.T) {
	panels := flowsOf(analyze.TierResult{}, bandwidthTier(40, 0))
	require.Len(t, panels, 1, "a tier without a bandwidth has no panel")
	p := panels[0]
	require.Equal(t, 1.2, p.top)
	require.Equal(t, 1., p.peak)
	idle := []vg.Point{{X: 900, Y: 0}, {X: 1000, Y: 0}}
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 25}, {X: 100, Y: 25}, {X: 100, Y: 87.5}, {X: 200, Y: 87.5}}, idle}, p.edges[0])
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 75}, {X: 100, Y: 75}, {X: 100, Y: 100}, {X: 200, Y: 100}}, idle}, p.edges[1])
	require.Empty(t, p.excess, "100 % is not above 100 %")
	require.Equal(t, []string{"together", "40 B/s", "100.0 %"}, p.legend.rows[0].cells)
	require.Equal(t, []string{"writes", "35 B/s", "87.5 %"}, p.legend.rows[1].cells)
	require.Equal(t, []string{"reads", "20 B/s", "50.0 %"}, p.legend.rows[2].cells)
	require.Len(t, p.legend.rows, 3)
}

// Two bandwidths are two panels, since use of one is no use of the other.
func TestSeparateBandwidths(t *testing.T) {
	panels := flowsOf(analyze.TierResult{}, bandwidthTier(70, 10))
	require.Len(t, panels, 2)
	reads, writes := panels[0], panels[1]
	require.Equal(t, "reads", reads.flows[0].name)
	require.Equal(t, .5, reads.peak)
	require.Empty(t, reads.excess)
	require.Equal(t, 2., writes.peak)
	require.Equal(t, 2., writes.top)
	// Above 100 %, at half the height, is the first window.
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 120}, {X: 100, Y: 120}, {X: 100, Y: 60}, {X: 200, Y: 60}}}, writes.excess)
	require.Equal(t, []string{"above 100 %", "1 window", ""}, writes.legend.rows[1].cells)
	for i, want := range []string{"dram: read bandwidth in use, of 70 B/s", "dram: write bandwidth in use, of 10 B/s"} {
		panels[i].dress()
		require.Equal(t, want, panels[i].yLabel)
	}
}

// A use far above 100 % is cut off, and the picture says so.
func TestUseIsCutOff(t *testing.T) {
	p := flowsOf(analyze.TierResult{}, bandwidthTier(1, 0))[0]
	p.dress()
	require.Equal(t, "dram: bandwidth in use, of 1 B/s (cut off at 300 %)", p.yLabel)
	require.Equal(t, vg.Length(120), p.edges[1][0][0].Y)
	require.Equal(t, "4,000 %", p.legend.rows[0].cells[2])
}

func TestFlowAxis(t *testing.T) {
	for peak, want := range map[float64]string{0: "0 % 50 % 100 %", 1.2: "0 % 50 % 100 %", 1.3: "0 % 50 % 100 % 150 %", 1.9: "0 % 100 % 200 %",
		2.1: "0 % 100 % 200 % 300 %", 1e9: "0 % 100 % 200 % 300 %", math.Inf(1): "0 % 100 % 200 % 300 %"} {
		var labels []string
		for _, tick := range flowTicks(flowTop(peak)) {
			labels = append(labels, tick.label)
		}
		require.Equal(t, want, strings.Join(labels, " "), "%v", peak)
	}
}

func TestUsedText(t *testing.T) {
	for used, want := range map[float64]string{0: "0.00 %", .01234: "1.23 %", .0999: "9.99 %", .5: "50.0 %", .9996: "99.9 %", 1: "100.0 %",
		1.0001: "100.1 %", 1.4849: "148.5 %", 9.99: "999.0 %", 12.345: "1,234 %", math.NaN(): ""} {
		require.Equal(t, want, usedText(used), "%v", used)
	}
}

// What exceeds a bandwidth is shaded, whatever it is: no area shows above 100 %.
func TestAreasEndAtTheBandwidth(t *testing.T) {
	edge := []vg.Point{{X: 0, Y: 20}, {X: 5, Y: 20}, {X: 5, Y: 80}, {X: 9, Y: 80}}
	require.Equal(t, []vg.Point{{X: 0, Y: 20}, {X: 5, Y: 20}, {X: 5, Y: 60}, {X: 9, Y: 60}}, upTo(60, edge))
	require.Equal(t, vg.Length(80), edge[3].Y, "left as it is")
}

// Where windows are narrow, lines along the edges would hide the areas: there are none.
func TestNarrowWindowsHaveNoEdges(t *testing.T) {
	panel := box(0, 0, 600, 120)
	day := tierDay(96, noon, 15*time.Minute, .1, .1, .1)
	edgeOnPaper := []byte("stroke:#1B242E;stroke-width:0.8")
	require.Equal(t, 2, bytes.Count(drawn(t, tiersPicture(tiersReport(threeTiers, day)), SVG), edgeOnPaper), "in the legend and on the areas")
	require.False(t, crowded(day, windowAxis(day, tierSpan), panel))
	day = tierDay(1440, noon, time.Minute, .1, .1, .1)
	require.Equal(t, 1, bytes.Count(drawn(t, tiersPicture(tiersReport(threeTiers, day)), SVG), edgeOnPaper), "in the legend")
	require.True(t, crowded(day, windowAxis(day, tierSpan), panel))
	require.False(t, crowded(nil, timeAxis{}, panel))
}
