package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// widestName is the maximum width of the name of a class.
const widestName vg.Length = 130

// together draws all classes in one panel.
func (ch *byChart) together(f frame) picture {
	labels := ch.endLabels()
	f.side = endLabelsWidth(labels)
	f.minimum = endLine * vg.Length(len(labels))
	f.xLabel = ch.across.label(ch.across.ticks(f.panelWidth()))
	f.yLabel = ch.read(f.panelWidth())
	ch.layout = f.lay(1)
	var styles []draw.LineStyle
	for i, l := range ch.each() {
		l.line = ch.trace(l.curve)
		styles = append(styles, labels[i].style)
		labels[i].value = percent(l.end())
		labels[i].end = ch.level(l.end())
	}
	spread(labels, ch.panel.Min.Y+endLine/2, ch.panel.Max.Y-endLine/2)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) {
		ch.drawPlane(c)
		for i, l := range ch.each() {
			c.StrokeLines(styles[i], l.line...)
		}
		ch.drawEndLabels(c, labels)
		ch.sayWhyEmpty(c, ch.report, ch.whole.tokens)
	}}
}

// endLabels returns the labels of each line, not placed yet. Their values are as wide as any.
func (ch *byChart) endLabels() []endLabel {
	const widest = "99.97 %"
	labels := []endLabel{{style: wholeStyle, text: ch.whole.name, value: widest}}
	for i := range ch.lines {
		labels = append(labels, endLabel{style: ch.style(i), text: shorten(axisFace, ch.label(&ch.lines[i]), widestName), value: widest})
	}
	return labels
}
