package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// logAxis is a logarithmic axis, 0 < from < to.
type logAxis struct{ from, to float64 }

// position returns the place of x along the axis, in [0, 1].
func (a logAxis) position(x float64) float64 {
	return fraction(math.Log(x/a.from) / math.Log(a.to/a.from))
}

// decadeTicks returns ticks at the powers of ten, of which every so many are labelled that labels have the room: that many
// points each.
func (a logAxis) decadeTicks(length, room vg.Length, label func(n float64) string) (ticks []tick) {
	low, high := math.Ceil(math.Log10(a.from)-1e-9), math.Floor(math.Log10(a.to)+1e-9)
	every := max(1, math.Ceil((high-low+1)*float64(room)/float64(length)))
	for e := low; e <= high; e++ {
		t := tick{at: a.position(math.Pow(10, e))}
		if math.Mod(e, every) == 0 {
			t.label = label(math.Pow(10, e))
		}
		ticks = append(ticks, t)
	}
	return ticks
}
