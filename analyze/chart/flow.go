package chart

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// flow is a direction of transfer: out of a tier, or into it.
type flow struct {
	name  string
	color color.Color
	bytes func(analyze.TierWindow) []int64
	peak  func(*analyze.TierBandwidth) float64
}

var (
	reading = flow{"reads", palette[0], func(w analyze.TierWindow) []int64 { return w.Bytes },
		func(b *analyze.TierBandwidth) float64 { return b.Peak }}
	writing = flow{"writes", palette[4], func(w analyze.TierWindow) []int64 { return w.BytesWritten },
		func(b *analyze.TierBandwidth) float64 { return b.PeakWrite }}
)

// excessStyle marks what exceeds a bandwidth, limitStyle is the rule at 100 % of it.
var (
	excessStyle = draw.LineStyle{Color: palette[1], Width: 8}
	limitStyle  = draw.LineStyle{Color: ink, Width: 1}
)

// flowPanel shows how much of a bandwidth is used: the reads of a tier, its writes, or both stacked if they share it.
type flowPanel struct {
	tier      analyze.TierResult
	index     int // of the tier in the report
	flows     []flow
	available int64   // bytes per second
	peak      float64 // use in the busiest window, as a part of what is available
	top       float64 // use at the top of the axis
	legend    legend

	layout
	crowded bool           // windows are so narrow that lines along the edges would hide the areas
	edges   [][][]vg.Point // upper edges of the areas, by flow
	excess  [][]vg.Point   // upper edges of what exceeds the bandwidth
}

// newFlowPanels returns the panels of the tiers whose bandwidth is known, the largest tier first. A tier with a bandwidth for
// reads and another for writes has two panels, since they don't add up.
func newFlowPanels(tiers []analyze.TierResult, windows []analyze.TierWindow) (panels []*flowPanel) {
	add := func(i int, available *int64, flows ...flow) {
		if available != nil {
			panels = append(panels, newFlowPanel(tiers[i], i, *available, windows, flows))
		}
	}
	for i, t := range slices.Backward(tiers) {
		switch b := t.Bandwidth; {
		case b == nil:
		case b.Shared:
			add(i, b.Available, reading, writing)
		default:
			add(i, b.Available, reading)
			add(i, b.AvailableWrite, writing)
		}
	}
	return panels
}

func newFlowPanel(t analyze.TierResult, index int, available int64, windows []analyze.TierWindow, flows []flow) *flowPanel {
	p := &flowPanel{tier: t, index: index, flows: flows, available: available}
	above := int64(0)
	for _, w := range windows {
		used := p.used(w, len(flows))
		p.peak = max(p.peak, used)
		if used > 1 {
			above++
		}
	}
	p.top = flowTop(p.peak)
	p.legend = p.describeFlows(above)
	return p
}

// describeFlows lists the areas as they lie in the picture. above is the number of windows that exceed the bandwidth.
func (p *flowPanel) describeFlows(above int64) legend {
	l := legend{heads: []string{tierName(p.tier), "Peak", "Used"}}
	if len(p.flows) > 1 {
		l.rows = append(l.rows, legendRow{edgeStyle, []string{"together", speed(p.peak * float64(p.available)), usedText(p.peak)}})
	}
	for _, f := range slices.Backward(p.flows) {
		peak := f.peak(p.tier.Bandwidth)
		style := draw.LineStyle{Color: f.color, Width: 8}
		l.rows = append(l.rows, legendRow{style, []string{f.name, speed(peak), usedText(peak / float64(p.available))}})
	}
	if above > 0 {
		l.rows = append(l.rows, legendRow{excessStyle, []string{"above 100 %", units.Count(above, "window"), ""}})
	}
	return l
}

// mostUsed is the highest use that an axis shows.
const mostUsed = 3

// flowTop returns the top of an axis that shows a peak, up to mostUsed, and 100 %.
func flowTop(peak float64) float64 {
	for _, top := range []float64{1.2, 1.5, 2} {
		if peak <= top {
			return top
		}
	}
	return mostUsed
}

// flowTicks returns the levels of the axis.
func flowTicks(top float64) (ticks []tick) {
	step := 0.5
	if top > 1.5 {
		step = 1
	}
	for u := 0.0; u <= top; u += step {
		ticks = append(ticks, tick{at: u / top, label: fmt.Sprintf("%.0f %%", 100*u)})
	}
	return ticks
}

// speed prints bytes a second.
func speed(rate float64) string {
	const most = 1 << 60
	if !(rate > 0) {
		rate = 0
	}
	return units.FormatBandwidth(math.Trunc(min(rate, most)))
}

// usedText prints the use of a bandwidth. Only 1 is printed as 100 %.
func usedText(used float64) string {
	decimals, step := 1, 0.1
	switch {
	case math.IsNaN(used):
		return ""
	case used < 0.1:
		decimals, step = 2, 0.01
	case used >= 10:
		return units.Comma(int64(min(100*used, math.MaxInt32))) + " %"
	}
	percent := 100 * used
	if rounded := math.Round(percent/step) * step; used != 1 && math.Abs(rounded-100) < step/2 {
		percent = 100 + math.Copysign(step, used-1)
	}
	return strconv.FormatFloat(percent, 'f', decimals, 64) + " %"
}

// fitInto makes room for the panel in a frame.
func (p *flowPanel) fitInto(f frame) frame {
	f.minimum += panelGap + p.height()
	f.side = max(f.side, p.legend.width())
	return f
}

// exceeded says which tiers are read or written faster than they can be, the largest first, and in how many of all windows;
// nil if none is.
func exceeded(tiers []analyze.TierResult, windows int) []string {
	var line []string
	for _, t := range slices.Backward(tiers) {
		if b := t.Bandwidth; b != nil && b.Above != nil && *b.Above > 0 {
			line = append(line, fmt.Sprintf("%s in %s of %s", tierName(t), units.Comma(*b.Above), units.Count(int64(windows), "window")))
		}
	}
	if len(line) > 0 {
		line[0] = "Traffic exceeds bandwidth: " + line[0]
	}
	return line
}

// height returns the height of the panel.
func (p *flowPanel) height() vg.Length { return max(64, p.legend.height()-legendLine) }

// bandwidth names the bandwidth that the panel shows.
func (p *flowPanel) bandwidth() string {
	switch {
	case p.tier.Bandwidth.Shared:
		return "bandwidth"
	case p.flows[0].name == reading.name:
		return "read bandwidth"
	}
	return "write bandwidth"
}

// dress labels the panel's axis.
func (p *flowPanel) dress() {
	p.key = nil
	p.yLabel = fmt.Sprintf("%s: %s in use, of %s", tierName(p.tier), p.bandwidth(), speed(float64(p.available)))
	if p.peak > p.top {
		p.yLabel += fmt.Sprintf(" (cut off at %s)", percentLabel(p.top))
	}
}

// used returns the part of the bandwidth that the first n flows use in a window, on average.
func (p *flowPanel) used(w analyze.TierWindow, n int) float64 {
	sum := 0.0
	for _, f := range p.flows[:n] {
		if bytes := f.bytes(w); p.index < len(bytes) {
			sum += float64(bytes[p.index])
		}
	}
	return sum / p.tier.Bandwidth.WindowSeconds / float64(p.available)
}

// level returns the height of a use on the page.
func (p *flowPanel) level(used float64) vg.Length { return p.y(used / p.top) }

// upTo returns an edge that does not rise above a height: what exceeds a bandwidth is shaded, whatever flows make it up.
func upTo(limit vg.Length, edge []vg.Point) []vg.Point {
	out := slices.Clone(edge)
	for i := range out {
		out[i].Y = min(out[i].Y, limit)
	}
	return out
}

// flowColumn is the width of the columns that edges are thinned to: a pixel of a screen. The edges of several tiers would
// otherwise make large files.
const flowColumn = 2 * dot

// trace computes the edges of all areas.
func (p *flowPanel) trace(windows []analyze.TierWindow, axis timeAxis) {
	p.crowded = crowded(windows, axis, p.panel)
	for n := range p.flows {
		l := steps{thinner: thinner{width: flowColumn}}
		for _, w := range windows {
			l.add(p.x(axis.position(w.Start)), p.x(axis.position(w.End)), p.level(p.used(w, n+1)))
		}
		var edges [][]vg.Point
		for _, line := range l.done() {
			edges = append(edges, widened(line))
		}
		p.edges = append(p.edges, edges)
	}
	limit := p.level(1)
	for _, edge := range p.edges[len(p.edges)-1] {
		if !slices.ContainsFunc(edge, func(at vg.Point) bool { return at.Y > limit }) {
			continue
		}
		above := slices.Clone(edge)
		for i := range above {
			above[i].Y = max(above[i].Y, limit)
		}
		p.excess = append(p.excess, above)
	}
}

// draw paints the areas, the upper one first since it lies behind the lower one, and over them what exceeds the bandwidth.
func (p *flowPanel) draw(c *draw.Canvas, x []tick) {
	p.drawAxes(c, x, flowTicks(p.top))
	limit := p.level(1)
	for n, edges := range slices.Backward(p.edges) {
		for _, e := range edges {
			area(c, p.flows[n].color, upTo(limit, e), p.panel.Min.Y)
		}
	}
	for _, e := range p.excess {
		area(c, excessStyle.Color, e, limit)
	}
	for n, edges := range p.edges {
		if p.crowded {
			break
		}
		style := edgeStyle
		if n < len(p.edges)-1 {
			style = draw.LineStyle{Color: paper, Width: 0.4}
		}
		c.StrokeLines(style, broad(edges)...)
	}
	c.StrokeLine2(limitStyle, p.panel.Min.X, limit, p.panel.Max.X, limit)
	p.drawBaseLine(c)
	p.legend.draw(c, p.panel)
}
