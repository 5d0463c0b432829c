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
)

// Rolling draws the token hit rate by time window, a line for each capacity, with its cumulative rate dashed beside it.
// r.Rolling must not be nil. A line is broken where there are no windows.
func Rolling(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Rolling == nil {
		return errors.New("draw rolling hit rate: the report has no windows")
	}
	return rollingPicture(r).write(w, f)
}

// series is what is drawn of one capacity.
type series struct {
	name       string
	line       int // its place in Rolling.Lines
	windows    [][]vg.Point
	cumulative [][]vg.Point
	overall    float64 // the last cumulative rate
}

// rollingChart is the picture in the making.
type rollingChart struct {
	windows []analyze.Window
	axis    timeAxis
	top     float64 // the rate at the top of the axis
	series  []series
	more    int // lines that are drawn, but for which the legend has no room

	layout
}

func rollingPicture(r *analyze.Report) picture {
	ch := &rollingChart{windows: finite(r.Rolling.Windows)}
	ch.series, ch.more = legendOrder(r.Rolling.Lines)
	ch.axis = windowAxis(ch.windows)
	ch.top = roundTop(highest(ch.windows))
	f := frame{
		title:    "Rolling token hit rate, " + windowText(r.Rolling.Window) + " windows",
		subtitle: subtitle(r),
		footnote: footnote(r),
		yLabel:   "Token hit rate",
		xLabel:   "Time (UTC)",
		key:      rollingKey(),
		side:     ch.legendWidth(),
		minimum:  legendLine * vg.Length(min(len(ch.series), mostLegend)+3),
	}
	if !ch.axis.dated() {
		f.xLabel = "Time (seconds since 1970)"
	}
	var x []tick
	if len(ch.windows) > 0 {
		x = timeTicks(ch.axis, f.panelWidth())
	}
	ch.layout = f.lay(2)
	ch.trace()
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// rollingKey says what solid and dashed mean, in a colour that stands for all.
func rollingKey() []keyEntry {
	window, cumulative := seriesStyle(0), cumulativeStyle(0)
	window.Color, cumulative.Color = muted, muted
	return []keyEntry{{window, "per window"}, {cumulative, "cumulative"}}
}

// finite leaves out windows whose times aren't numbers.
func finite(windows []analyze.Window) []analyze.Window {
	bad := func(w analyze.Window) bool {
		return math.IsNaN(w.Start) || math.IsNaN(w.End) || math.IsInf(w.Start, 0) || math.IsInf(w.End, 0) || w.End < w.Start
	}
	if !slices.ContainsFunc(windows, bad) {
		return windows
	}
	return slices.DeleteFunc(slices.Clone(windows), bad)
}

// legendOrder sorts lines by capacity, largest first, as they lie in the picture.
func legendOrder(lines []analyze.Capacity) (out []series, more int) {
	size := func(c analyze.Capacity) int64 {
		if c.Unit == analyze.Unlimited {
			return math.MaxInt64
		}
		return c.N
	}
	for i, c := range lines {
		out = append(out, series{name: c.String(), line: i})
	}
	slices.SortStableFunc(out, func(a, b series) int { return cmp.Compare(size(lines[b.line]), size(lines[a.line])) })
	return out, max(0, len(out)-mostLegend)
}

// windowAxis spans all windows; a single one gets room on both sides, which shows how short it is.
func windowAxis(windows []analyze.Window) timeAxis {
	if len(windows) == 0 {
		return timeAxis{0, 1}
	}
	a := timeAxis{windows[0].Start, windows[len(windows)-1].End}
	pad := 0.0
	if len(windows) == 1 {
		pad = a.to - a.from
	}
	if !(a.to > a.from) { // times so large that a window has no length
		pad = max(0.5, math.Abs(a.from)*1e-6)
	}
	limit := math.MaxFloat64
	return timeAxis{max(a.from-pad, -limit), min(a.to+pad, limit)}
}

// highest is the highest rate of any window at any capacity, which no cumulative rate exceeds.
func highest(windows []analyze.Window) float64 {
	most := 0.0
	for _, w := range windows {
		for _, hit := range w.HitTokens {
			most = max(most, ratio(hit, w.TotalTokens))
		}
	}
	return most
}

// ratio is part / whole as a rate, 0 where there is nothing to take a part of.
func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return fraction(float64(part) / float64(whole))
}

// trace makes the lines of all capacities. A window is a level step over its time; steps of windows that follow each
// other are joined. The cumulative rate holds where there is no window, since nothing happened.
func (ch *rollingChart) trace() {
	pens := make([]pen, len(ch.series))
	last := vg.Length(math.Inf(-1))
	for _, w := range ch.windows {
		from, to := ch.x(ch.axis.position(w.Start)), ch.x(ch.axis.position(w.End))
		apart := from-last > dot/2
		for i, s := range ch.series {
			if s.line < len(w.HitTokens) {
				ch.step(&pens[i], from, to, apart, w.HitTokens[s.line], w.TotalTokens)
			}
		}
		last = to
	}
	for i := range pens {
		s, p := &ch.series[i], &pens[i]
		s.windows, s.cumulative, s.overall = p.steps.done(), p.sums.done(), p.overall()
	}
}

// pen draws one capacity's lines, and keeps the sums so far.
type pen struct {
	steps, sums thinner
	hit, total  int64
}

func (p *pen) overall() float64 { return ratio(p.hit, p.total) }

// step draws one window.
func (ch *rollingChart) step(p *pen, from, to vg.Length, apart bool, hit, total int64) {
	if apart {
		p.steps.end()
	}
	y := ch.y(ratio(hit, total) / ch.top)
	p.steps.add(vg.Point{X: from, Y: y})
	p.steps.add(vg.Point{X: to, Y: y})

	if p.total > 0 {
		p.sums.add(vg.Point{X: from, Y: ch.y(p.overall() / ch.top)})
	}
	p.hit, p.total = p.hit+hit, p.total+total
	p.sums.add(vg.Point{X: to, Y: ch.y(p.overall() / ch.top)})
}

func (ch *rollingChart) draw(c *draw.Canvas, x []tick) {
	ch.drawPaper(c, x, rateTicks(ch.top))
	// The smaller capacities last: their lines lie lower, and what they cover of the larger ones' is least.
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
	ch.drawLegend(c)
}

// drawDots makes lines visible that are too short to be seen: single windows with nothing around them.
func drawDots(c *draw.Canvas, style draw.LineStyle, lines [][]vg.Point) {
	const visible = 3
	for _, l := range lines {
		first, last := l[0], l[len(l)-1]
		if last.X-first.X < visible {
			disc(c, style.Color, vg.Point{X: (first.X + last.X) / 2, Y: first.Y}, 2)
		}
	}
}
