package chart

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgpdf"
	"gonum.org/v1/plot/vg/vgsvg"
)

// Format is a picture's file format. Its text is also the file name extension.
type Format string

// The known formats.
const (
	PNG Format = "png" // 1920 pixels wide
	SVG Format = "svg"
	PDF Format = "pdf"
)

// ParseFormat parses the name of a format, in upper or lower case.
func ParseFormat(s string) (Format, error) {
	switch f := Format(strings.ToLower(s)); f {
	case PNG, SVG, PDF:
		return f, nil
	}
	return "", fmt.Errorf("picture format %q: must be png, svg or pdf", s)
}

// dpi is twice the density that a page is laid out for (96), so that a PNG is sharp on high-density screens.
const dpi = 192

// dot is the width of a device pixel. In every format, lines are thinned to this width.
const dot = vg.Inch / dpi

// picture is a page that is laid out and ready to be drawn.
type picture struct {
	width, height vg.Length
	draw          func(c *draw.Canvas)
}

// write draws p in format f. It writes nothing to w before the picture is complete.
func (p picture) write(w io.Writer, f Format) (err error) {
	// The PDF canvas panics if it cannot prepare its fonts in the directory for temporary files.
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("draw %s: %v", f, v)
		}
	}()
	var b bytes.Buffer
	switch f {
	case PNG:
		err = p.png(&b)
	case SVG:
		err = p.svg(&b)
	case PDF:
		err = p.pdf(&b)
	default:
		_, err = ParseFormat(string(f))
	}
	if err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

// on draws p on c, which is white.
func (p picture) on(c vg.Canvas) {
	dc := draw.NewCanvas(c, p.width, p.height)
	p.draw(&dc)
}

// onPaper paints c white before it draws p.
func (p picture) onPaper(c vg.Canvas) {
	page := draw.NewCanvas(c, p.width, p.height)
	fill(&page, paper, page.Rectangle)
	p.on(c)
}

func (p picture) png(b *bytes.Buffer) error {
	c := newPNGCanvas(p.width, p.height)
	p.on(c)
	return writePNG(b, c.pixels)
}

// svgFamily is the font family that the SVG canvas writes. svgFamilies adds fallbacks for viewers without it, those of the
// same widths first.
var (
	svgFamily   = []byte("font-family:" + familyName + ";")
	svgFamilies = []byte("font-family:'" + familyName + "',Arimo,Arial,Helvetica,sans-serif;")
)

func (p picture) svg(b *bytes.Buffer) error {
	c := vgsvg.New(p.width, p.height)
	p.onPaper(c)
	var raw bytes.Buffer
	if _, err := c.WriteTo(&raw); err != nil {
		return err
	}
	b.Write(bytes.ReplaceAll(raw.Bytes(), svgFamily, svgFamilies))
	return nil
}

// pdfDates matches the entries that would differ between two drawings of one report.
var pdfDates = regexp.MustCompile(`/(Creation|Mod)Date \(D:\d{14}\)`)

func (p picture) pdf(b *bytes.Buffer) error {
	c := vgpdf.New(p.width, p.height)
	p.onPaper(pdfCanvas{c})
	var raw bytes.Buffer
	if _, err := c.WriteTo(&raw); err != nil {
		return err
	}
	// Dates are overwritten with spaces, not removed, because a PDF's table of contents holds byte offsets.
	b.Write(pdfDates.ReplaceAllFunc(raw.Bytes(), func(m []byte) []byte {
		return bytes.Repeat([]byte{' '}, len(m))
	}))
	return nil
}
