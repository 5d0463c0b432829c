package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// plane is a panel with capacities to the right and hit rates upwards.
type plane struct {
	layout
	across capacityAxis
	up     rateAxis
}

// rateCurve is a line of hit rates by capacity.
type rateCurve struct {
	capacities []int64 // rising
	rates      []float64
	joined     bool // nothing is known between two capacities: straight lines join them; else the line is level up to the next
}

// within returns the part of a curve that lies on an axis.
func (c rateCurve) within(a Axis) rateCurve {
	return rateCurve{within(a, c.capacities, c.capacities), within(a, c.capacities, c.rates), c.joined}
}

// through returns a joined curve with one more point, such as a target found between two of its capacities. Other curves hold
// all points already.
func (c rateCurve) through(capacity int64, rate float64) rateCurve {
	at, known := slices.BinarySearch(c.capacities, capacity)
	if known || !c.joined {
		return c
	}
	c.capacities = slices.Insert(slices.Clone(c.capacities), at, capacity)
	c.rates = slices.Insert(slices.Clone(c.rates), at, rate)
	return c
}

// between returns the lowest and the highest rate of curves.
func between(curves ...rateCurve) (lowest, highest float64) {
	lowest = 1
	for _, c := range curves {
		for _, rate := range c.rates {
			lowest, highest = min(lowest, fraction(rate)), max(highest, fraction(rate))
		}
	}
	return min(lowest, highest), highest
}

// point returns the place of a rate at a capacity.
func (p plane) point(capacity int64, rate float64) vg.Point {
	return vg.Point{X: p.x(p.across.position(capacity)), Y: p.level(rate)}
}

// level returns the height of a rate.
func (p plane) level(rate float64) vg.Length { return p.y(p.up.position(rate)) }

// trace returns a curve as lines, thinned to the pixels.
func (p plane) trace(curve rateCurve) [][]vg.Point {
	var line thinner
	var last vg.Length
	for i, c := range curve.capacities {
		at := p.point(c, curve.rates[i])
		if i > 0 && !curve.joined {
			line.add(vg.Point{X: at.X, Y: last})
		}
		line.add(at)
		last = at.Y
	}
	return line.done()
}

// drawPlane draws what lies under the lines: texts, grid, and ticks at round numbers and at the answers.
func (p plane) drawPlane(c *draw.Canvas, answers ...float64) {
	p.drawPaper(c, p.across.ticks(p.panel.Max.X-p.panel.Min.X), p.up.ticks(p.panel.Max.Y-p.panel.Min.Y, answers...))
}

// drawCeiling draws what an unlimited cache hits, with a label at the left, where the lines are low.
func (p plane) drawCeiling(c *draw.Canvas, rate float64) {
	if !(rate > 0) {
		return
	}
	y := p.level(rate)
	c.StrokeLine2(ceilingStyle, p.panel.Min.X, y, p.panel.Max.X, y)
	name := "ceiling " + percent(rate)
	at := y + 3
	if at+labelHeight > p.panel.Max.Y {
		at = y - labelHeight
	}
	fill(c, paper, box(p.panel.Min.X+5, at-1, textWidth(strongFace, name)+4, labelHeight))
	text(c, strongFace, muted, p.panel.Min.X+7, at+1, fromLeft, name)
}
