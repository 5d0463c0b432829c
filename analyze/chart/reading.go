package chart

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
)

// readingPanel shows how fast tiers are read, and how fast they can be.
type readingPanel struct {
	tiers  []readTier
	axis   Axis // of bytes a second
	ticks  []tick
	legend legend

	layout
}

// readTier is a tier whose bandwidth is known.
type readTier struct {
	analyze.TierResult
	tier  int // its place in the report
	style draw.LineStyle
	lines [][]vg.Point
}

var availableDashes = []vg.Length{5, 2.5}

// newReadingPanel returns nil where no bandwidth is known.
func newReadingPanel(tiers []analyze.TierResult) *readingPanel {
	p := &readingPanel{legend: legend{heads: []string{"Tier", "Peak", "Available"}}}
	for i, t := range slices.Backward(tiers) {
		if t.Bandwidth == nil || t.Bandwidth.Available == nil {
			continue
		}
		style := draw.LineStyle{Color: shade(i, len(tiers)), Width: 1.2}
		p.tiers = append(p.tiers, readTier{TierResult: t, tier: i, style: style})
		style.Width = 2
		p.legend.rows = append(p.legend.rows, legendRow{style,
			[]string{tierName(t), speed(whole(t.Bandwidth.Peak)), speed(*t.Bandwidth.Available)}})
	}
	if p.tiers == nil {
		return nil
	}
	p.axis = p.scale()
	p.ticks = speedTicks(p.axis)
	return p
}

// speed prints bytes a second.
func speed(n int64) string { return analyze.FormatBytes(n) + "/s" }

// most is the largest speed that an axis is made for.
const most = 1 << 60

// whole makes a whole number of any speed.
func whole(rate float64) int64 {
	if !(rate > 0) {
		return 0
	}
	return int64(min(rate, most))
}

// scale is that of an axis that shows the peak and the bandwidth of each tier. It begins at 0 where each is legible then,
// else it is logarithmic.
func (p *readingPanel) scale() Axis {
	low, high := int64(math.MaxInt64), int64(1)
	for _, t := range p.tiers {
		for _, n := range []int64{whole(t.Bandwidth.Peak), min(*t.Bandwidth.Available, most)} {
			if n > 0 {
				low, high = min(low, n), max(high, n)
			}
		}
	}
	if low < high/10 {
		return Axis{From: int64(1) << max(bits.Len64(uint64(low))-3, 0), To: int64(1) << bits.Len64(uint64(high))}
	}
	step := roundStep(high/4+1, analyze.Bytes)
	return Axis{From: 0, To: (high/step + 1) * step, Linear: true}
}

// speedTicks are those of an axis of bytes a second, all labelled.
func speedTicks(a Axis) []tick {
	const comfortable = 6
	ticks := evenTicks(a, analyze.Bytes, 4)
	if a.Linear && ticks[0].at > 0 {
		ticks = append([]tick{{at: 0, label: exactLabel(0, analyze.Bytes)}}, ticks...)
	}
	for every := 1; !a.Linear; every++ {
		ticks = powerTicks(a, analyze.Bytes, every)
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

// fitInto makes room for the panel in a frame, and says which tiers are read faster than they can be.
func (p *readingPanel) fitInto(f frame, windows int) frame {
	f.minimum = max(panelHeight, f.minimum) + panelGap + p.height()
	f.side = max(f.side, p.legend.width())
	for _, t := range p.ticks {
		f.left = max(f.left, textWidth(axisFace, t.label)+7)
	}
	var line []string
	for _, t := range p.tiers {
		if above := t.Bandwidth.Above; above != nil && *above > 0 {
			line = append(line, exceeded(t.TierResult, windows))
		}
	}
	if len(line) > 0 {
		line[0] = "More is asked for than there is bandwidth: " + line[0]
		f.notes = append(f.notes, line)
	}
	return f
}

// exceeded says of a tier in how many windows more is read than there is bandwidth.
func exceeded(t analyze.TierResult, windows int) string {
	return fmt.Sprintf("%s in %s of %s", tierName(t), plainNumber(*t.Bandwidth.Above), analyze.Count(int64(windows), "window"))
}

// height is that of the panel.
func (p *readingPanel) height() vg.Length { return max(110, p.legend.height()) }

// dress says what the panel's own axis and lines are.
func (p *readingPanel) dress() {
	p.yLabel = "Bytes read from the tier"
	if !p.axis.Linear {
		p.yLabel += " (logarithmic; the base line is " + speed(p.axis.From) + " or less)"
	}
	read := draw.LineStyle{Color: muted, Width: 1.2}
	available := draw.LineStyle{Color: muted, Width: 1.2, Dashes: availableDashes}
	p.key = []keyEntry{{read, "per window"}, {available, "available"}}
}

// trace makes the lines of all tiers.
func (p *readingPanel) trace(windows []analyze.TierWindow, axis timeAxis) {
	lines := make([]steps, len(p.tiers))
	for _, w := range windows {
		from, to := p.x(axis.position(w.Start)), p.x(axis.position(w.End))
		for i, t := range p.tiers {
			rate := 0.0
			if t.tier < len(w.Bytes) {
				rate = float64(w.Bytes[t.tier]) / t.Bandwidth.WindowSeconds
			}
			lines[i].add(from, to, p.level(whole(rate)))
		}
	}
	for i := range lines {
		p.tiers[i].lines = lines[i].done()
	}
}

// level is where a speed lies on the page.
func (p *readingPanel) level(n int64) vg.Length { return p.y(p.axis.position(n)) }

func (p *readingPanel) draw(c *draw.Canvas, x []tick) {
	p.drawAxes(c, x, p.ticks)
	for _, t := range p.tiers {
		c.StrokeLines(t.style, t.lines...)
		drawDots(c, t.style, t.lines)
	}
	for _, t := range p.tiers {
		style := t.style
		style.Dashes = availableDashes
		y := p.level(*t.Bandwidth.Available)
		c.StrokeLine2(style, p.panel.Min.X, y, p.panel.Max.X, y)
	}
	p.legend.draw(c, p.panel)
}
