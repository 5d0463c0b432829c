package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgsvg"

	"hashlog/analyze/chart/internal/lettering"
)

// svgCanvas is a vgsvg canvas that keeps what vgsvg doesn't write: what the picture says in words, and how wide texts are.
type svgCanvas struct {
	*vgsvg.Canvas
	title, description string
	widths             []vg.Length // of all texts, in order; 0 if the viewer need not know
}

// FillString leaves the text to the viewer. Where other fonts than the expected one are needed, the viewer's may be of
// another width, so that the file tells the width for which there is room.
func (c *svgCanvas) FillString(f font.Face, at vg.Point, s string) {
	width := vg.Length(0)
	if first := firstFont(f); !lettering.Plain(first, s) && lettering.Complete(first, s) {
		width = textWidth(f, s)
	}
	c.widths = append(c.widths, width)
	c.Canvas.FillString(f, at, s)
}

func (c *svgCanvas) describe(title, description string) { c.title, c.description = title, description }

func (p picture) svg(b *bytes.Buffer) error {
	c := &svgCanvas{Canvas: vgsvg.New(p.width, p.height)}
	p.onPaper(c)
	var raw bytes.Buffer
	if _, err := c.WriteTo(&raw); err != nil {
		return err
	}
	c.finish(b, raw.Bytes())
	return nil
}

// svgFamily is the font family that the SVG canvas writes. svgFamilies adds fallbacks for viewers without it, those of the
// same widths first.
var (
	svgFamily   = []byte("font-family:" + familyName + ";")
	svgFamilies = []byte("font-family:'" + familyName + "',Arimo,Arial,Helvetica,sans-serif;")
	svgStart    = []byte("<svg ")
	svgText     = []byte("<text ")
)

// finish appends a file of vgsvg with what it lacks. No text can look like an element, since texts are escaped.
func (c *svgCanvas) finish(b *bytes.Buffer, raw []byte) {
	raw = bytes.ReplaceAll(raw, svgFamily, svgFamilies)
	before, rest, _ := bytes.Cut(raw, svgStart)
	attributes, rest, _ := bytes.Cut(rest, []byte(">\n"))
	// The names of elements are unique even where a page holds several pictures.
	h := fnv.New64a()
	h.Write(raw)
	id := fmt.Sprintf("%016x", h.Sum64())
	fmt.Fprintf(b, "%s<svg role=\"img\" aria-labelledby=\"title-%s desc-%s\" %s>\n", before, id, id, attributes)
	fmt.Fprintf(b, "<title id=\"title-%s\">%s</title>\n<desc id=\"desc-%s\">%s</desc>\n", id, escaped(c.title), id, escaped(c.description))
	for _, w := range c.widths {
		var before []byte
		before, rest, _ = bytes.Cut(rest, svgText)
		b.Write(before)
		b.Write(svgText)
		if w > 0 {
			fmt.Fprintf(b, "textLength=\"%.5g\" lengthAdjust=\"spacingAndGlyphs\" ", w.Points())
		}
	}
	b.Write(rest)
}

// escaped returns a text as it stands in XML.
func escaped(s string) string {
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(s)) // a bytes.Buffer takes everything
	return b.String()
}
