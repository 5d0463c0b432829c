package chart

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// plainStyle is the style of the plain LRU's curve, to which a cache that evicts in batches is compared.
var plainStyle = draw.LineStyle{Color: rule, Width: 0.9}

// mark is a small disc at a known figure.
type mark struct {
	at     vg.Point
	color  color.Color
	radius vg.Length
}

// markApart is the minimum horizontal distance between marked points.
const markApart vg.Length = 5

// markGrid marks the points of the table that are far enough apart.
func (ch *capacityChart) markGrid() {
	before, last := -pageWidth, -pageWidth
	for i, c := range ch.curve.capacities {
		at := ch.point(c, ch.curve.rates[i])
		if at.X-last < markApart && last-before >= markApart {
			ch.marks = ch.marks[:len(ch.marks)-1] // the last mark is too close after all
		}
		if at.X-last >= markApart {
			ch.marks = append(ch.marks, mark{at, tokenColor, 2})
		}
		before, last = last, at.X
	}
}

func (ch *capacityChart) drawMarks(c *draw.Canvas) {
	for _, m := range ch.marks {
		disc(c, m.color, m.at, m.radius)
	}
}

// gridKey names the cache whose lines are drawn, and the plain LRU it is compared with.
func (ch *capacityChart) gridKey() []keyEntry {
	name := cacheName(ch.report.Settings)
	key := []keyEntry{{tokenStyle, name}}
	if ch.at != nil {
		key = append(key, keyEntry{plainStyle, "plain LRU, same touch order"})
	}
	return key
}

// cacheName returns the name of the cache, shortened to fit.
func cacheName(s analyze.Settings) string {
	const widest = 100
	if name := clean(s.Cache); name != "" {
		return shorten(axisFace, name, widest)
	}
	return "cache"
}

func capacitiesText(n int) string {
	if n == 1 {
		return "1 capacity"
	}
	return units.Comma(int64(n)) + " capacities"
}
