package chart

import (
	"image/color"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// heatColor returns the colour of a class: dark where little hits, light where much does.
func heatColor(class int) color.NRGBA { return shadeAt(float64(class) / (heatClasses - 1)) }

// percentLabel prints a whole percentage.
func percentLabel(rate float64) string { return strconv.FormatFloat(100*rate, 'f', 0, 64) + " %" }

// The key of the colours, to the right of the panel.
const (
	colorKeyGap   vg.Length = 18 // distance to the panel
	colorKeyBar   vg.Length = 12
	colorKeyClass           = 21 * dot // height of a colour, in whole pixels
)

var colorKeyWidth = colorKeyGap + max(colorKeyBar+7+textWidth(axisFace, "no traffic"), textWidth(axisFace, "Hit rate"))

// drawColorKey draws a column of all colours with rates beside it, and a blank field below.
func (ch *heatChart) drawColorKey(c *draw.Canvas) {
	left, top := snapped(ch.panel.Max.X+colorKeyGap), snapped(ch.panel.Max.Y-16)
	text(c, axisFace, muted, left, ch.panel.Max.Y-6, fromLeft, "Hit rate")
	bottom := top - heatClasses*colorKeyClass
	for class := range heatClasses {
		y := bottom + vg.Length(class)*colorKeyClass
		fill(c, heatColor(class), box(left, y, colorKeyBar, top-y))
	}
	for _, t := range rateTicks(ch.top) {
		y := bottom + vg.Length(t.at)*(top-bottom)
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.6}, left+colorKeyBar, y, left+colorKeyBar+3, y)
		text(c, axisFace, ink, left+colorKeyBar+7, y-3, fromLeft, t.label)
	}
	blank := box(left, bottom-24, colorKeyBar, colorKeyBar)
	outline := polygon([]vg.Point{blank.Min, {X: blank.Max.X, Y: blank.Min.Y}, blank.Max, {X: blank.Min.X, Y: blank.Max.Y}})
	c.SetLineStyle(draw.LineStyle{Color: rule, Width: 0.6})
	c.Stroke(outline)
	text(c, axisFace, ink, left+colorKeyBar+7, blank.Min.Y+3, fromLeft, "no traffic")
}
