package chart

import (
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze/units"
)

// rateAxis is an axis of hit rates, 0 ≤ from < to ≤ 1, with a tick at from and after every step.
type rateAxis struct {
	from, to, step float64
	zoomed         bool // to what is drawn; else it begins at 0 and has the ceiling in view
}

// roundTops are the rates at which an axis that begins at 0 may end, with the number of parts into which ticks divide it.
var roundTops = []struct {
	rate  float64
	parts int
}{{0.01, 5}, {0.02, 4}, {0.05, 5}, {0.1, 5}, {0.2, 4}, {0.3, 3}, {0.4, 4}, {0.5, 5}, {0.6, 6}, {0.8, 4}, {1, 5}}

// ratesUpTo returns an axis from 0 to the first round rate above highest.
func ratesUpTo(highest float64) rateAxis {
	a := rateAxis{to: roundTop(highest)}
	for _, t := range roundTops {
		if a.to == t.rate {
			a.step = t.rate / float64(t.parts)
		}
	}
	return a
}

// roundTop returns the first round rate above highest; 100 % if that is 0 or no number.
func roundTop(highest float64) float64 {
	if highest > 0 {
		for _, t := range roundTops {
			if highest < t.rate {
				return t.rate
			}
		}
	}
	return 1
}

// ratesBetween returns an axis for lines between two rates, in view of a ceiling. It begins at 0, unless the lines would then
// take up less than a quarter of it. If they do so even without the ceiling, that is left out of view.
func ratesBetween(lowest, highest, ceiling float64) rateAxis {
	lowest, highest, ceiling = fraction(lowest), fraction(highest), max(fraction(ceiling), fraction(highest))
	whole := ratesUpTo(ceiling)
	for _, top := range []float64{ceiling, highest} {
		if rise := top - lowest; rise > 0 && rise < whole.to/4 {
			return zoomed(lowest, top)
		}
	}
	return whole
}

// finest is the smallest step between two ticks of a rate axis.
const finest = 1e-6

// zoomed returns the axis from one multiple of a round step to another, with about five of them around two rates.
func zoomed(lowest, highest float64) rateAxis {
	step := rateStep(highest - lowest)
	first, last := math.Floor(lowest/step), math.Ceil(highest/step)
	if last*step == highest && highest < 1 { // leave room above the line
		last++
	}
	return rateAxis{first * step, min(last*step, 1), step, true}
}

// rateStep returns the smallest of 1, 2 and 5 times a power of ten that divides a range of rates into at most five parts.
func rateStep(whole float64) float64 {
	for p := finest; ; p *= 10 {
		for _, m := range []float64{1, 2, 5} {
			if p*m*5 >= whole*(1-1e-9) {
				return p * m
			}
		}
	}
}

// contains reports whether a rate lies on the axis.
func (a rateAxis) contains(rate float64) bool { return a.from <= rate && rate <= a.to }

// position returns the place of a rate along the axis, in [0, 1].
func (a rateAxis) position(rate float64) float64 {
	return fraction((fraction(rate) - a.from) / (a.to - a.from))
}

// label adds to the name of an axis that it is zoomed.
func (a rateAxis) label(name string) string {
	if !a.zoomed {
		return name
	}
	decimals := decimalsOf(a.step)
	return name + ", zoomed to " + rateLabel(a.from, decimals) + " – " + rateLabel(a.to, decimals)
}

// decimalsOf returns how many decimals a multiple of a rate needs in per cent.
func decimalsOf(rate float64) (decimals int) {
	for whole := 100 * rate; decimals < 4 && math.Abs(whole-math.Round(whole)) > 1e-6; decimals++ {
		whole *= 10
	}
	return decimals
}

// rateLine is the least distance of two labels of an axis of rates.
const rateLine vg.Length = 8

// ticks divides an axis of that height into a few parts, and marks the rates that were asked for.
func (a rateAxis) ticks(height vg.Length, answers ...float64) []tick {
	var ticks, asked []tick
	decimals := decimalsOf(a.step)
	for i := range int(math.Round((a.to-a.from)/a.step)) + 1 {
		rate := a.from + float64(i)*a.step
		ticks = append(ticks, tick{at: a.position(rate), label: rateLabel(rate, decimals)})
	}
	for _, rate := range answers {
		if a.contains(rate) {
			t := tick{at: a.position(rate), label: percent(rate)}
			if decimals > 0 { // round numbers need as many, and an answer hardly ever is one
				t.label = units.FormatPercentTo(rate, decimals+1)
			}
			asked = append(asked, t)
		}
	}
	return withAnswers(ticks, asked, func(a, b tick) bool {
		return vg.Length(b.at-a.at)*height >= rateLine
	})
}

// halves divides the axis into two parts, for panels that are too low for more.
func (a rateAxis) halves() (ticks []tick) {
	half := (a.to - a.from) / 2
	for i := range 3 {
		rate := a.from + float64(i)*half
		ticks = append(ticks, tick{at: a.position(rate), label: rateLabel(rate, max(decimalsOf(a.from), decimalsOf(half)))})
	}
	return ticks
}

// rateTicks divides an axis of rates that ends at one of roundTops into a few parts.
func rateTicks(top float64) []tick { return ratesUpTo(math.Nextafter(top, 0)).ticks(0) }

func rateLabel(rate float64, decimals int) string {
	return strconv.FormatFloat(100*rate, 'f', decimals, 64) + " %"
}
