package chart

import (
	"fmt"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// The legend stands to the right of the panel: a line for each capacity, with its rate over all windows.
const (
	legendLine   vg.Length = 14
	legendSwatch vg.Length = 18
	legendGap    vg.Length = 16 // to the panel
	legendColumn vg.Length = 12 // between the columns
	mostLegend             = 48
)

const capacityHead, overallHead = "Capacity", "Overall"

// legendWidth is the room that the legend needs, its distance to the panel included.
func (ch *rollingChart) legendWidth() vg.Length {
	if len(ch.series) == 0 {
		return 0
	}
	return legendGap + legendSwatch + 6 + ch.nameWidth() + legendColumn + textWidth(axisFace, overallHead)
}

func (ch *rollingChart) nameWidth() vg.Length {
	w := textWidth(axisFace, capacityHead)
	for _, s := range ch.series {
		w = max(w, textWidth(axisFace, s.name))
	}
	return w
}

func (ch *rollingChart) drawLegend(c *draw.Canvas) {
	right := pageWidth - margin
	left := ch.panel.Max.X + legendGap
	y := ch.panel.Max.Y - 6
	text(c, axisFace, muted, left+legendSwatch+6, y, fromLeft, capacityHead)
	text(c, axisFace, muted, right, y, toRight, overallHead)
	for i, s := range ch.series[:len(ch.series)-ch.more] {
		y -= legendLine
		style := seriesStyle(i)
		style.Width = 2
		c.StrokeLine2(style, left, y+3, left+legendSwatch, y+3)
		text(c, axisFace, ink, left+legendSwatch+6, y, fromLeft, s.name)
		text(c, axisFace, ink, right, y, toRight, percent(s.overall))
	}
	if ch.more > 0 {
		text(c, axisFace, muted, left, y-legendLine, fromLeft, fmt.Sprintf("and %d more", ch.more))
	}
}
