package chart

import (
	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/vg"
)

// TextWidth returns the width in points of a text in the font of the charts, of some size in points. A page that shows a chart
// where this font is missing can fit its texts to the room they have.
func TextWidth(s string, size float64, bold bool) float64 {
	weight := xfont.WeightNormal
	if bold {
		weight = xfont.WeightBold
	}
	return float64(textWidth(face(vg.Length(size), weight), s))
}
