package chart

import (
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// windowLine is the line of the hit rates of windows: steps, apart for those with little traffic. Adjacent steps are joined,
// and the line is interrupted where there is no window. Done must be called before it is drawn.
type windowLine struct {
	full, faint [][]vg.Point
	ranges      [][]vg.Point // outlines of the ranges of windows drawn together

	fullPen, faintPen thinner
	high, low         []vg.Point // edges of the current range
	last              *slot
	y                 vg.Length
}

// add adds the step of a slot for a series.
func (l *windowLine) add(s *slot, series int, level func(rate float64) vg.Length) {
	if s.rates == nil {
		l.interrupt()
		return
	}
	rates := s.rates[series]
	y := level(rates.median)
	if l.last != nil && s.from-l.last.to > dot/2 {
		l.interrupt()
	}
	pen := &l.fullPen
	if s.thin {
		pen = &l.faintPen
	}
	if l.last != nil && s.thin != l.last.thin { // the edge between the two belongs to the faint one
		l.faintPen.add(vg.Point{X: s.from, Y: l.y})
		l.faintPen.add(vg.Point{X: s.from, Y: y})
		l.fullPen.end()
		if !s.thin {
			l.faintPen.end()
		}
	}
	pen.add(vg.Point{X: s.from, Y: y})
	pen.add(vg.Point{X: s.to, Y: y})
	if !s.thin && rates.low < rates.high {
		l.widen(s, level(rates.low), level(rates.high))
	} else {
		l.endRange()
	}
	l.last, l.y = s, y
}

// widen adds the range of a slot.
func (l *windowLine) widen(s *slot, low, high vg.Length) {
	l.high = append(l.high, vg.Point{X: s.from, Y: high}, vg.Point{X: s.to, Y: high})
	l.low = append(l.low, vg.Point{X: s.from, Y: low}, vg.Point{X: s.to, Y: low})
}

func (l *windowLine) endRange() {
	if len(l.high) > 0 {
		slices.Reverse(l.low)
		l.ranges = append(l.ranges, append(l.high, l.low...))
		l.high, l.low = nil, nil
	}
}

// interrupt ends the line; the next step begins another.
func (l *windowLine) interrupt() {
	l.fullPen.end()
	l.faintPen.end()
	l.endRange()
	l.last = nil
}

// done completes the lines.
func (l *windowLine) done() {
	l.interrupt()
	l.full, l.faint = l.fullPen.done(), l.faintPen.done()
}

// bandOpacity is the opacity of the areas of ranges, which may overlap.
const bandOpacity = 0.22

// drawRanges fills the ranges of windows drawn together.
func (l *windowLine) drawRanges(c *draw.Canvas, style draw.LineStyle) {
	area := lineColor(style)
	area.A = uint8(math.Round(bandOpacity * 0xff))
	c.SetColor(area)
	for _, corners := range l.ranges {
		c.Fill(polygon(corners))
	}
}

// lineColor returns the colour of a line.
func lineColor(style draw.LineStyle) color.NRGBA {
	return color.NRGBAModel.Convert(style.Color).(color.NRGBA)
}
