package chart

import (
	"image"
	"image/color"
	"math"

	"github.com/go-text/typesetting/font/opentype"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze/chart/internal/lettering"
)

// FillString draws the same pixels as vgimg, several times faster: vgimg resamples every letter, although it neither scales
// nor rotates it. It knows no transformations, and no Push.
func (c *pngCanvas) FillString(f font.Face, at vg.Point, s string) {
	if !lettering.Plain(firstFont(f), s) {
		fillShaped(c, f, at, s)
		return
	}
	fix := func(x float64) fixed.Int26_6 { return fixed.Int26_6(math.Round(x * 64)) }
	pen := fixed.Point26_6{X: fix(at.X.Dots(dpi)), Y: fix(c.height.Dots(dpi) - at.Y.Dots(dpi))}
	face := f.FontFace(dpi)
	previous := rune(-1)
	for _, r := range s {
		if previous >= 0 {
			pen.X += face.Kern(previous, r)
		}
		bounds, mask, _, advance, ok := face.Glyph(pen, r)
		if !ok {
			continue
		}
		paint(c.pixels, bounds, mask.(*image.Alpha), c.color)
		pen.X += advance
		previous = r
	}
}

// fillShaped draws the outlines of a text whose letters depend on their neighbours or come from several fonts.
func fillShaped(c vg.Canvas, f font.Face, at vg.Point, s string) {
	glyphs, _ := lettering.Shape(firstFont(f), s)
	for _, g := range glyphs {
		if p := outline(g, f.Font.Size, at); len(p) > 0 {
			c.Fill(p)
		}
	}
}

// outline returns a glyph as a path, on a line that starts at at.
func outline(g lettering.Glyph, size vg.Length, at vg.Point) (p vg.Path) {
	at.X += vg.Length(g.X) * size
	at.Y += vg.Length(g.Y) * size
	unit := size / vg.Length(g.Font.UnitsPerEm())
	point := func(q opentype.SegmentPoint) vg.Point {
		return vg.Point{X: at.X + vg.Length(q.X)*unit, Y: at.Y + vg.Length(q.Y)*unit}
	}
	for _, s := range g.Font.Outline(g.ID) {
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			p.Move(point(s.Args[0]))
		case opentype.SegmentOpLineTo:
			p.Line(point(s.Args[0]))
		case opentype.SegmentOpQuadTo:
			p.QuadTo(point(s.Args[0]), point(s.Args[1]))
		case opentype.SegmentOpCubeTo:
			p.CubeTo(point(s.Args[0]), point(s.Args[1]), point(s.Args[2]))
		}
	}
	return p
}

// paint blends col into the part of im within r. The mask holds the opacity of each pixel of r.
func paint(im *image.RGBA, r image.Rectangle, mask *image.Alpha, col color.Color) {
	const opaque = 0xffff // all colours below have 16 bits
	red, green, blue, alpha := col.RGBA()
	visible := r.Intersect(im.Rect)
	for y := visible.Min.Y; y < visible.Max.Y; y++ {
		pixels := im.Pix[im.PixOffset(visible.Min.X, y):]
		covered := mask.Pix[mask.PixOffset(visible.Min.X-r.Min.X, y-r.Min.Y):][:visible.Dx()]
		for i, c := range covered {
			if c == 0 {
				continue
			}
			cover := 0x101 * uint32(c)
			transmitted := opaque - alpha*cover/opaque
			// vgimg, too, divides twice, although one division would be more exact.
			over := func(under uint8, value uint32) uint8 {
				return uint8((0x101*uint32(under)*transmitted/opaque + value*cover/opaque) >> 8)
			}
			p := pixels[4*i:][:4]
			p[0], p[1], p[2], p[3] = over(p[0], red), over(p[1], green), over(p[2], blue), over(p[3], alpha)
		}
	}
}
