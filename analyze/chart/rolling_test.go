package chart

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// traced returns a rolling chart with its lines computed, on a panel of 1000 × 100 at the origin.
func traced(top float64, lines []units.Capacity, windows ...analyze.Window) *rollingChart {
	ch := &rollingChart{windows: finite(windows, rollingSpan), top: top}
	ch.series = legendOrder(lines)
	ch.legend = ch.names()
	ch.axis = windowAxis(ch.windows, rollingSpan)
	ch.panel = box(0, 0, 1000, 100)
	ch.trace()
	return ch
}

func TestRollingSteps(t *testing.T) {
	w := func(start float64, hit, total int64) analyze.Window {
		return analyze.Window{Start: start, End: start + 10, TotalTokens: total, HitTokens: []int64{hit}}
	}
	ch := traced(1, sizes(1), w(0, 10, 100), w(10, 50, 100), w(80, 30, 200), w(90, 0, 0))
	s := ch.series[0]
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 10}, {X: 100, Y: 10}, {X: 100, Y: 50}, {X: 200, Y: 50}}, // joined
		{{X: 800, Y: 15}, {X: 900, Y: 15}, {X: 900, Y: 0}, {X: 1000, Y: 0}},
	}, s.windows, "broken where there is no window")
	require.Equal(t, [][]vg.Point{{{X: 100, Y: 10}, {X: 200, Y: 30}, {X: 800, Y: 30}, {X: 900, Y: 22.5}, {X: 1000, Y: 22.5}}}, s.cumulative)
	require.Equal(t, []string{"1 B", "22.5 %"}, ch.legend.rows[0].cells)
}

func TestRollingLinesBySize(t *testing.T) {
	lines := []units.Capacity{{N: 64 << 30}, {Unit: units.Unlimited}, {N: 1 << 20}, {N: 3 << 40}}
	series := legendOrder(lines)
	var names []string
	for _, s := range series {
		names = append(names, s.name)
	}
	require.Equal(t, []string{"unlimited", "3 TiB", "64 GiB", "1 MiB"}, names)
}

func TestRollingSays(t *testing.T) {
	got := texts(t, rollingCases()[0].picture())
	for _, want := range []string{"Rolling token hit rate, 5 min windows", "Time (UTC)", "Token hit rate", "per window", "cumulative",
		"Capacity", "Overall", "unlimited", "64 MiB", "8 MiB", "12:00", "31 Mar 2024", "1 Apr 2024"} {
		require.Contains(t, got, want)
	}
	for _, c := range rollingCases() {
		switch got := texts(t, c.picture()); c.name {
		case "legend-overflow":
			require.Contains(t, got, "and 12 more")
		case "no-windows":
			require.Contains(t, got, "No requests were counted")
		case "absurd":
			require.Contains(t, got, "Time (seconds since 1970)")
		}
	}
}

// A window without neighbours is visible, however short.
func TestLonelyWindowIsADot(t *testing.T) {
	for _, c := range rollingCases() {
		if c.name == "far-apart" {
			// A circle is two arcs.
			require.Equal(t, 2*6, bytes.Count(drawn(t, c.picture(), SVG), []byte("A2,2 0 ")), "two windows at three capacities")
		}
	}
}

func TestMillionWindows(t *testing.T) {
	if raced {
		t.Skip("no time to measure")
	}
	c := millionWindows()
	require.Len(t, c.report.Rolling.Windows, 1_000_000)
	start := time.Now()
	p := c.picture()
	svg, png := drawn(t, p, SVG), drawn(t, p, PNG)
	took := time.Since(start)
	t.Logf("%v for both, %d and %d bytes", took, len(svg), len(png))
	require.Less(t, len(svg), 4<<20)
	// Half a minute unthinned or in one stroke; about a second as implemented; the rest is headroom for busy machines.
	require.Less(t, took, 30*time.Second)
}

func TestWindowAxis(t *testing.T) {
	w := func(start, end float64) analyze.Window { return analyze.Window{Start: start, End: end} }
	require.Equal(t, timeAxis{-300, 600}, windowAxis([]analyze.Window{w(0, 300)}, rollingSpan))
	require.Equal(t, timeAxis{0, 900}, windowAxis([]analyze.Window{w(0, 300), w(600, 900)}, rollingSpan))
	for _, single := range []float64{1e300, -1e300, math.MaxFloat64, -math.MaxFloat64, 0} {
		a := windowAxis([]analyze.Window{w(single, single)}, rollingSpan)
		require.Greater(t, a.to, a.from)
		require.False(t, math.IsInf(a.from, 0) || math.IsInf(a.to, 0))
	}
}
