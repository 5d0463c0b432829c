package chart

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
)

// stacked returns a tiers chart with its areas computed, on a panel of 1000 × 100 at the origin.
func stacked(tiers int, windows ...analyze.TierWindow) *tiersChart {
	ch := &tiersChart{tiers: make([]analyze.TierResult, tiers), windows: finite(windows, tierSpan), top: 1}
	ch.served = withRequests(ch.windows)
	ch.axis = windowAxis(ch.windows, tierSpan)
	ch.panel = box(0, 0, 1000, 100)
	ch.stack()
	ch.trace()
	return ch
}

func served(start, end float64, total int64, tokens ...int64) analyze.TierWindow {
	return analyze.TierWindow{Start: start, End: end, Requests: 1, TotalTokens: total, Tokens: tokens}
}

func TestTierAreasLieOnEachOther(t *testing.T) {
	ch := stacked(2, served(0, 10, 100, 10, 30), served(10, 20, 200, 0, 50), served(90, 100, 0, 0, 0))
	lonely := []vg.Point{{X: 900, Y: 0}, {X: 1000, Y: 0}}
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 10}, {X: 100, Y: 10}, {X: 100, Y: 0}, {X: 200, Y: 0}}, lonely}, ch.edges[0])
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 40}, {X: 100, Y: 40}, {X: 100, Y: 25}, {X: 200, Y: 25}}, lonely}, ch.edges[1],
		"the upper edge is the rate of both")
	require.Equal(t, .4, ch.highest())
}

// Of 10,000 windows on 1,000 points (2,666 pixels), each pixel column shows the tokens of all of its windows.
func TestWindowsThatShareAPixelAreSummed(t *testing.T) {
	var windows []analyze.TierWindow
	for i := range int64(10_000) {
		windows = append(windows, served(float64(i), float64(i+1), 100, i%2*60, 20))
	}
	ch := stacked(2, windows...)
	require.Len(t, ch.stacks, 2667)
	total, first := int64(0), int64(0)
	for i, s := range ch.stacks {
		total, first = total+s.total, first+s.tokens[0]
		if i > 0 {
			require.InDelta(t, float64(ch.stacks[i-1].to), float64(s.from), 1e-9, "no gap")
		}
	}
	require.EqualValues(t, 1_000_000, total)
	require.EqualValues(t, 300_000, first)
	require.Equal(t, []float64{.3, .5}, ch.stacks[0].rates(), "of four windows")
}

func TestTiersSays(t *testing.T) {
	cases := map[string][]string{
		"typical": {"Token hit rate by tier, 5 min windows", "Tokens served by each tier, of all", "Time (UTC)", "Tier", "Capacity", "Adds", "all together",
			"39.10 %", "gpu", "40 GiB", "6.28 %", "dram", "512 GiB", "23.32 %", "ssd", "4 TiB", "9.49 %",
			"dram: bandwidth in use, of 110 MiB/s", "ssd: bandwidth in use, of 45 MiB/s", "0 %", "100 %", "reads", "writes", "together", "above 100 %",
			"Peak", "Used", "162.8 MiB/s", "148.0 %", "200 windows", "86.22 MiB/s", "78.4 %", "217.6 MiB/s", "197.8 %",
			"Traffic exceeds bandwidth: ssd in 200 of 200 windows, dram in 200 of 200 windows"},
		"apart": {"dram: read bandwidth in use, of 110 MiB/s", "dram: write bandwidth in use, of 100 MiB/s", "ssd: write bandwidth in use, of 80 MiB/s",
			"86.22 MiB/s", "86.2 %", "99.6 %", "57 windows", "Traffic exceeds bandwidth: ssd in 57 of 200 windows, dram in 57 of 200 windows"},
		"seldom-written": {"Traffic exceeds bandwidth: ssd in 57 of 201 windows, dram in 57 of 201 windows"},
		"no-windows":     {"Token hit rate by tier", "No requests were counted"},
		"no-tokens":      {"No tokens were counted"},
		"chunks":         {"unlimited", "5,000 chunks"},
		"idle-tier":      {"dram", "0.00 %"},
		"sixty-tiers":    {"tier 60", "and 13 more"},
		"far-bandwidth":  {"gpu: bandwidth in use, of 2 TiB/s", "ssd: bandwidth in use, of 5 GiB/s"},
		"slow":           {"ssd: bandwidth in use, of 3 B/s (cut off at 300 %)"},
		"absurd":         {"Token hit rate by tier", "Time (seconds since 1970)"},
	}
	for _, c := range tiersCases() {
		for _, want := range cases[c.name] {
			require.Contains(t, texts(t, c.picture()), want, c.name)
		}
		delete(cases, c.name)
	}
	require.Empty(t, cases)
}

func TestNoPanelWithoutBandwidths(t *testing.T) {
	for _, c := range tiersCases() {
		if c.name == "no-bandwidth" || c.name == "chunks" {
			require.NotContains(t, strings.Join(texts(t, c.picture()), "\n"), "B/s", c.name)
		}
	}
	require.ErrorContains(t, Tiers(io.Discard, PNG, &analyze.Report{}), "no tiers")
}

// A window with writes but no requests has no hit rate.
func TestWindowsWithoutRequestsHaveNoArea(t *testing.T) {
	quiet := served(50, 60, 0, 0)
	quiet.Requests = 0
	ch := stacked(1, served(0, 10, 100, 10), quiet, served(90, 100, 100, 20))
	require.Equal(t, [][]vg.Point{{{X: 0, Y: 10}, {X: 100, Y: 10}}, {{X: 900, Y: 20}, {X: 1000, Y: 20}}}, ch.edges[0])
}

// What an axis shows stands above its panel, and nothing beside it.
func TestAxisLabelsFit(t *testing.T) {
	for _, c := range tiersCases() {
		ch, f := newTiersChart(c.report)
		ch.compose(f)
		for _, p := range ch.flows {
			require.Less(t, float64(margin+textWidth(axisFace, p.yLabel)), float64(p.panel.Max.X), "%s: %s", c.name, p.yLabel)
		}
	}
}

// A window without neighbours is visible, however short, at its own height.
func TestNarrowAreasAreWidened(t *testing.T) {
	require.Equal(t, []vg.Point{{X: 9, Y: 7}, {X: 11, Y: 7}}, widened([]vg.Point{{X: 10, Y: 7}}))
	require.Equal(t, []vg.Point{{X: 9, Y: 7}, {X: 10, Y: 7}, {X: 10, Y: 3}, {X: 11, Y: 3}},
		widened([]vg.Point{{X: 9.5, Y: 7}, {X: 10, Y: 7}, {X: 10, Y: 3}, {X: 10.5, Y: 3}}))
	wide := []vg.Point{{X: 1, Y: 7}, {X: 3, Y: 7}}
	require.Equal(t, wide, widened(wide))
}

// Vertical lines around a run of windows a few points wide would hide its areas.
func TestNarrowAreasHaveNoEdges(t *testing.T) {
	wide, level := []vg.Point{{X: 1}, {X: 3}, {X: 3, Y: 5}, {X: 6, Y: 5}}, []vg.Point{{X: 1, Y: 2}, {X: 3, Y: 2}}
	narrow := []vg.Point{{X: 1}, {X: 2}, {X: 2, Y: 5}, {X: 3, Y: 5}}
	require.Equal(t, [][]vg.Point{wide, level}, broad([][]vg.Point{wide, narrow, level}))
}

func TestMillionTierWindows(t *testing.T) {
	if raced {
		t.Skip("no time to measure")
	}
	c := millionTierWindows()
	start := time.Now()
	p := c.picture()
	svg, png := drawn(t, p, SVG), drawn(t, p, PNG)
	took := time.Since(start)
	t.Logf("%v for both, %d and %d bytes", took, len(svg), len(png))
	require.Less(t, len(svg), 1<<20)
	require.Less(t, took, 30*time.Second) // about a second; the rest is headroom for busy machines
	require.Contains(t, texts(t, p), "Windows that share a pixel are shown together")
}
