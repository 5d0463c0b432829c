package chart

import (
	"image"
	"image/color"
	"math"

	"git.sr.ht/~sbinet/gg"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// pngCanvas is a vgimg canvas that draws texts itself and handles long lines. vgimg's rasteriser takes time
// quadratic in a line's crossings of a pixel row: half a minute for a line that goes up and down in every column. Lines are
// therefore stroked in pieces.
type pngCanvas struct {
	*vgimg.Canvas
	pixels *image.RGBA
	height vg.Length
	color  color.Color
	dashes []vg.Length
	offset vg.Length
}

// newPNGCanvas returns a white canvas, rounded to whole pixels. It makes the image, because vgimg would make two.
func newPNGCanvas(width, height vg.Length) *pngCanvas {
	pixels := func(l vg.Length) int { return int(l/vg.Inch*dpi + 0.5) }
	im := image.NewRGBA(image.Rect(0, 0, pixels(width), pixels(height)))
	ctx := gg.NewContextForRGBA(im)
	ctx.SetLineCapButt()
	ctx.InvertY()
	c := vgimg.NewWith(vgimg.UseImageWithContext(im, ctx), vgimg.UseDPI(dpi))
	return &pngCanvas{Canvas: c, pixels: im, height: height}
}

func (c *pngCanvas) SetColor(col color.Color) {
	c.color = col
	c.Canvas.SetColor(col)
}

func (c *pngCanvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	c.dashes, c.offset = dashes, offset
	c.Canvas.SetLineDash(dashes, offset)
}

// pieceLength is how many points are stroked at a time.
const pieceLength = 64

func (c *pngCanvas) Stroke(p vg.Path) {
	if len(p) <= 2*pieceLength || !polyline(p) {
		c.Canvas.Stroke(p)
		return
	}
	var piece vg.Path
	offset := c.offset
	for len(p) > 1 {
		n := min(pieceLength, len(p))
		piece = append(piece[:0], p[:n]...)
		piece[0].Type = vg.MoveComp
		c.Canvas.SetLineDash(c.dashes, offset)
		c.Canvas.Stroke(piece)
		if n == len(p) {
			break
		}
		// The last segment is drawn again with the next piece, so that the corner between the pieces is rounded.
		for i := 1; i < n-1; i++ {
			offset += distance(p[i-1].Pos, p[i].Pos)
		}
		p = p[n-2:]
	}
	c.Canvas.SetLineDash(c.dashes, c.offset)
}

// Fill fills a long shape in slices of whole pixel columns, for the same reason.
func (c *pngCanvas) Fill(p vg.Path) {
	outline := p[:max(len(p)-1, 0)]
	if len(p) <= 2*pieceLength || p[len(p)-1].Type != vg.CloseComp || !polyline(outline) {
		c.Canvas.Fill(p)
		return
	}
	corners := make([]vg.Point, len(outline))
	left, right := vg.Length(math.Inf(1)), vg.Length(math.Inf(-1))
	for i, s := range outline {
		corners[i] = s.Pos
		left, right = min(left, s.Pos.X), max(right, s.Pos.X)
	}
	for column := math.Floor(float64(left / dot)); vg.Length(column)*dot < right; column += sliceColumns {
		slice := cut(corners, vg.Length(column)*dot, true)
		if slice = cut(slice, vg.Length(column+sliceColumns)*dot, false); len(slice) > 0 {
			c.Canvas.Fill(polygon(slice))
		}
	}
}

// sliceColumns is how many pixel columns are filled at a time.
const sliceColumns = 16

// cut returns the part of a shape on one side of a vertical line (Sutherland–Hodgman clipping).
func cut(corners []vg.Point, x vg.Length, rightOf bool) []vg.Point {
	inside := func(p vg.Point) bool { return rightOf == (p.X >= x) || p.X == x }
	var out []vg.Point
	for i, b := range corners {
		a := corners[(i+len(corners)-1)%len(corners)]
		if inside(a) != inside(b) {
			out = append(out, vg.Point{X: x, Y: a.Y + (b.Y-a.Y)*(x-a.X)/(b.X-a.X)})
		}
		if inside(b) {
			out = append(out, b)
		}
	}
	return out
}

// polygon returns the closed path through all corners.
func polygon(corners []vg.Point) vg.Path {
	var p vg.Path
	for i, at := range corners {
		if i == 0 {
			p.Move(at)
			continue
		}
		p.Line(at)
	}
	p.Close()
	return p
}

// polyline reports whether p is a single line of straight segments.
func polyline(p vg.Path) bool {
	for i, s := range p {
		if s.Type != vg.LineComp && (i > 0 || s.Type != vg.MoveComp) {
			return false
		}
	}
	return true
}
