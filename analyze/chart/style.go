package chart

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// familyName is how the fonts call themselves. They have the widths of Arial.
const familyName = "Liberation Sans"

var fonts = font.NewCache(liberation.Collection())

func face(size vg.Length, weight xfont.Weight) font.Face {
	return fonts.Lookup(font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, size)
}

// The sizes of type, in points on a page 720 wide (in pixels on a page 960 wide they are a third larger).
var (
	titleFace    = face(15, xfont.WeightBold)
	subtitleFace = face(9, xfont.WeightNormal)
	axisFace     = face(8.5, xfont.WeightNormal)
	labelFace    = face(8.5, xfont.WeightNormal)
	strongFace   = face(8.5, xfont.WeightBold)
	footFace     = face(7, xfont.WeightNormal)
)

var (
	paper = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	ink   = color.NRGBA{0x1b, 0x24, 0x2e, 0xff} // titles, labels
	muted = color.NRGBA{0x55, 0x61, 0x6d, 0xff} // what explains
	rule  = color.NRGBA{0x8a, 0x96, 0xa3, 0xff} // the base line and its ticks
	grid  = color.NRGBA{0xe4, 0xe8, 0xec, 0xff}

	tokenColor = palette[0]
	chunkColor = palette[1]
)

// palette is Okabe and Ito's, which stays distinct to the colour-blind, in an order that puts unlike colours first; its
// yellow, too light for a line on white, is darkened.
var palette = []color.Color{
	color.NRGBA{0x00, 0x72, 0xb2, 0xff}, // blue
	color.NRGBA{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	color.NRGBA{0x00, 0x9e, 0x73, 0xff}, // bluish green
	color.NRGBA{0xcc, 0x79, 0xa7, 0xff}, // reddish purple
	color.NRGBA{0xe6, 0x9f, 0x00, 0xff}, // orange
	color.NRGBA{0x56, 0xb4, 0xe9, 0xff}, // sky blue
	color.NRGBA{0x30, 0x30, 0x30, 0xff}, // black
	color.NRGBA{0xa8, 0x9b, 0x00, 0xff}, // yellow
}

// lineDashes set apart the lines of one colour, where there are more lines than colours.
var lineDashes = [][]vg.Length{nil, {4, 1.6}, {6, 1.6, 1.4, 1.6}, {1.4, 1.4}}

// seriesStyle is that of the i-th of several lines.
func seriesStyle(i int) draw.LineStyle {
	return draw.LineStyle{
		Color:  palette[i%len(palette)],
		Width:  0.9,
		Dashes: lineDashes[i/len(palette)%len(lineDashes)],
	}
}

// cumulativeStyle is that of the running rate that belongs to the i-th line.
func cumulativeStyle(i int) draw.LineStyle {
	return draw.LineStyle{Color: palette[i%len(palette)], Width: 1.3, Dashes: cumulativeDashes}
}

var cumulativeDashes = []vg.Length{4, 2.5}

// haloStyle is drawn under cumulative lines, which else would be lost among those of the windows. It has the same dashes:
// between them the lines of the windows go on, so that nobody takes them for broken.
var haloStyle = draw.LineStyle{Color: paper, Width: 2.3, Dashes: cumulativeDashes}

// advance is a letter's width. Letters that the font lacks count as a square at least, since where a viewer of SVG
// finds them in another font, they are mostly that wide.
func advance(f font.Face, r rune) vg.Length {
	var buf sfnt.Buffer
	em := fixed.Int26_6(f.Face.UnitsPerEm())
	glyph, err := f.Face.GlyphIndex(&buf, r)
	if err != nil {
		return f.Font.Size
	}
	a, err := f.Face.GlyphAdvance(&buf, glyph, em, xfont.HintingNone)
	if err != nil {
		return f.Font.Size
	}
	w := vg.Length(a) * f.Font.Size / vg.Length(em)
	if glyph == 0 {
		w = max(w, f.Font.Size)
	}
	return w
}

// textWidth is at least the width of s. It leaves out kerning, which no two of the formats agree on.
func textWidth(f font.Face, s string) vg.Length {
	var w vg.Length
	for _, r := range s {
		w += advance(f, r)
	}
	return w
}

// Where a text stands in relation to its point.
const (
	fromLeft = 0.0
	centred  = 0.5
	toRight  = 1.0
)

// text writes s with its base line at y.
func text(c *draw.Canvas, f font.Face, col color.Color, x, y vg.Length, align float64, s string) {
	if s == "" {
		return
	}
	c.SetColor(col)
	c.FillString(f, vg.Point{X: x - vg.Length(align)*textWidth(f, s), Y: y}, s)
}

// fill paints r.
func fill(c *draw.Canvas, col color.Color, r vg.Rectangle) {
	c.SetColor(col)
	c.Fill(r.Path())
}

// disc paints a filled circle.
func disc(c *draw.Canvas, col color.Color, at vg.Point, radius vg.Length) {
	c.DrawGlyphNoClip(draw.GlyphStyle{Color: col, Radius: radius, Shape: draw.CircleGlyph{}}, at)
}
