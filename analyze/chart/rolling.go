package chart

import (
	"cmp"
	"errors"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Rolling draws the token hit rate by time window: a solid line for each capacity, and its cumulative rate as a dashed
// line. Solid lines are interrupted where there are no windows; there the dashed ones stay level.
//
// It fails if r.Rolling is nil, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func Rolling(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Rolling == nil {
		return errors.New("draw rolling hit rate: the report has no windows")
	}
	return rollingPicture(r).write(w, f)
}

// series is what is drawn for one capacity.
type series struct {
	name       string
	line       int // index in Rolling.Lines
	windows    [][]vg.Point
	cumulative [][]vg.Point
}

// rollingChart is a rolling picture under construction.
type rollingChart struct {
	windows []analyze.Window
	axis    timeAxis
	top     float64 // rate at the top of the axis
	series  []series
	legend  legend

	layout
}

func rollingSpan(w analyze.Window) (start, end float64) { return w.Start, w.End }

func rollingPicture(r *analyze.Report) picture {
	ch := &rollingChart{windows: finite(r.Rolling.Windows, rollingSpan)}
	ch.series = legendOrder(r.Rolling.Lines)
	ch.axis = windowAxis(ch.windows, rollingSpan)
	ch.top = roundTop(highest(ch.windows))
	ch.legend = ch.names()
	f := frame{
		title:    "Rolling token hit rate, " + windowText(r.Rolling.Window) + " windows",
		subtitle: subtitle(r),
		figures:  rollingFigures(r.Rolling),
		footnote: footnote(r),
		yLabel:   "Token hit rate",
		xLabel:   ch.axis.label(),
		key:      rollingKey(),
		side:     ch.legend.width(),
		minimum:  ch.legend.height(),
	}
	var x []tick
	if len(ch.windows) > 0 {
		x = timeTicks(ch.axis, f.panelWidth())
	}
	ch.layout = f.lay(2)
	ch.trace()
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// names returns the legend without the overall rates, which are not known yet.
func (ch *rollingChart) names() legend {
	l := legend{heads: []string{"Capacity", "Overall"}}
	for i, s := range ch.series {
		style := seriesStyle(i)
		style.Width = 2
		l.rows = append(l.rows, legendRow{style, []string{s.name, ""}})
	}
	return l
}

// rollingKey says what solid and dashed lines mean, in a neutral colour.
func rollingKey() []keyEntry {
	window, cumulative := seriesStyle(0), cumulativeStyle(0)
	window.Color, cumulative.Color = muted, muted
	return []keyEntry{{window, "per window"}, {cumulative, "cumulative"}}
}

// legendOrder sorts lines by capacity, largest first, as they lie in the picture.
func legendOrder(lines []units.Capacity) (out []series) {
	size := func(c units.Capacity) int64 {
		if c.Unit == units.Unlimited {
			return math.MaxInt64
		}
		return c.N
	}
	for i, c := range lines {
		out = append(out, series{name: c.String(), line: i})
	}
	slices.SortStableFunc(out, func(a, b series) int { return cmp.Compare(size(lines[b.line]), size(lines[a.line])) })
	return out
}

// highest returns the highest rate of any window at any capacity. No cumulative rate exceeds it.
func highest(windows []analyze.Window) float64 {
	most := 0.0
	var hits []int64
	for i := range windows {
		hits = windows[i].Hits(hits)
		for _, hit := range hits {
			most = max(most, ratio(hit, windows[i].TotalTokens))
		}
	}
	return most
}

// trace computes the lines of all capacities. The cumulative rate stays level where there are no windows.
func (ch *rollingChart) trace() {
	pens := make([]pen, len(ch.series))
	var hits []int64
	for w := range ch.windows {
		w := &ch.windows[w]
		hits = w.Hits(hits)
		from, to := ch.x(ch.axis.position(w.Start)), ch.x(ch.axis.position(w.End))
		for i, s := range ch.series {
			if s.line < len(hits) {
				ch.step(&pens[i], from, to, hits[s.line], w.TotalTokens)
			}
		}
	}
	for i := range pens {
		s, p := &ch.series[i], &pens[i]
		s.windows, s.cumulative = p.steps.done(), p.sums.done()
		ch.legend.rows[i].cells[1] = percent(p.overall())
	}
}

// pen draws the lines of one capacity and keeps the running sums.
type pen struct {
	steps      steps
	sums       thinner
	hit, total int64
}

func (p *pen) overall() float64 { return ratio(p.hit, p.total) }

// step draws one window.
func (ch *rollingChart) step(p *pen, from, to vg.Length, hit, total int64) {
	p.steps.add(from, to, ch.y(ratio(hit, total)/ch.top))
	if p.total > 0 {
		p.sums.add(vg.Point{X: from, Y: ch.y(p.overall() / ch.top)})
	}
	p.hit, p.total = p.hit+hit, p.total+total
	p.sums.add(vg.Point{X: to, Y: ch.y(p.overall() / ch.top)})
}

func (ch *rollingChart) draw(c *draw.Canvas, x []tick) {
	ch.drawPaper(c, x, rateTicks(ch.top))
	// The smaller capacities come last: their lines lie lower and cover the least of the others.
	for i, s := range ch.series {
		c.StrokeLines(seriesStyle(i), s.windows...)
	}
	for i, s := range ch.series {
		c.StrokeLines(haloStyle, s.cumulative...)
		c.StrokeLines(cumulativeStyle(i), s.cumulative...)
	}
	for i, s := range ch.series {
		drawDots(c, seriesStyle(i), s.windows)
	}
	switch {
	case len(ch.series) == 0:
		ch.say(c, "No capacities were asked for")
		return
	case len(ch.windows) == 0:
		ch.say(c, "No requests were counted")
	}
	ch.legend.draw(c, ch.panel)
}

// drawDots marks lines too short to be visible: single windows without neighbours.
func drawDots(c *draw.Canvas, style draw.LineStyle, lines [][]vg.Point) {
	const visible = 3
	for _, l := range lines {
		first, last := l[0], l[len(l)-1]
		if last.X-first.X < visible {
			disc(c, style.Color, vg.Point{X: (first.X + last.X) / 2, Y: first.Y}, 2)
		}
	}
}
