package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Small panels, one for each class.
const (
	panelSide vg.Length = 14 // between two panels of a row
	panelHead vg.Length = 24 // above a panel, with its name
	panelLow  vg.Length = 62 // height of a panel
)

// inPanels draws each class in a panel of its own, with the curve of all requests.
func (ch *byChart) inPanels(f frame) picture {
	columns := 3
	if len(ch.lines) > 9 {
		columns = 4
	}
	rows := (len(ch.lines) + columns - 1) / columns
	f.minimum = vg.Length(rows) * (panelHead + panelLow)
	width := (f.panelWidth() - panelSide*vg.Length(columns-1)) / vg.Length(columns)
	x := separated(ch.across.ticks(width), width)
	f.xLabel = ch.across.label(x)
	f.key = []keyEntry{{tokenStyle, "the class"}, {wholeStyle, ch.whole.name}}
	f.yLabel = ch.read(width)
	ch.layout = f.lay(1)
	panels := ch.cut(columns, rows, width)
	wholes := make([][][]vg.Point, len(panels))
	for i := range panels {
		ch.lines[i].line = panels[i].trace(ch.lines[i].curve)
		wholes[i] = panels[i].trace(ch.whole.curve)
	}
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) {
		ch.drawTexts(c)
		text(c, axisFace, muted, margin, ch.panel.Max.Y+12, fromLeft, ch.yLabel)
		ch.drawKey(c)
		for i, p := range panels {
			ch.drawPanel(c, p, i, x, ch.panelLevels(i%columns == 0), wholes[i])
		}
		text(c, axisFace, muted, ch.x(0.5), ch.panel.Min.Y-15.5-axisLine, centred, ch.xLabel)
	}}
}

// separated removes the last label of an axis if it would touch the first one of the next panel.
func separated(ticks []tick, width vg.Length) []tick {
	first := slices.IndexFunc(ticks, func(t tick) bool { return t.label != "" })
	last := lastLabelled(ticks)
	if last <= first {
		return ticks
	}
	start, _ := labelSpan(ticks[first].at, ticks[first].label, width)
	_, end := labelSpan(ticks[last].at, ticks[last].label, width)
	if end+4 > width+panelSide+start {
		ticks[last].label = ""
	}
	return ticks
}

// cut cuts the panel into small ones, a row after the other. Those without another below them label their capacities.
func (ch *byChart) cut(columns, rows int, width vg.Length) (panels []plane) {
	height := (ch.panel.Max.Y-ch.panel.Min.Y)/vg.Length(rows) - panelHead
	for i := range ch.lines {
		p := ch.plane
		left := ch.panel.Min.X + vg.Length(i%columns)*(width+panelSide)
		top := ch.panel.Max.Y - vg.Length(i/columns)*(height+panelHead) - panelHead
		p.panel = box(left, top-height, width, height)
		p.bare = i+columns < len(ch.lines)
		p.xLabel, p.yLabel, p.key = "", "", nil
		panels = append(panels, p)
	}
	return panels
}

// panelLevels returns the levels of a panel. Only the first panel of a row labels them.
func (ch *byChart) panelLevels(first bool) []tick {
	ticks := ch.up.halves()
	for i := range ticks {
		if !first {
			ticks[i].label = ""
		}
	}
	return ticks
}

// drawPanel draws class i in its panel.
func (ch *byChart) drawPanel(c *draw.Canvas, p plane, i int, x, y []tick, whole [][]vg.Point) {
	l := &ch.lines[i]
	p.drawLevels(c, y)
	p.drawBase(c, x)
	portion := percent(ratio(l.tokens, ch.whole.tokens)) + " of tokens"
	room := p.panel.Max.X - p.panel.Min.X - textWidth(footFace, portion) - 8
	text(c, strongFace, ink, p.panel.Min.X, p.panel.Max.Y+6, fromLeft, shorten(strongFace, ch.label(l), room))
	text(c, footFace, muted, p.panel.Max.X, p.panel.Max.Y+6, toRight, portion)
	c.StrokeLines(wholeStyle, whole...)
	c.StrokeLines(tokenStyle, l.line...)
	ch.drawEnd(c, p, l, whole)
}

// drawEnd writes the rate at the end of a curve, as near below it as it covers no line.
func (ch *byChart) drawEnd(c *draw.Canvas, p plane, l *classLine, whole [][]vg.Point) {
	value := percent(l.end())
	place := placer{bounds: p.panel, lines: append(whole[:len(whole):len(whole)], l.line...)}
	w := textWidth(labelFace, value)
	var candidates []vg.Rectangle
	for y := p.level(l.end()) - labelHeight - 4; y > p.panel.Min.Y; y -= 4 {
		candidates = append(candidates, box(p.panel.Max.X-w-2, y, w, labelHeight))
	}
	for y := p.level(l.end()) + 4; y < p.panel.Max.Y; y += 4 {
		candidates = append(candidates, box(p.panel.Max.X-w-2, y, w, labelHeight))
	}
	if at, ok := place.place(candidates); ok {
		fill(c, paper, grow(at, 1))
		text(c, labelFace, tokenColor, at.Max.X, at.Min.Y+labelDepth, toRight, value)
	}
}
