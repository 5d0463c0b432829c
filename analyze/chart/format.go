package chart

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze/chart/internal/pdf"
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
	// A broken font panics.
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

func (p picture) pdf(b *bytes.Buffer) error {
	c := pdf.New(p.width, p.height)
	p.onPaper(pdfCanvas{c})
	_, err := c.WriteTo(b)
	return err
}
