package chart

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// flow is a direction of transfer: out of a tier, or into it.
type flow struct {
	label     string
	peak      func(*analyze.TierBandwidth) float64
	available func(*analyze.TierBandwidth) *int64
	bytes     func(analyze.TierWindow) []int64
	second    bool // for tiers that share their bandwidth, its panel also shows the sum of both directions
}

var (
	reading = flow{label: "Bytes read from the tier",
		peak:      func(b *analyze.TierBandwidth) float64 { return b.Peak },
		available: func(b *analyze.TierBandwidth) *int64 { return b.Available },
		bytes:     func(w analyze.TierWindow) []int64 { return w.Bytes }}
	writing = flow{label: "Bytes written to the tier", second: true,
		peak:      func(b *analyze.TierBandwidth) float64 { return b.PeakWrite },
		available: func(b *analyze.TierBandwidth) *int64 { return b.AvailableWrite },
		bytes:     func(w analyze.TierWindow) []int64 { return w.BytesWritten }}
)

// flowPanel shows how fast tiers are read or written, and their bandwidths.
type flowPanel struct {
	flow
	tiers  []flowTier
	axis   Axis // bytes per second
	ticks  []tick
	legend legend

	layout
}

// flowTier is a tier with a known bandwidth.
type flowTier struct {
	analyze.TierResult
	tier      int // index in the report
	style     draw.LineStyle
	peak      float64
	available int64
	lines     [][]vg.Point // bytes in this direction
	both      [][]vg.Point // bytes in both directions, if they share the bandwidth
}

var availableDashes = []vg.Length{5, 2.5}

// newFlowPanels returns a panel for reads and one for writes; none if no bandwidth is known.
func newFlowPanels(tiers []analyze.TierResult, windows []analyze.TierWindow) []*flowPanel {
	var panels []*flowPanel
	for _, f := range []flow{reading, writing} {
		if p := newFlowPanel(f, tiers, windows); len(p.tiers) > 0 {
			panels = append(panels, p)
		}
	}
	return panels
}

func newFlowPanel(f flow, tiers []analyze.TierResult, windows []analyze.TierWindow) *flowPanel {
	p := &flowPanel{flow: f, legend: legend{heads: []string{"Tier", "Peak", "Available"}}}
	for i, t := range slices.Backward(tiers) {
		if t.Bandwidth == nil || f.available(t.Bandwidth) == nil {
			continue
		}
		style := draw.LineStyle{Color: shade(i, len(tiers)), Width: 1.2}
		shown := flowTier{TierResult: t, tier: i, style: style, peak: f.peak(t.Bandwidth), available: *f.available(t.Bandwidth)}
		p.tiers = append(p.tiers, shown)
		style.Width = 2
		p.legend.rows = append(p.legend.rows, legendRow{style, []string{tierName(t), speed(whole(shown.peak)), speed(shown.available)}})
	}
	if len(p.tiers) > 0 {
		p.axis = p.scale(windows)
		p.ticks = speedTicks(p.axis)
	}
	return p
}

// showsBoth reports whether a tier has a line for both directions together.
func (p *flowPanel) showsBoth(t *flowTier) bool { return p.second && t.Bandwidth.Shared }

// speed prints bytes a second.
func speed(n int64) string { return units.FormatBandwidth(float64(n)) }

// most is the largest speed that an axis shows.
const most = 1 << 60

// whole rounds a speed to a whole number, at most most.
func whole(rate float64) int64 {
	if !(rate > 0) {
		return 0
	}
	return int64(min(rate, most))
}

// scale returns an axis that shows the peak and the bandwidth of each tier. It starts at 0 if all of them are legible then;
// otherwise it is logarithmic.
func (p *flowPanel) scale(windows []analyze.TierWindow) Axis {
	low, high := int64(math.MaxInt64), int64(1)
	for i := range p.tiers {
		t := &p.tiers[i]
		for _, n := range []int64{whole(t.peak), min(t.available, most), p.peakOfBoth(t, windows)} {
			if n > 0 {
				low, high = min(low, n), max(high, n)
			}
		}
	}
	if low < high/10 {
		return Axis{From: int64(1) << max(bits.Len64(uint64(low))-3, 0), To: int64(1) << bits.Len64(uint64(high))}
	}
	step := roundStep(high/4+1, units.Bytes)
	return Axis{From: 0, To: (high/step + 1) * step, Linear: true}
}

// peakOfBoth returns the highest total of both directions in a window, in bytes per second; 0 if the panel doesn't show the
// total.
func (p *flowPanel) peakOfBoth(t *flowTier, windows []analyze.TierWindow) (peak int64) {
	if !p.showsBoth(t) {
		return 0
	}
	for _, w := range windows {
		peak = max(peak, whole(t.rateOfBoth(w)))
	}
	return peak
}

// speedTicks returns the ticks of an axis of bytes per second, all labelled.
func speedTicks(a Axis) []tick {
	const comfortable = 6
	ticks := evenTicks(a, units.Bytes, 4)
	if a.Linear && ticks[0].at > 0 {
		ticks = append([]tick{{at: 0, label: exactLabel(0, units.Bytes)}}, ticks...)
	}
	for every := 1; !a.Linear; every++ {
		ticks = powerTicks(a, units.Bytes, every)
		if labelled(ticks) <= comfortable {
			break
		}
	}
	ticks = slices.DeleteFunc(ticks, func(t tick) bool { return t.label == "" })
	for i := range ticks {
		ticks[i].label += "/s"
	}
	return ticks
}

// fitInto makes room for the panel in a frame.
func (p *flowPanel) fitInto(f frame) frame {
	f.minimum += panelGap + p.height()
	f.side = max(f.side, p.legend.width())
	for _, t := range p.ticks {
		f.left = max(f.left, textWidth(axisFace, t.label)+7)
	}
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
func (p *flowPanel) height() vg.Length { return max(110, p.legend.height()) }

// dress labels the panel's axis and lines.
func (p *flowPanel) dress() {
	line := draw.LineStyle{Color: muted, Width: 1.2}
	available := draw.LineStyle{Color: muted, Width: 1.2, Dashes: availableDashes}
	p.key = []keyEntry{{line, "per window"}}
	if slices.ContainsFunc(p.tiers, func(t flowTier) bool { return p.showsBoth(&t) }) {
		p.key = append(p.key, keyEntry{bothStyle(line), "with reads"})
	}
	p.key = append(p.key, keyEntry{available, "available"})
	p.yLabel = p.label
	if p.axis.Linear {
		return
	}
	p.yLabel += " (logarithmic; the base line is " + speed(p.axis.From) + " or less)"
	if margin+textWidth(axisFace, p.yLabel) > p.keyStart() {
		p.yLabel = p.label + " (logarithmic)"
	}
}

// trace computes the lines of all tiers.
func (p *flowPanel) trace(windows []analyze.TierWindow, axis timeAxis) {
	for i := range p.tiers {
		t := &p.tiers[i]
		t.lines = p.line(windows, axis, func(w analyze.TierWindow) float64 { return t.rate(p.bytes(w)) })
		if p.showsBoth(t) {
			t.both = p.line(windows, axis, t.rateOfBoth)
		}
	}
}

// line computes a line of speeds by window.
func (p *flowPanel) line(windows []analyze.TierWindow, axis timeAxis, speed func(analyze.TierWindow) float64) [][]vg.Point {
	var l steps
	for _, w := range windows {
		l.add(p.x(axis.position(w.Start)), p.x(axis.position(w.End)), p.level(whole(speed(w))))
	}
	return l.done()
}

// rate returns the tier's share of a window's bytes, per second.
func (t *flowTier) rate(bytes []int64) float64 {
	if t.tier >= len(bytes) {
		return 0
	}
	return float64(bytes[t.tier]) / t.Bandwidth.WindowSeconds
}

// rateOfBoth returns the bytes read from and written to the tier in a window, per second.
func (t *flowTier) rateOfBoth(w analyze.TierWindow) float64 {
	return t.rate(w.Bytes) + t.rate(w.BytesWritten)
}

// bothStyle returns the line style for both directions together, given the style for one.
func bothStyle(s draw.LineStyle) draw.LineStyle {
	s.Width = 0.6
	return s
}

// level returns the height of a speed on the page.
func (p *flowPanel) level(n int64) vg.Length { return p.y(p.axis.position(n)) }

func (p *flowPanel) draw(c *draw.Canvas, x []tick) {
	p.drawAxes(c, x, p.ticks)
	for _, t := range p.tiers {
		c.StrokeLines(t.style, t.lines...)
		drawDots(c, t.style, t.lines)
	}
	for _, t := range p.tiers { // on top of the lines, which may coincide: a tier is asked for what the one before lacks
		c.StrokeLines(bothStyle(t.style), t.both...)
		drawDots(c, bothStyle(t.style), t.both)
	}
	for _, t := range p.tiers {
		style := t.style
		style.Dashes = availableDashes
		y := p.level(t.available)
		c.StrokeLine2(style, p.panel.Min.X, y, p.panel.Max.X, y)
	}
	p.legend.draw(c, p.panel)
}
