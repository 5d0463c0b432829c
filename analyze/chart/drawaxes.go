package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// drawAxes draws the grid of the panel, and labels its axes and lines.
func (l layout) drawAxes(c *draw.Canvas, x, y []tick) {
	l.drawLevels(c, y)
	l.drawBase(c, x)
	l.drawKey(c)
}

// drawLevels draws the axis on the left: horizontal lines and labels, without a vertical line.
func (l layout) drawLevels(c *draw.Canvas, ticks []tick) {
	text(c, axisFace, muted, margin, l.panel.Max.Y+12, fromLeft, l.yLabel)
	for _, t := range ticks {
		y := l.y(t.at)
		if t.answer {
			c.StrokeLine2(answerStyle, l.panel.Min.X-4, y, l.panel.Min.X, y)
			text(c, axisFace, ink, l.panel.Min.X-7, y-3, toRight, t.label)
			continue
		}
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.6}, l.panel.Min.X, y, l.panel.Max.X, y)
		text(c, axisFace, muted, l.panel.Min.X-7, y-3, toRight, t.label)
	}
}

// answerStyle is the style of a tick at an answer.
var answerStyle = draw.LineStyle{Color: ink, Width: 0.8}

// drawBase draws the horizontal axis: the base line, its ticks, and vertical lines at labelled ticks.
func (l layout) drawBase(c *draw.Canvas, ticks []tick) {
	width := l.panel.Max.X - l.panel.Min.X
	bottom := l.panel.Min.Y
	rows := vg.Length(1)
	for _, t := range ticks {
		x, long := l.x(t.at), vg.Length(2)
		style, color := draw.LineStyle{Color: rule, Width: 0.6}, muted
		switch {
		case t.answer:
			long, style, color = 4, answerStyle, ink
		case t.label != "":
			long = 4
			c.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.6}, x, bottom, x, l.panel.Max.Y)
		}
		c.StrokeLine2(style, x, bottom-long, x, bottom)
		if l.bare {
			continue
		}
		from, _ := labelSpan(t.at, t.label, width)
		text(c, axisFace, color, l.panel.Min.X+from, bottom-13.5, fromLeft, t.label)
		if t.context != "" {
			rows = 2
			from, _ = labelSpan(t.at, t.context, width)
			text(c, axisFace, muted, l.panel.Min.X+from, bottom-13.5-axisLine, fromLeft, t.context)
		}
	}
	l.drawBaseLine(c)
	if !l.bare {
		text(c, axisFace, muted, l.x(0.5), bottom-15.5-axisLine*rows, centred, l.xLabel)
	}
}

func (l layout) drawBaseLine(c *draw.Canvas) {
	c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.8}, l.panel.Min.X, l.panel.Min.Y, l.panel.Max.X, l.panel.Min.Y)
}

// Spaces between the entries of a key, and between a line sample and its text.
const (
	keySwatch vg.Length = 18
	keySpace  vg.Length = 16
)

// keyStart returns the left edge of the key, including the space before it.
func (l layout) keyStart() vg.Length {
	x := l.panel.Max.X
	for _, e := range l.key {
		x -= textWidth(axisFace, e.text) + keySwatch + 5 + keySpace
	}
	return x
}

// drawKey says above the panel what the lines stand for, aligned to the right.
func (l layout) drawKey(c *draw.Canvas) {
	x, y := l.keyStart(), l.panel.Max.Y+12
	for _, e := range l.key {
		x += keySpace
		c.StrokeLine2(e.style, x, y+3, x+keySwatch, y+3)
		x += keySwatch + 5
		text(c, axisFace, ink, x, y, fromLeft, e.text)
		x += textWidth(axisFace, e.text)
	}
}
