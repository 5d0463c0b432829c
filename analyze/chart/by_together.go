package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Labels at the ends of curves.
const (
	endLead    vg.Length = 16 // from the end of a curve to its label
	endLine    vg.Length = 12 // height of a label
	widestName vg.Length = 130
)

// endLabel is a label to the right of a panel, at the end of a curve.
type endLabel struct {
	style draw.LineStyle
	text  string
	rate  float64
	end   vg.Length // y of the end of the curve
	y     vg.Length // y of the middle of the label
}

// together draws all classes in one panel.
func (ch *byChart) together(f frame) picture {
	labels := ch.endLabels()
	for _, l := range labels {
		f.side = max(f.side, endLead+4+textWidth(labelFace, l.text+"  100.0 %"))
	}
	f.minimum = endLine * vg.Length(len(labels))
	x := capacityTicks(ch.axis, ch.unit, f.panelWidth())
	f.xLabel = capacityLabel(ch.unit, x)
	ch.read(f.panelWidth())
	ch.layout = f.lay(1)
	for i, l := range ch.each() {
		l.line = ch.trace(ch.layout, l)
		labels[i].rate = l.end()
		labels[i].end = ch.y(l.end() / ch.top)
	}
	spread(labels, ch.panel.Min.Y, ch.panel.Max.Y)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) {
		ch.drawPaper(c, x, rateTicks(ch.top))
		ch.drawTogether(c, labels)
	}}
}

// endLabels returns the labels of each line, not placed yet.
func (ch *byChart) endLabels() []endLabel {
	labels := []endLabel{{style: wholeStyle, text: ch.whole.name}}
	for i := range ch.lines {
		labels = append(labels, endLabel{style: ch.style(i), text: shorten(labelFace, ch.label(&ch.lines[i]), widestName)})
	}
	return labels
}

// spread places labels as near to the ends of their curves as they fit above each other between two heights.
func spread(labels []endLabel, low, high vg.Length) {
	order := make([]*endLabel, len(labels))
	for i := range labels {
		order[i] = &labels[i]
	}
	slices.SortStableFunc(order, func(a, b *endLabel) int { return cmp.Compare(a.end, b.end) })
	var heaps []heap
	for _, l := range order {
		heaps = append(heaps, heap{n: 1, middle: l.end}.within(low, high))
		for n := len(heaps); n > 1 && heaps[n-2].overlaps(heaps[n-1]); n = len(heaps) {
			heaps = append(heaps[:n-2], heaps[n-2].join(heaps[n-1]).within(low, high))
		}
	}
	for _, h := range heaps {
		for i, l := range order[:h.n] {
			l.y = h.bottom() + endLine*(vg.Length(i)+0.5)
		}
		order = order[h.n:]
	}
}

// heap is some labels directly above each other.
type heap struct {
	n      int
	middle vg.Length
}

func (h heap) bottom() vg.Length { return h.middle - endLine*vg.Length(h.n)/2 }

func (h heap) overlaps(above heap) bool {
	return h.bottom()+endLine*vg.Length(h.n) > above.bottom()
}

// join returns both heaps as one, with each label as near to its place as the others.
func (h heap) join(other heap) heap {
	n := h.n + other.n
	return heap{n, (h.middle*vg.Length(h.n) + other.middle*vg.Length(other.n)) / vg.Length(n)}
}

// within moves the heap between two heights.
func (h heap) within(low, high vg.Length) heap {
	half := endLine * vg.Length(h.n) / 2
	h.middle = max(min(h.middle, high-half), low+half)
	return h
}

func (ch *byChart) drawTogether(c *draw.Canvas, labels []endLabel) {
	for i, l := range ch.each() {
		c.StrokeLines(labels[i].style, l.line...)
	}
	right := ch.panel.Max.X
	for _, l := range labels {
		lead := draw.LineStyle{Color: l.style.Color, Width: 0.7}
		c.StrokeLines(lead, []vg.Point{{X: right, Y: l.end}, {X: right + 4, Y: l.end}, {X: right + endLead - 5, Y: l.y}, {X: right + endLead - 1, Y: l.y}})
		text(c, labelFace, ink, right+endLead+2, l.y-3, fromLeft, l.text)
		text(c, labelFace, muted, pageWidth-margin, l.y-3, toRight, percent(l.rate))
	}
	if ch.whole.tokens == 0 {
		ch.say(c, "No tokens were replayed")
	}
}
