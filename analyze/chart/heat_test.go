package chart

import (
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// tracedHeat returns a heat chart of windows of 10 s with these percentages of hits by capacity (1, 2, 4 … chunks), on a panel
// of 100 × 30 pixels at the origin. A window without percentages is left out.
func tracedHeat(windows ...[]int64) *heatChart {
	ch := &heatChart{top: 1}
	for i, hits := range windows {
		if hits != nil {
			start := float64(10 * i)
			ch.windows = append(ch.windows, analyze.Window{Start: start, End: start + 10, TotalTokens: 100, HitTokens: hits})
			ch.capacities = nil
			for c := range hits {
				ch.capacities = append(ch.capacities, units.InChunks(1<<c))
			}
		}
	}
	ch.axis = timeAxis{from: 0, to: float64(10 * len(windows))}
	ch.rows()
	ch.read()
	ch.panel = box(0, 0, 100*dot, 30*dot)
	ch.trace()
	return ch
}

// inDots converts lines to pixels.
func inDots(lines [][]vg.Point) (out [][][2]int) {
	for _, l := range lines {
		var line [][2]int
		for _, p := range l {
			line = append(line, [2]int{int(p.X/dot + .5), int(p.Y/dot + .5)})
		}
		out = append(out, line)
	}
	return out
}

func TestHeatAreas(t *testing.T) {
	ch := tracedHeat([]int64{0, 10, 52}, []int64{10, 11, 52}, nil, []int64{0, 0, 4}, []int64{0, 0, 0})
	require.Equal(t, [][][2]int{{{0, 0}, {20, 0}, {40, 0}}, {{60, 0}, {80, 0}, {100, 0}}}, inDots(ch.areas[0]), "all windows, apart where there is none")
	require.Equal(t, [][][2]int{{{0, 10}, {20, 10}, {20, 0}, {40, 0}}}, inDots(ch.areas[2]), "10 % and more")
	require.Equal(t, [][][2]int{{{0, 20}, {20, 20}, {40, 20}}}, inDots(ch.areas[10]), "50 % and more")
	require.Empty(t, ch.areas[11])
	require.Equal(t, 30, int(ch.tops[0]/dot+.5), "a window has nothing above the first class")
	require.Equal(t, 30, int(ch.tops[heatClasses-1]/dot+.5))
	require.Empty(t, ch.dips)
	full := tracedHeat([]int64{0, 10, 52}, []int64{0, 60, 60})
	require.Equal(t, 10, int(full.tops[0]/dot+.5), "from here on, both windows have more")
}

func TestHeatDips(t *testing.T) {
	ch := tracedHeat([]int64{0, 60, 30, 80})
	require.Len(t, ch.dips, 1)
	d := ch.dips[0]
	require.Equal(t, 6, d.class)
	require.Equal(t, [][][2]int{{{0, 15}, {100, 23}}}, inDots([][]vg.Point{{d.box.Min, d.box.Max}}))
	require.Equal(t, [][][2]int{{{0, 8}, {100, 8}}}, inDots(ch.contours[0].lines), "the smallest capacity that reaches the level")
}

func TestContours(t *testing.T) {
	ch := tracedHeat([]int64{0, 50, 80}, []int64{0, 0, 50}, []int64{0, 0, 49}, nil, []int64{50, 80, 80}, []int64{10, 60, 60}, []int64{0, 0, 0}, []int64{90, 90, 90}, []int64{90, 90, 90}, nil)
	require.Equal(t, [][][2]int{
		{{0, 10}, {10, 10}, {10, 20}, {20, 20}, {20, 30}}, // to the upper edge
		{{50, 0}, {50, 10}, {60, 10}, {60, 30}},           // from the lower edge to the upper one
		{{70, 30}, {70, 0}},
	}, inDots(ch.contours[0].lines))
	require.Equal(t, [][][2]int{{{0, 20}, {10, 20}, {10, 30}}, {{40, 10}, {50, 10}, {50, 30}}, {{70, 30}, {70, 0}}}, inDots(ch.contours[1].lines))
	none := tracedHeat([]int64{90, 90, 90})
	require.Empty(t, none.contours[0].lines, "all of it is above")
	require.Empty(t, none.contourKey())
}

// TestContourLabels expects each label on its line, and none on another.
func TestContourLabels(t *testing.T) {
	for _, c := range heatCases() {
		r := c.report
		ch := &heatChart{capacities: r.Heat.Lines, windows: finite(r.Heat.Windows, rollingSpan)}
		ch.axis = windowAxis(ch.windows, rollingSpan)
		ch.rows()
		ch.top = roundTop(ch.read())
		ch.layout = frame{side: colorKeyWidth}.lay(2)
		ch.trace()
		for i, k := range ch.contours {
			if k.labelled {
				found := false
				for _, line := range k.lines {
					for j := 1; j < len(line); j++ {
						found = found || crosses(line[j-1], line[j], k.box)
					}
				}
				require.True(t, found, c.name)
				for _, other := range ch.contours[i+1:] {
					require.False(t, other.labelled && overlap(k.box, other.box), c.name)
				}
			}
		}
		if c.name == "typical" {
			require.True(t, ch.contours[0].labelled && ch.contours[1].labelled)
		}
	}
}

func TestHeatSays(t *testing.T) {
	for _, c := range heatCases() {
		got := texts(t, c.picture())
		switch c.name {
		case "typical":
			for _, want := range []string{"Token hit rate by time and capacity, 1 h windows", "Cache capacity", "1 GiB", "512 GiB", "2 TiB", "Time (UTC)",
				"Hit rate", "0 %", "100 %", "no traffic", "smallest capacity that reaches 50 %", "smallest capacity that reaches 80 %", "50 %", "80 %"} {
				require.Contains(t, got, want)
			}
		case "chunks":
			require.Contains(t, got, "Cache capacity in chunks")
			require.Contains(t, got, "65,536")
		case "two-capacities":
			require.Contains(t, got, "1.19 GiB")
			require.Contains(t, got, "1.41 GiB")
		case "low":
			require.Contains(t, got, "No window reaches 50 % or 80 %")
			require.NotContains(t, strings.Join(got, "\n"), "smallest capacity that reaches")
		case "no-windows":
			require.Contains(t, got, "No requests were counted")
		case "no-hits":
			require.Contains(t, got, "Nothing hits at these capacities")
		case "no-tokens":
			require.Contains(t, got, "No tokens were counted")
		}
	}
}

// TestHeatIsSmall draws as many windows and capacities as there can be, with rates that jump.
func TestHeatIsSmall(t *testing.T) {
	for _, c := range heatCases() {
		require.Less(t, len(drawn(t, c.picture(), SVG)), 400_000, c.name)
	}
	lines := quarters(1, units.Chunks, 251)
	wild := nights(480, noon, time.Hour, lines, 1)
	for i := range wild {
		for l := range wild[i].HitTokens {
			wild[i].HitTokens[l] = int64(l) * 4000 * int64(i%2)
		}
	}
	require.Less(t, len(drawn(t, heatPicture(heatReport(time.Hour, lines, wild)), SVG)), 1_000_000)
}

func TestHeatNeedsFigures(t *testing.T) {
	for _, r := range []*analyze.Report{nil, {}, {Heat: &analyze.Rolling{}}} {
		require.ErrorContains(t, Heat(io.Discard, PNG, r), "no such figures")
	}
}
