package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze/units"
)

// series is what is drawn for one capacity.
type series struct {
	name string
	line int // index in Rolling.Lines

	style      draw.LineStyle // of the windows; the others derive from it
	windows    windowLine
	cumulative [][]vg.Point
}

// seriesOf returns the capacities to draw, smallest first. The larger ones have lighter lines.
func seriesOf(lines []units.Capacity) (out []series) {
	out = evenly(bySize(lines), mostSeries)
	for i := range out {
		out[i].style.Color = lineShade(i, len(out))
	}
	return out
}

// widen makes the lines of larger capacities wider. Lines of windows get hardly wider than a window, or steps would merge.
func (ch *rollingChart) widen() {
	const thinnest, step, narrow, wide = 0.9, 0.9, 1.8, 4.5
	room := vg.Length(wide)
	if ch.byWindow() {
		room = min(max(ch.columns.width, narrow), wide)
	}
	for i := range ch.series {
		ch.series[i].style.Width = thinnest + vg.Length(i)*min(step, room/vg.Length(len(ch.series)))
	}
}

// bySize returns the capacities in rising order.
func bySize(lines []units.Capacity) (out []series) {
	for i, c := range lines {
		out = append(out, series{name: c.String(), line: i})
	}
	slices.SortStableFunc(out, func(a, b series) int { return cmp.Compare(lines[a.line].Limit(), lines[b.line].Limit()) })
	return out
}

// largestFirst returns the capacities in falling order, as their lines mostly lie.
func largestFirst(lines []units.Capacity) []series {
	out := bySize(lines)
	slices.Reverse(out)
	return out
}

// evenly returns at most n of the items, the first and the last among them.
func evenly[T any](items []T, n int) (out []T) {
	if len(items) <= n {
		return items
	}
	for i := range n {
		out = append(out, items[i*(len(items)-1)/(n-1)])
	}
	return out
}
