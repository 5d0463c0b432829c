package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
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
	ch.series = seriesOf(lines)
	ch.axis = windowAxis(ch.windows, rollingSpan)
	ch.panel = box(0, 0, 1000, 100)
	ch.columns = ch.columnsOn(1000, windows[0].End-windows[0].Start)
	ch.cut()
	ch.trace()
	return ch
}

// windowOf returns a window of 10 s with hits at one capacity.
func windowOf(start float64, hit, total int64) analyze.Window {
	return analyze.Window{Start: start, End: start + 10, TotalTokens: total, HitTokens: []int64{hit}}
}

func TestRollingSteps(t *testing.T) {
	ch := traced(1, sizes(1), windowOf(0, 10, 100), windowOf(10, 50, 100), windowOf(80, 30, 200), windowOf(90, 0, 0))
	s := ch.series[0]
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 10}, {X: 100, Y: 10}, {X: 100, Y: 50}, {X: 200, Y: 50}}, // joined
		{{X: 800, Y: 15}, {X: 900, Y: 15}},
	}, s.windows.full, "broken where there is no window, and where a window has no tokens")
	require.Empty(t, s.windows.faint)
	require.Equal(t, [][]vg.Point{{{X: 100, Y: 10}, {X: 200, Y: 30}, {X: 800, Y: 30}, {X: 900, Y: 22.5}, {X: 1000, Y: 22.5}}}, s.cumulative)
}

// Windows with less than a quarter of the median's tokens are faint, as are the edges between them and others.
func TestLittleTrafficIsFaint(t *testing.T) {
	ch := traced(1, sizes(1), windowOf(0, 50, 100), windowOf(10, 10, 25), windowOf(20, 12, 24), windowOf(30, 20, 100), windowOf(40, 0, 100))
	s := ch.series[0].windows
	require.Equal(t, [][]vg.Point{
		{{X: 0, Y: 50}, {X: 200, Y: 50}, {X: 200, Y: 40}, {X: 400, Y: 40}},
		{{X: 600, Y: 20}, {X: 800, Y: 20}, {X: 800, Y: 0}, {X: 1000, Y: 0}},
	}, s.full)
	require.Equal(t, [][]vg.Point{{{X: 400, Y: 40}, {X: 400, Y: 50}, {X: 600, Y: 50}, {X: 600, Y: 20}}}, s.faint)
	require.Equal(t, []bool{false, false, true, false, false}, []bool{ch.slots[0].thin, ch.slots[1].thin, ch.slots[2].thin, ch.slots[3].thin, ch.slots[4].thin})
}

// Of 1,000 windows of a point each, six share a column: its median and range leave out those with little traffic.
func TestNarrowWindowsShareColumns(t *testing.T) {
	var windows []analyze.Window
	for i := range int64(1000) {
		w := windowOf(10*float64(i), 40+i%5, 100)
		if i%5 == 4 {
			w = windowOf(10*float64(i), 20, 20)
		}
		windows = append(windows, w)
	}
	ch := traced(1, sizes(1), windows...)
	require.Equal(t, columns{0, 5, 5}, ch.columns)
	require.Len(t, ch.slots, 200)
	for i, s := range ch.slots {
		require.InDelta(t, 5*i, float64(s.from), 1e-9)
		require.InDelta(t, 5*(i+1), float64(s.to), 1e-9)
		require.Equal(t, extent{20, 100, 100}, s.tokens)
		require.Equal(t, []extent{{.4, .415, .43}}, s.rates)
		require.False(t, s.thin)
	}
	s := ch.series[0]
	require.Len(t, s.windows.full, 1)
	require.Len(t, s.windows.ranges, 1)
	for _, p := range s.windows.ranges[0][:400] {
		require.InDelta(t, 43, float64(p.Y), 1e-9)
	}
	for _, p := range s.windows.ranges[0][400:] {
		require.InDelta(t, 40, float64(p.Y), 1e-9)
	}
	hit, total := 40+41+42+43+20., 420.
	require.InDelta(t, 100*hit/total, float64(s.cumulative[0][len(s.cumulative[0])-1].Y), 1e-9, "cumulative rates are of all windows")
}

// Slots partition the windows, whatever their times: they lie side by side within the panel, are few, and end with the overall
// rates.
func TestSlotsPartitionTheWindows(t *testing.T) {
	rnd := rand.New(rand.NewPCG(21, 22))
	for range 300 {
		var windows []analyze.Window
		at := math.Floor((rnd.Float64() - .2) * math.Pow(10, rnd.Float64()*18))
		hit, total, requests := int64(0), int64(0), 0
		gaps := rnd.Float64() * 3
		for range 1 + rnd.IntN(2000) {
			w := windowOf(at, 0, int64(rnd.IntN(1000)))
			w.HitTokens[0] = int64(rnd.Float64() * float64(w.TotalTokens))
			hit, total, requests = hit+w.HitTokens[0], total+w.TotalTokens, requests+1
			windows = append(windows, w)
			at += 10 * (1 + math.Floor(math.Exp(rnd.ExpFloat64()*gaps)-1))
		}
		ch := traced(1, sizes(1), windows...)
		require.LessOrEqual(t, vg.Length(len(ch.slots)), 1000/legible+1)
		thin := thinBelow(windows)
		for i, s := range ch.slots {
			require.LessOrEqual(t, s.from, s.to)
			require.LessOrEqual(t, s.tokens.low, s.tokens.median)
			require.LessOrEqual(t, s.tokens.median, s.tokens.high)
			require.Equal(t, s.tokens.high < thin, s.thin)
			if i > 0 {
				require.GreaterOrEqual(t, s.from, ch.slots[i-1].to-1e-9)
			}
		}
		last := ch.slots[len(ch.slots)-1]
		require.LessOrEqual(t, last.to, vg.Length(1000))
		if total > 0 {
			require.Equal(t, []float64{ratio(hit, total)}, last.sums)
		}
		if ch.columns.windows == 1 {
			require.Len(t, ch.slots, requests)
		}
	}
}

// Three pixels of a screen are the border between windows and columns.
func TestColumns(t *testing.T) {
	require.Equal(t, columns{7, 2.25, 1}, columnsOf(7, 2.25))
	require.Equal(t, columns{7, 6, 3}, columnsOf(7, 2))
	require.Equal(t, vg.Length(4.5), columnsOf(7, 0).width)
	require.Equal(t, vg.Length(4.5), columnsOf(7, 5e-324).width)
}

// The largest capacity comes last: it has the lightest and widest line.
func TestSeriesBySize(t *testing.T) {
	lines := []units.Capacity{{N: 64 << 30}, {Unit: units.Unlimited}, {N: 1 << 20}, {N: 3 << 40}}
	ch := &rollingChart{series: seriesOf(lines), columns: columns{width: 5}}
	ch.widen()
	series := ch.series
	var names []string
	for i, s := range series {
		names = append(names, s.name)
		if i > 0 {
			before := series[i-1].style
			require.Greater(t, s.style.Width, before.Width)
			require.Greater(t, lightness(lineColor(s.style)), lightness(lineColor(before)))
		}
	}
	require.Equal(t, []string{"1 MiB", "64 GiB", "3 TiB", "unlimited"}, names)
	require.Len(t, seriesOf(lines[:1]), 1)
}

// Every line has its capacity and its overall rate at its end. From seven on, only the cumulative rates are drawn.
func TestNoCapacityIsUnnamed(t *testing.T) {
	for n := 1; n <= 130; n++ {
		var lines []units.Capacity
		w := analyze.Window{Start: noon, End: noon + 300, TotalTokens: 1000}
		for i := range n {
			lines = append(lines, units.Capacity{N: int64(i + 1), Unit: units.Chunks})
			w.HitTokens = append(w.HitTokens, int64(i))
		}
		p := rollingPicture(rollingReport(5*time.Minute, lines, []analyze.Window{w}))
		got := texts(t, p)
		for i := range n {
			if n <= mostSeries {
				require.Contains(t, got, lines[i].String())
				require.Contains(t, got, percent(float64(i)/1000))
			}
		}
		require.Equal(t, n <= 6, slices.Contains(got, "per window"))
		require.Equal(t, n > 6, slices.Contains(got, "Cumulative token hit rate"))
		require.Equal(t, n > 100, slices.Contains(got, fmt.Sprintf("Lines of 100 of the %d capacities, evenly chosen", n)))
	}
}

func TestRollingSays(t *testing.T) {
	got := texts(t, rollingCases()[0].picture())
	for _, want := range []string{"Token hit rate over time, 5 min windows", "Time (UTC)", "Token hit rate", "per window", "cumulative",
		"Capacity", "Overall", "unlimited", "64 MiB", "8 MiB", "12:00", "Sun 31 Mar 2024", "Mon 1 Apr 2024",
		"Tokens per window", "1 million"} {
		require.Contains(t, got, want)
	}
	for _, c := range rollingCases() {
		switch got := texts(t, c.picture()); c.name {
		case "legend-overflow":
			require.Contains(t, got, "60,000 chunks")
		case "no-windows":
			require.Contains(t, got, "No requests were counted")
		case "absurd":
			require.Contains(t, got, "Time (seconds since 1970)")
		}
	}
}

// A window without neighbours is visible, however short.
func TestLonelyWindowIsWide(t *testing.T) {
	ch := traced(1, sizes(1), windowOf(0, 10, 100), windowOf(86400*90, 50, 100))
	lines := ch.series[0].windows.full
	require.Len(t, lines, 2)
	for _, l := range lines {
		require.GreaterOrEqual(t, l[1].X-l[0].X, legible)
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
	require.Less(t, len(svg), 1<<20)
	// Half a minute unthinned or in one stroke; about a second as implemented; the rest is headroom for busy machines.
	require.Less(t, took, 30*time.Second)
}

func TestWindowAxis(t *testing.T) {
	w := func(start, end float64) analyze.Window { return analyze.Window{Start: start, End: end} }
	require.Equal(t, timeAxis{from: -300, to: 600, counted: -300}, windowAxis([]analyze.Window{w(0, 300)}, rollingSpan))
	require.Equal(t, timeAxis{from: 0, to: 900}, windowAxis([]analyze.Window{w(0, 300), w(600, 900)}, rollingSpan))
	for _, single := range []float64{1e300, -1e300, math.MaxFloat64, -math.MaxFloat64, 0} {
		a := windowAxis([]analyze.Window{w(single, single)}, rollingSpan)
		require.Greater(t, a.to, a.from)
		require.False(t, math.IsInf(a.from, 0) || math.IsInf(a.to, 0))
	}
}

func TestTrafficTop(t *testing.T) {
	for most, want := range map[float64]float64{1: 1, 1.2: 2, 9: 10, 10: 10, 11: 15, 606_208: 800_000, 3_130_000: 4e6, 7.1e6: 8e6, 8.1e6: 1e7, 9e18: 1e19} {
		require.InEpsilon(t, want, trafficTop(most), 1e-12, most)
	}
}
