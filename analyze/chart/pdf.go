package chart

import (
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"hashlog/analyze/chart/internal/lettering"
	"hashlog/analyze/chart/internal/pdf"
)

// pdfCanvas is the page of a PDF. Its text can be selected and searched, in any script.
type pdfCanvas struct{ *pdf.Canvas }

func (c pdfCanvas) FillString(f font.Face, at vg.Point, s string) {
	glyphs, _ := lettering.Shape(firstFont(f), s)
	c.Show(f.Font.Size, at, glyphs)
}

// describe names the document.
func (c pdfCanvas) describe(title, _ string) { c.Title = lettering.StripIsolates(title) }
