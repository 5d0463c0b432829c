package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
)

// trafficStrip is a panel with a bar for the tokens of each window.
type trafficStrip struct {
	top   float64 // tokens at the top of the axis
	ticks []tick

	layout
}

// trafficHeight is the height of the panel.
const trafficHeight vg.Length = 42

// newTrafficStrip returns a strip whose axis ends at a round number of tokens.
func newTrafficStrip(windows []analyze.Window) *trafficStrip {
	most := 1.0
	for i := range windows {
		most = max(most, float64(windows[i].TotalTokens))
	}
	t := &trafficStrip{top: min(trafficTop(most), 9e18)} // within int64
	t.ticks = []tick{{at: 0, label: "0"}, {at: 1, label: count(int64(t.top))}}
	return t
}

// trafficTop returns the first number that is 1, 1.5, 2, 3, 4, 5, 6 or 8 times a power of ten and not below most, which is at least 1.
func trafficTop(most float64) float64 {
	power := math.Pow(10, math.Floor(math.Log10(most)))
	for _, m := range []float64{1, 1.5, 2, 3, 4, 5, 6, 8} {
		if m*power >= most && (power > 1 || m != 1.5) {
			return m * power
		}
	}
	return 10 * power
}

// fitInto makes room for the panel in a frame.
func (t *trafficStrip) fitInto(f frame) frame {
	f.minimum += panelGap + trafficHeight
	for _, tick := range t.ticks {
		f.left = max(f.left, textWidth(axisFace, tick.label)+7)
	}
	return f
}

// dress labels the panel, given the number of windows that share a bar.
func (t *trafficStrip) dress(windows float64) {
	t.key = nil
	t.yLabel = "Tokens per window"
	if windows > 1 {
		t.yLabel += ": median and range"
	}
}

var (
	barColor   = lineColor(draw.LineStyle{Color: rule})
	rangeColor = color.NRGBA{ink.R, ink.G, ink.B, 0x48} // over the bars
)

// draw draws a bar for each slot up to the median of its windows, and their range over it.
func (t *trafficStrip) draw(c *draw.Canvas, x []tick, slots []slot) {
	t.drawAxes(c, x, t.ticks)
	for i := range slots {
		s := &slots[i]
		bar := barColor
		if s.thin {
			bar = faded(barColor)
		}
		t.bar(c, bar, s, 0, s.tokens.median)
		if s.tokens.low < s.tokens.high {
			t.bar(c, rangeColor, s, s.tokens.low, s.tokens.high)
		}
	}
	t.drawBaseLine(c)
}

// bar draws a bar from one number of tokens to another over a slot, with a gap to the next one.
func (t *trafficStrip) bar(c *draw.Canvas, color color.Color, s *slot, from, to float64) {
	bottom := t.y(from / t.top)
	fill(c, color, box(s.from, bottom, max(s.to-s.from-dot, dot), t.y(to/t.top)-bottom))
}
