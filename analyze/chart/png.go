package chart

import (
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
)

// pngCanvas is vgimg's, but for missing letters, which that leaves out, and for long lines: its rasteriser takes time that grows with the square of a line's crossings
// of a pixel row, which for a line that goes up and down in every column is half a minute. They are stroked in pieces.
type pngCanvas struct {
	*vgimg.Canvas
	dashes []vg.Length
	offset vg.Length
}

func (c *pngCanvas) SetLineDash(dashes []vg.Length, offset vg.Length) {
	c.dashes, c.offset = dashes, offset
	c.Canvas.SetLineDash(dashes, offset)
}

// pieceLength is how many points are stroked together.
const pieceLength = 64

func (c *pngCanvas) Stroke(p vg.Path) {
	if len(p) <= 2*pieceLength || !polyline(p) {
		c.Canvas.Stroke(p)
		return
	}
	offset := c.offset
	for len(p) > 1 {
		n := min(pieceLength, len(p))
		piece := append(vg.Path(nil), p[:n]...)
		piece[0].Type = vg.MoveComp
		c.Canvas.SetLineDash(c.dashes, offset)
		c.Canvas.Stroke(piece)
		if n == len(p) {
			break
		}
		// The last stretch is drawn again with the next piece, so that the corner between them is rounded.
		for i := 1; i < n-1; i++ {
			offset += distance(p[i-1].Pos, p[i].Pos)
		}
		p = p[n-2:]
	}
	c.Canvas.SetLineDash(c.dashes, c.offset)
}

func (c *pngCanvas) FillString(f font.Face, at vg.Point, s string) {
	c.Canvas.FillString(f, at, boxed(f, s))
}

// polyline says whether p is one line of straight pieces.
func polyline(p vg.Path) bool {
	for i, s := range p {
		if s.Type != vg.LineComp && (i > 0 || s.Type != vg.MoveComp) {
			return false
		}
	}
	return true
}
