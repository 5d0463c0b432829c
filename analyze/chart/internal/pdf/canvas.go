package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
)

// Canvas is the page of a PDF. It implements vg.Canvas but for FillString, for which it has [Canvas.Show].
type Canvas struct {
	// Title is the document's title.
	Title string

	width, height vg.Length
	page          bytes.Buffer // operators
	state         state
	saved         []state
	fonts         []*usedFont
	opacities     []float64
	images        []image.Image
}

// state is what Push saves beside what the PDF's own operators do.
type state struct{ lineWidth vg.Length }

// New returns an empty page.
func New(width, height vg.Length) *Canvas {
	c := &Canvas{width: width, height: height}
	c.op("1 j") // as in PNG, so that a spike doesn't reach beyond its value
	c.SetLineWidth(vg.Points(1))
	c.SetColor(color.Black)
	return c
}

// number prints a number as PDF wants it, to the thousandth.
func number(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "0"
	}
	if s := strconv.FormatFloat(math.Round(x*1000)/1000, 'f', -1, 64); s != "-0" {
		return s
	}
	return "0"
}

// op writes an operator after its operands, which are strings or numbers.
func (c *Canvas) op(operator string, operands ...float64) {
	for _, x := range operands {
		c.page.WriteString(number(x) + " ")
	}
	c.page.WriteString(operator + "\n")
}

// SetLineWidth sets the width of lines.
func (c *Canvas) SetLineWidth(w vg.Length) {
	c.state.lineWidth = w
	c.op("w", w.Points())
}

// SetLineDash sets lengths of dashes and gaps in turn.
func (c *Canvas) SetLineDash(pattern []vg.Length, offset vg.Length) {
	c.page.WriteString("[")
	for _, l := range pattern {
		c.page.WriteString(number(l.Points()) + " ")
	}
	c.page.WriteString("] ")
	c.op("d", offset.Points())
}

// SetColor sets the colour of lines, areas and text.
func (c *Canvas) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	n := color.NRGBAModel.Convert(col).(color.NRGBA)
	r, g, b := float64(n.R)/255, float64(n.G)/255, float64(n.B)/255
	c.op("rg", r, g, b)
	c.op("RG", r, g, b)
	c.op(fmt.Sprintf("/A%d gs", c.opacity(float64(n.A)/255)))
}

// opacity returns the index of an opacity.
func (c *Canvas) opacity(a float64) int {
	for i, known := range c.opacities {
		if known == a {
			return i
		}
	}
	c.opacities = append(c.opacities, a)
	return len(c.opacities) - 1
}

// Rotate turns what follows counterclockwise.
func (c *Canvas) Rotate(radians float64) {
	sin, cos := math.Sincos(radians)
	c.op("cm", cos, sin, -sin, cos, 0, 0)
}

// Translate moves what follows.
func (c *Canvas) Translate(by vg.Point) { c.op("cm", 1, 0, 0, 1, by.X.Points(), by.Y.Points()) }

// Scale stretches what follows.
func (c *Canvas) Scale(x, y float64) { c.op("cm", x, 0, 0, y, 0, 0) }

// Push saves the colour, the line style and the transformation.
func (c *Canvas) Push() {
	c.saved = append(c.saved, c.state)
	c.op("q")
}

// Pop restores what Push saved.
func (c *Canvas) Pop() {
	c.state = c.saved[len(c.saved)-1]
	c.saved = c.saved[:len(c.saved)-1]
	c.op("Q")
}

// Stroke draws a line along a path.
func (c *Canvas) Stroke(p vg.Path) {
	if c.state.lineWidth > 0 {
		c.path(p)
		c.op("S")
	}
}

// Fill paints the inside of a path.
func (c *Canvas) Fill(p vg.Path) {
	c.path(p)
	c.op("f")
}

func (c *Canvas) path(p vg.Path) {
	var at vg.Point
	for i, s := range p {
		switch s.Type {
		case vg.MoveComp:
			c.op("m", s.Pos.X.Points(), s.Pos.Y.Points())
		case vg.LineComp:
			c.op("l", s.Pos.X.Points(), s.Pos.Y.Points())
		case vg.ArcComp:
			at = c.arc(s, i == 0)
			continue
		case vg.CurveComp:
			one, two := s.Control[0], s.Control[len(s.Control)-1]
			if len(s.Control) == 1 { // a quadratic curve, raised to a cubic one
				one, two = between(at, one), between(s.Pos, one)
			}
			c.curve(one, two, s.Pos)
		case vg.CloseComp:
			c.op("h")
			continue
		}
		at = s.Pos
	}
}

// between returns the point at two thirds of the way from a to b.
func between(a, b vg.Point) vg.Point {
	return vg.Point{X: a.X + (b.X-a.X)*2/3, Y: a.Y + (b.Y-a.Y)*2/3}
}

func (c *Canvas) curve(one, two, to vg.Point) {
	c.op("c", one.X.Points(), one.Y.Points(), two.X.Points(), two.Y.Points(), to.X.Points(), to.Y.Points())
}

// arc adds an arc, in pieces of at most a quarter of a circle, and a line to its start unless it begins a path. It returns its
// end. A curve is closest to an arc of angle a if its control points are 4/3 tan(a/4) radii away from its ends.
func (c *Canvas) arc(s vg.PathComp, begins bool) vg.Point {
	on := func(angle float64) vg.Point {
		sin, cos := math.Sincos(angle)
		return vg.Point{X: s.Pos.X + s.Radius*vg.Length(cos), Y: s.Pos.Y + s.Radius*vg.Length(sin)}
	}
	from := on(s.Start)
	operator := "l"
	if begins {
		operator = "m"
	}
	c.op(operator, from.X.Points(), from.Y.Points())
	pieces := max(1, math.Ceil(math.Abs(s.Angle)/(math.Pi/2)-1e-9))
	step := s.Angle / pieces
	reach := vg.Length(4. / 3 * math.Tan(step/4))
	for i := range int(pieces) {
		a, b := s.Start+float64(i)*step, s.Start+float64(i+1)*step
		p, q := on(a), on(b)
		one := vg.Point{X: p.X - (p.Y-s.Pos.Y)*reach, Y: p.Y + (p.X-s.Pos.X)*reach}
		two := vg.Point{X: q.X + (q.Y-s.Pos.Y)*reach, Y: q.Y - (q.X-s.Pos.X)*reach}
		c.curve(one, two, q)
		from = q
	}
	return from
}

// DrawImage draws an image into a rectangle. What is transparent becomes white.
func (c *Canvas) DrawImage(r vg.Rectangle, im image.Image) {
	c.op("q")
	size := r.Size()
	c.op("cm", size.X.Points(), 0, 0, size.Y.Points(), r.Min.X.Points(), r.Min.Y.Points())
	c.op(fmt.Sprintf("/I%d Do", len(c.images)))
	c.op("Q")
	c.images = append(c.images, im)
}
