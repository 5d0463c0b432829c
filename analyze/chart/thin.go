package chart

import (
	"cmp"
	"math"

	"gonum.org/v1/plot/vg"
)

// thinner reduces lines to at most four points per pixel column that look like all the points given: where the line enters
// the column, its lowest and highest points there in order of arrival, and where it leaves.
//
// Points must come from left to right. The zero value draws in columns one dot wide.
type thinner struct {
	width vg.Length // of a column; 0: a dot

	lines [][]vg.Point
	line  []vg.Point // under construction

	column int    // column of the points below
	points bucket // points of the current column
}

// bucket holds the points of one column that may matter. n counts the points seen.
type bucket struct {
	n                      int
	first, low, high, last vg.Point
	lowAt, highAt          int
}

// add continues the line to p. A point that is not finite ends it instead.
func (t *thinner) add(p vg.Point) {
	if x := float64(p.X + p.Y); math.IsNaN(x) || math.IsInf(x, 0) {
		t.end()
		return
	}
	if column := int(math.Floor(float64(p.X / cmp.Or(t.width, dot)))); column != t.column {
		t.flush()
		t.column = column
	}
	t.points.add(p)
}

// end ends the line; the next point begins another.
func (t *thinner) end() {
	t.flush()
	if len(t.line) > 0 {
		t.lines = append(t.lines, t.line)
		t.line = nil
	}
}

// done ends the last line and returns all lines.
func (t *thinner) done() [][]vg.Point {
	t.end()
	return t.lines
}

func (c *bucket) add(p vg.Point) {
	if c.n == 0 {
		*c = bucket{first: p, low: p, high: p}
	}
	if p.Y < c.low.Y {
		c.low, c.lowAt = p, c.n
	}
	if p.Y > c.high.Y {
		c.high, c.highAt = p, c.n
	}
	c.last = p
	c.n++
}

func (t *thinner) flush() {
	c := t.points
	if c.n == 0 {
		return
	}
	second, third := c.low, c.high
	if c.highAt < c.lowAt {
		second, third = c.high, c.low
	}
	for i, p := range []vg.Point{c.first, second, third, c.last} {
		if i == 0 || p != t.line[len(t.line)-1] {
			t.line = append(t.line, p)
		}
	}
	t.points = bucket{}
}
