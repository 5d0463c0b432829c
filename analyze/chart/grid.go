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

// followGrid joins the points of the table by straight lines, since the figures in between are unknown, and marks points
// that are far enough apart.
func (ch *capacityChart) followGrid() {
	var token, chunk thinner
	ch.marks = nil
	before, last := -pageWidth, -pageWidth
	for i, c := range ch.grid.Capacities {
		if !ch.axis.contains(c) {
			continue
		}
		f := &ch.grid.Figures[i]
		x := ch.x(ch.axis.position(c))
		points := [2]vg.Point{{X: x, Y: ch.y(f.ChunkHitRate())}, {X: x, Y: ch.y(f.TokenHitRate())}}
		chunk.add(points[0])
		token.add(points[1])
		if x-last < markApart && last-before >= markApart {
			ch.marks = ch.marks[:len(ch.marks)-2] // the last marks are too close after all
		}
		if x-last >= markApart {
			ch.marks = append(ch.marks, mark{points[0], chunkColor, 1.4}, mark{points[1], tokenColor, 2})
		}
		before, last = last, x
	}
	ch.token, ch.chunk = token.done(), chunk.done()
}

func (ch *capacityChart) drawMarks(c *draw.Canvas) {
	for _, m := range ch.marks {
		disc(c, m.color, m.at, m.radius)
	}
}

// gridKey names the cache whose lines are drawn, and the plain LRU it is compared with.
func (ch *capacityChart) gridKey() []keyEntry {
	name := cacheName(ch.report.Settings)
	key := []keyEntry{{tokenStyle, name + ": token hit rate"}, {chunkStyle, name + ": chunk hit rate"}}
	if ch.at != nil {
		key = append(key, keyEntry{plainStyle, "plain LRU, same touch order: token hit rate"})
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
