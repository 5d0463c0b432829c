package pdf

import (
	"bytes"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze/chart/internal/lettering"
)

// Show writes glyphs on a line that starts at a point.
func (c *Canvas) Show(size vg.Length, at vg.Point, glyphs []lettering.Glyph) {
	c.op("BT")
	t := line{canvas: c, size: size, at: at}
	for len(glyphs) > 0 {
		n := 1
		for n < len(glyphs) && glyphs[n].Text == "" {
			n++
		}
		t.cluster(glyphs[:n])
		glyphs = glyphs[n:]
	}
	t.flush()
	c.op("ET")
}

// line is a line of text under construction.
type line struct {
	canvas *Canvas
	size   vg.Length
	at     vg.Point
	font   *usedFont
	x, y   float64      // of the pen, in ems from at
	codes  bytes.Buffer // of glyphs whose places follow from their widths
}

func (t *line) flush() {
	if t.codes.Len() > 0 {
		t.canvas.op("<" + t.codes.String() + "> Tj")
		t.codes.Reset()
	}
}

// cluster writes glyphs that stand for characters together. If there are several, their characters are written beside them,
// since the font tells only what a single glyph stands for.
func (t *line) cluster(glyphs []lettering.Glyph) {
	if len(glyphs) == 1 {
		t.glyph(glyphs[0])
		return
	}
	t.flush()
	t.canvas.op("/Span <</ActualText " + textString(glyphs[0].Text) + ">> BDC")
	for _, g := range glyphs {
		t.glyph(g)
	}
	t.flush()
	t.canvas.op("EMC")
}

// near is a distance in ems that no eye sees.
const near = 1e-3

func (t *line) glyph(g lettering.Glyph) {
	f := t.canvas.used(g)
	changed := f != t.font
	if changed {
		t.flush()
		t.canvas.page.WriteString("/F" + strconv.Itoa(f.index) + " ")
		t.canvas.op("Tf", t.size.Points())
		t.font = f
	}
	if changed || math.Abs(g.X-t.x) > near || math.Abs(g.Y-t.y) > near {
		t.flush()
		at := vg.Point{X: t.at.X + vg.Length(g.X)*t.size, Y: t.at.Y + vg.Length(g.Y)*t.size}
		t.canvas.op("Tm", 1, 0, 0, 1, at.X.Points(), at.Y.Points())
		t.x, t.y = g.X, g.Y
	}
	fmt.Fprintf(&t.codes, "%04X", g.ID)
	t.x += f.width(g.ID) / 1000
}
