package chart

import (
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze/chart/internal/lettering"
)

// familyName is the fonts' family name. Their widths equal those of Arial.
const familyName = "Liberation Sans"

var fonts = font.NewCache(liberation.Collection())

func face(size vg.Length, weight xfont.Weight) font.Face {
	return fonts.Lookup(font.Font{Typeface: "Liberation", Variant: "Sans", Weight: weight}, size)
}

// Font sizes, in points on a page 720 wide. In pixels, on a page 960 wide, they are a third larger.
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
	muted = color.NRGBA{0x55, 0x61, 0x6d, 0xff} // explanations
	rule  = color.NRGBA{0x8a, 0x96, 0xa3, 0xff} // base line and its ticks
	grid  = color.NRGBA{0xe4, 0xe8, 0xec, 0xff}

	tokenColor = palette[0]
)

// palette begins with Okabe and Ito's blue, vermilion and bluish green. The other colours are darker than theirs: each has a
// contrast of at least 3 to 1 to the paper, and the colour-blind can tell all of them apart.
var palette = []color.Color{
	color.NRGBA{0x00, 0x72, 0xb2, 0xff}, // blue
	color.NRGBA{0xd5, 0x5e, 0x00, 0xff}, // vermilion
	color.NRGBA{0x00, 0x9e, 0x73, 0xff}, // bluish green
	color.NRGBA{0x95, 0x1f, 0x6d, 0xff}, // purple
	color.NRGBA{0xba, 0x89, 0x4e, 0xff}, // sand
	color.NRGBA{0x12, 0x94, 0xff, 0xff}, // azure
	color.NRGBA{0x30, 0x30, 0x30, 0xff}, // black
	color.NRGBA{0x59, 0x60, 0x2d, 0xff}, // olive
}

// lineDashes tell apart lines of the same colour if there are more lines than colours.
var lineDashes = [][]vg.Length{nil, {4, 1.6}, {6, 1.6, 1.4, 1.6}, {1.4, 1.4}}

// cumulativeStyle returns the style of the cumulative rate beside a line of windows. A light ground with the same dashes sets
// it off, so that the window lines stay visible in the gaps and don't look broken.
func cumulativeStyle(line draw.LineStyle) draw.LineStyle {
	line.Width = 0.5 + 0.7*line.Width
	line.Dashes = []vg.Length{4, 2.5}
	return line
}

// firstFont returns the font of a face, before others fill its gaps.
func firstFont(f font.Face) *lettering.Font {
	if f.Font.Weight == xfont.WeightBold {
		return lettering.Bold
	}
	return lettering.Regular
}

// advance returns a letter's width.
func advance(buf *sfnt.Buffer, f font.Face, r rune) vg.Length {
	em := fixed.Int26_6(f.Face.UnitsPerEm())
	glyph, err := f.Face.GlyphIndex(buf, r)
	if err != nil || glyph == 0 {
		return shapedWidth(f, string(r))
	}
	a, err := f.Face.GlyphAdvance(buf, glyph, em, xfont.HintingNone)
	if err != nil {
		return f.Font.Size
	}
	return vg.Length(a) * f.Font.Size / vg.Length(em)
}

// shapedWidth returns the width of a text whose letters depend on their neighbours or come from several fonts.
func shapedWidth(f font.Face, s string) vg.Length {
	_, ems := lettering.Shape(firstFont(f), s)
	return vg.Length(ems) * f.Font.Size
}

// textWidth returns an upper bound on the width of s. It leaves out kerning, on which no two formats agree.
func textWidth(f font.Face, s string) vg.Length { return extendedWidth(0, f, s) }

// extendedWidth returns the width of a text of width w once s is appended.
func extendedWidth(w vg.Length, f font.Face, s string) vg.Length {
	if !lettering.Plain(firstFont(f), s) {
		return w + shapedWidth(f, s)
	}
	var buf sfnt.Buffer
	for _, r := range s {
		w += advance(&buf, f, r)
	}
	return w
}

// Alignment of a text relative to its point.
const (
	fromLeft = 0.0
	centred  = 0.5
	toRight  = 1.0
)

// text writes s with its baseline at y.
func text(c *draw.Canvas, f font.Face, col color.Color, x, y vg.Length, align float64, s string) {
	if s == "" {
		return
	}
	if align != fromLeft {
		x -= vg.Length(align) * textWidth(f, s)
	}
	c.SetColor(col)
	c.FillString(f, vg.Point{X: x, Y: y}, s)
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

// contrast returns the contrast ratio of two colours, from 1 to 21, as WCAG 2.1 defines it.
func contrast(a, b color.NRGBA) float64 {
	light, dark := luminance(a), luminance(b)
	return (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
}

// luminance returns the relative luminance of a colour, from 0 to 1, as WCAG 2.1 defines it.
func luminance(c color.NRGBA) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}
