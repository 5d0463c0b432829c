package chart

import (
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// area fills the area between a line, drawn from left to right, and the base.
func area(c *draw.Canvas, col color.Color, line []vg.Point, base vg.Length) {
	left, right := line[0].X, line[len(line)-1].X
	corners := append([]vg.Point{{X: left, Y: base}}, line...)
	c.SetColor(col)
	c.Fill(polygon(append(corners, vg.Point{X: right, Y: base})))
}

// widened widens a line of steps that is too narrow to be visible, around its middle.
func widened(line []vg.Point) []vg.Point {
	const visible vg.Length = 2
	first, last := line[0].X, line[len(line)-1].X
	width := last - first
	if width >= visible {
		return line
	}
	middle := (first + last) / 2
	if width < dot {
		y := line[0].Y
		for _, p := range line {
			y = max(y, p.Y)
		}
		return []vg.Point{{X: middle - visible/2, Y: y}, {X: middle + visible/2, Y: y}}
	}
	out := slices.Clone(line)
	for i := range out {
		out[i].X = middle + (out[i].X-middle)*visible/width
	}
	return out
}

// broad returns the lines whose areas are wide enough not to be hidden by an outline.
func broad(lines [][]vg.Point) (out [][]vg.Point) {
	const enough vg.Length = 5
	for _, l := range lines {
		if len(l) == 2 || l[len(l)-1].X-l[0].X >= enough {
			out = append(out, l)
		}
	}
	return out
}
