package chart

import (
	"errors"
	"io"
	"math"
	"math/bits"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Heat draws the token hit rate by time window and capacity, as colours in classes of equal width, with contours at 50 % and
// 80 %. It is blank where no tokens were looked up. A window's colour at a capacity reaches half-way to the capacities beside
// it.
//
// It fails if r.Heat is nil or has no capacities, if f is not a known format or if w fails. Nothing is written before the
// picture is complete.
func Heat(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Heat == nil || len(r.Heat.Lines) == 0 {
		return errors.New("draw hit rate by time and capacity: the report has no such figures")
	}
	return heatPicture(r).write(w, f)
}

// heatChart is a picture by time and capacity under construction.
type heatChart struct {
	capacities []units.Capacity // rising
	windows    []analyze.Window
	axis       timeAxis
	edges      []float64   // of the rows, rising from 0 to 1: row i is capacity i
	rates      [][]float64 // by window and capacity; nil for a window without tokens
	top        float64     // rate at the end of the colours

	layout
	areas    [][][]vg.Point // lower edges of the areas of each class and those above it
	tops     []vg.Length    // by class: above it, the areas of the next class cover these
	dips     []dip
	contours []contour
}

func heatPicture(r *analyze.Report) picture {
	ch := &heatChart{capacities: r.Heat.Lines, windows: finite(r.Heat.Windows, rollingSpan)}
	ch.axis = windowAxis(ch.windows, rollingSpan).of(r)
	y := ch.rows()
	highest := ch.read()
	ch.top = roundTop(highest)
	f := frame{
		title:    "Token hit rate by time and capacity, " + units.FormatDuration(r.Heat.Window) + " windows",
		subtitle: subtitle(r),
		figures:  capacityFigures(r),
		footnote: footnote(r),
		yLabel:   heatLabel(ch.capacities[0].Unit),
		xLabel:   ch.axis.label(),
		side:     colorKeyWidth,
		left:     labelsWidth(y) + 7,
	}
	if missing := contoursAbove(highest); missing != "" && highest > 0 {
		f.notes = append(f.notes, []string{"No window reaches " + missing})
	}
	var x []tick
	if len(ch.windows) > 0 {
		x = timeTicks(ch.axis, f.panelWidth())
	}
	ch.layout = f.lay(2)
	ch.trace()
	ch.key = ch.contourKey()
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, r, x, y, highest) }}
}

func heatLabel(unit units.Unit) string {
	if unit == units.Bytes {
		return "Cache capacity"
	}
	return "Cache capacity in chunks"
}

// labelsWidth returns the width of the widest label.
func labelsWidth(ticks []tick) (widest vg.Length) {
	for _, t := range ticks {
		widest = max(widest, textWidth(axisFace, t.label))
	}
	return widest
}

// rows finds the edges of the rows, and returns the ticks: at powers of two or, if there are fewer than two of them, at the
// capacities themselves.
func (ch *heatChart) rows() (ticks []tick) {
	n := len(ch.capacities)
	at := func(i int) float64 { return math.Log2(float64(ch.capacities[i].Limit())) }
	const lonely = 0.125 // half the height of a single row, in octaves
	edges := make([]float64, n+1)
	edges[0], edges[n] = at(0)-lonely, at(n-1)+lonely
	if n > 1 {
		edges[0], edges[n] = at(0)-(at(1)-at(0))/2, at(n-1)+(at(n-1)-at(n-2))/2
	}
	for i := 1; i < n; i++ {
		edges[i] = (at(i-1) + at(i)) / 2
	}
	axis := logAxis{math.Exp2(edges[0]), math.Exp2(edges[n])}
	for _, e := range edges {
		ch.edges = append(ch.edges, axis.position(math.Exp2(e)))
	}
	first, last := ch.capacities[0].Limit(), ch.capacities[n-1].Limit()
	for e := bits.Len64(uint64(first - 1)); e < bits.Len64(uint64(last)); e++ {
		c := int64(1) << e
		ticks = append(ticks, tick{at: axis.position(float64(c)), label: heatTick(c, ch.capacities[0].Unit)})
	}
	if len(ticks) < 2 {
		ticks = nil
		for i, c := range ch.capacities {
			ticks = append(ticks, tick{at: axis.position(math.Exp2(at(i))), label: heatTick(c.Limit(), c.Unit)})
		}
	}
	return spaced(ticks)
}

// heatTick prints a capacity without the word chunks, which the axis says.
func heatTick(c int64, unit units.Unit) string {
	switch {
	case unit == units.Bytes:
		return units.Capacity{N: c, Unit: unit}.String()
	case c >= 1<<20:
		return scaled(c, "")
	}
	return units.Comma(c)
}

// spaced keeps every so many ticks that their labels don't touch on the lowest panel there is.
func spaced(ticks []tick) (out []tick) {
	const room = 17
	most := int(panelHeight / room)
	every := (len(ticks) + most - 1) / most
	for i := 0; i < len(ticks); i += every {
		out = append(out, ticks[i])
	}
	return out
}

// read computes all rates and returns the highest.
func (ch *heatChart) read() (highest float64) {
	ch.rates = make([][]float64, len(ch.windows))
	var hits []int64
	for i := range ch.windows {
		w := &ch.windows[i]
		hits = w.Hits(hits)
		if w.TotalTokens <= 0 || len(hits) < len(ch.capacities) {
			continue
		}
		for _, hit := range hits {
			rate := ratio(hit, w.TotalTokens)
			ch.rates[i] = append(ch.rates[i], rate)
			highest = max(highest, rate)
		}
	}
	return highest
}

func (ch *heatChart) draw(c *draw.Canvas, r *analyze.Report, x, y []tick, highest float64) {
	ch.axis.drawWarmup(c, ch.layout)
	ch.drawPaper(c, x, y)
	ch.axis.nameWarmup(c, ch.layout)
	for class, areas := range ch.areas {
		for _, lower := range areas {
			// A little higher than needed, so that no light gap shows below the next class.
			area(c, heatColor(class), lower, min(ch.tops[class]+dot, ch.edge(len(ch.capacities))))
		}
	}
	for _, d := range ch.dips {
		fill(c, heatColor(d.class), d.box)
	}
	for i, k := range ch.contours {
		style, halo := contourStyle(i), contourHalo
		if ch.narrow() {
			style.Width, halo.Width = 0.7, 1.5
		}
		c.StrokeLines(halo, k.lines...)
		c.StrokeLines(style, k.lines...)
	}
	for i, k := range ch.contours {
		if k.labelled {
			fill(c, paper, k.box)
			text(c, strongFace, ink, k.box.Min.X+2, k.box.Min.Y+2.5, fromLeft, contourText(i))
		}
	}
	ch.drawBaseLine(c)
	ch.drawColorKey(c)
	switch {
	case len(ch.windows) == 0:
		ch.say(c, "No requests were counted")
	case !ch.anyTraffic():
		ch.say(c, "No tokens were counted")
	case highest == 0 && countedTokens(r) > 0 && r.NothingReused() == "":
		ch.say(c, "Nothing hits at these capacities")
	default:
		ch.sayWhyEmpty(c, r, countedTokens(r))
	}
}

func (ch *heatChart) anyTraffic() bool {
	return slices.ContainsFunc(ch.rates, func(rates []float64) bool { return rates != nil })
}

// narrow reports whether windows are so narrow that lines of the usual width would hide the colours.
func (ch *heatChart) narrow() bool {
	const enough vg.Length = 4
	if len(ch.windows) == 0 {
		return false
	}
	from, to := ch.columns(0)
	return to-from < enough
}

// contourLevels are the hit rates at which contours are drawn.
var contourLevels = [...]float64{0.5, 0.8}

func contourText(i int) string { return percentLabel(contourLevels[i]) }

// contourStyle returns the style of the contour of level i. They differ in their dashes, so that they can be told apart
// without colours.
func contourStyle(i int) draw.LineStyle {
	return draw.LineStyle{Color: ink, Width: 1.1, Dashes: [][]vg.Length{nil, {4, 2}}[i]}
}

// contourHalo sets contours off from the dark colours.
var contourHalo = draw.LineStyle{Color: paper, Width: 2.6}

// contourKey names the contours that there are.
func (ch *heatChart) contourKey() (key []keyEntry) {
	for i, k := range ch.contours {
		if len(k.lines) > 0 {
			key = append(key, keyEntry{contourStyle(i), "smallest capacity that reaches " + contourText(i)})
		}
	}
	return key
}

// contoursAbove names the levels that no window reaches.
func contoursAbove(highest float64) string {
	var names []string
	for i, level := range contourLevels {
		if level > highest {
			names = append(names, contourText(i))
		}
	}
	return strings.Join(names, " or ")
}
