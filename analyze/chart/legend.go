package chart

import (
	"fmt"
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// legend is a table to the right of a panel, with a row for each line or area.
type legend struct {
	heads []string
	rows  []legendRow
}

// legendRow describes a line or an area. The first column is left-aligned, the others are right-aligned.
type legendRow struct {
	style draw.LineStyle
	cells []string
}

const (
	legendLine   vg.Length = 14
	legendSwatch vg.Length = 18
	legendGap    vg.Length = 16 // distance to the panel
	legendColumn vg.Length = 12 // distance between columns
	mostLegend             = 48 // most rows shown; the legend says how many more there are
)

// width returns the room that the legend needs, including its distance to the panel.
func (l *legend) width() vg.Length {
	if len(l.rows) == 0 {
		return 0
	}
	w := legendGap + legendSwatch + 6
	for i := range l.heads {
		if i > 0 {
			w += legendColumn
		}
		w += l.columnWidth(i)
	}
	return w
}

func (l *legend) columnWidth(i int) vg.Length {
	w := textWidth(axisFace, l.heads[i])
	for _, r := range l.rows {
		w = max(w, textWidth(axisFace, r.cells[i]))
	}
	return w
}

// height returns the minimum height of the panel next to the legend.
func (l *legend) height() vg.Length {
	return legendLine * vg.Length(min(len(l.rows), mostLegend)+3)
}

func (l *legend) draw(c *draw.Canvas, panel vg.Rectangle) {
	left := panel.Max.X + legendGap
	y := panel.Max.Y - 6
	ends := l.ends()
	l.drawCells(c, left, y, ends, l.heads, muted)
	for _, r := range l.rows[:min(len(l.rows), mostLegend)] {
		y -= legendLine
		c.StrokeLine2(r.style, left, y+3, left+legendSwatch, y+3)
		l.drawCells(c, left, y, ends, r.cells, ink)
	}
	if more := len(l.rows) - mostLegend; more > 0 {
		text(c, axisFace, muted, left, y-legendLine, fromLeft, fmt.Sprintf("and %d more", more))
	}
}

// ends returns the right edges of the columns.
func (l *legend) ends() []vg.Length {
	out := make([]vg.Length, len(l.heads))
	right := pageWidth - margin
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = right
		right -= l.columnWidth(i) + legendColumn
	}
	return out
}

func (l *legend) drawCells(c *draw.Canvas, left, y vg.Length, ends []vg.Length, cells []string, col color.Color) {
	for i, s := range cells {
		if i == 0 {
			text(c, axisFace, col, left+legendSwatch+6, y, fromLeft, s)
			continue
		}
		text(c, axisFace, col, ends[i], y, toRight, s)
	}
}
