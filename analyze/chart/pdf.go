package chart

import (
	xfont "golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgpdf"
)

// pdfCanvas corrects the text of a vgpdf canvas. vgpdf writes the bytes of a string as they are, although the fonts it
// embeds are encoded in Windows-1252, and it embeds only the first of several fonts. Text that one font in that encoding
// cannot write is drawn as outlines.
type pdfCanvas struct{ *vgpdf.Canvas }

func (c pdfCanvas) FillString(f font.Face, at vg.Point, s string) {
	s = boxed(f, s)
	if encoded, ok := windows1252(s); ok && f.Font.Weight == xfont.WeightNormal {
		c.Canvas.FillString(f, at, encoded)
		return
	}
	c.Fill(outline(f, at, s))
}

// windows1252High holds the letters in use between 0x80 and 0x9f, where the encoding differs from Latin-1.
var windows1252High = map[rune]byte{'€': 0x80, '…': 0x85, '‘': 0x91, '’': 0x92, '“': 0x93, '”': 0x94, '•': 0x95, '–': 0x96, '—': 0x97}

// windows1252 encodes s; ok is false if it cannot.
func windows1252(s string) (string, bool) {
	b := make([]byte, 0, len(s))
	for _, r := range s {
		switch high, ok := windows1252High[r]; {
		case ok:
			b = append(b, high)
		case r < 0x80, 0xa0 <= r && r <= 0xff:
			b = append(b, byte(r))
		default:
			return "", false
		}
	}
	return string(b), true
}

// outline returns the text as a path.
func outline(f font.Face, at vg.Point, s string) vg.Path {
	var (
		p    vg.Path
		buf  sfnt.Buffer
		em   = fixed.Int26_6(f.Face.UnitsPerEm()) // so that coordinates are in font units
		unit = f.Font.Size / vg.Length(em)
	)
	for _, r := range s {
		glyph, err := f.Face.GlyphIndex(&buf, r)
		if err != nil {
			continue
		}
		segments, err := f.Face.LoadGlyph(&buf, glyph, em, nil)
		if err != nil {
			continue
		}
		point := func(q fixed.Point26_6) vg.Point { // fonts count y downwards
			return vg.Point{X: at.X + vg.Length(q.X)*unit, Y: at.Y - vg.Length(q.Y)*unit}
		}
		for _, g := range segments {
			switch g.Op {
			case sfnt.SegmentOpMoveTo:
				p.Move(point(g.Args[0]))
			case sfnt.SegmentOpLineTo:
				p.Line(point(g.Args[0]))
			case sfnt.SegmentOpQuadTo:
				p.QuadTo(point(g.Args[0]), point(g.Args[1]))
			case sfnt.SegmentOpCubeTo:
				p.CubeTo(point(g.Args[0]), point(g.Args[1]), point(g.Args[2]))
			}
		}
		at.X += advance(&buf, f, r)
	}
	return p
}
