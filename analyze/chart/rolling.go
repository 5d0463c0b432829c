package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Rolling draws the token hit rate by time window: a solid line for each capacity, and its cumulative rate as a dashed
// line. Solid lines are interrupted where there are no windows; there the dashed ones stay level. A strip below shows the
// tokens of the windows.
//
// Lines of windows with less than a quarter of the median window's tokens are faded. Larger capacities have lighter, wider
// lines, which lie under those of smaller ones, so that lines that coincide can all be seen. From seven capacities on, only
// the cumulative rates are drawn. Windows narrower than 3 pixels of a screen are drawn in columns: the median rate and the
// range of the windows in each; those with little traffic are left out where there are others. Each line has its capacity at
// its end. Of more than a hundred capacities, a hundred are drawn, evenly chosen.
//
// It fails if r.Rolling is nil, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func Rolling(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Rolling == nil {
		return errors.New("draw rolling hit rate: the report has no windows")
	}
	return rollingPicture(r).write(w, f)
}

// MostRollingLines is the number of capacities up to which [Rolling] draws the rates of single windows.
const MostRollingLines = 6

const mostSeries = 100 // capacities drawn

// rollingChart is a rolling picture under construction.
type rollingChart struct {
	report  *analyze.Report
	windows []analyze.Window
	axis    timeAxis
	columns columns
	slots   []slot
	top     float64  // rate at the top of the axis
	series  []series // smallest capacity first
	labels  []endLabel
	traffic *trafficStrip

	layout
}

func rollingSpan(w analyze.Window) (start, end float64) { return w.Start, w.End }

func rollingPicture(r *analyze.Report) picture {
	ch := &rollingChart{report: r, windows: finite(r.Rolling.Windows, rollingSpan)}
	ch.series = seriesOf(r.Rolling.Lines)
	ch.axis = windowAxis(ch.windows, rollingSpan).of(r)
	ch.labels = ch.unplacedLabels()
	ch.traffic = newTrafficStrip(ch.windows)
	f := frame{
		title:    "Token hit rate over time, " + units.FormatDuration(r.Rolling.Window) + " windows",
		subtitle: subtitle(r),
		notes:    ch.notes(len(r.Rolling.Lines)),
		figures:  rollingFigures(r.Rolling),
		footnote: footnote(r),
		yLabel:   "Token hit rate",
		xLabel:   ch.axis.label(),
		side:     endLabelsWidth(ch.labels),
		minimum:  max(panelHeight-panelGap, endLine*vg.Length(len(ch.labels)+1)),
	}
	if !ch.byWindow() {
		f.yLabel = "Cumulative token hit rate"
	}
	f = ch.traffic.fitInto(f)
	ch.columns = ch.columnsOn(f.panelWidth(), r.Rolling.Window.Seconds())
	var x []tick
	if len(ch.windows) > 0 {
		x = timeTicks(ch.axis, f.panelWidth())
	}
	height := ch.compose(f)
	return picture{width: pageWidth, height: height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// byWindow reports whether there are few enough capacities to draw lines of the windows.
func (ch *rollingChart) byWindow() bool { return len(ch.series) <= MostRollingLines }

// notes says which capacities are left out.
func (ch *rollingChart) notes(all int) [][]string {
	if len(ch.series) == all {
		return nil
	}
	return [][]string{{fmt.Sprintf("Lines of %d of the %s, evenly chosen", len(ch.series), capacitiesText(all))}}
}

// columnsOn returns the columns for a panel of that width, given the length of a window in seconds.
func (ch *rollingChart) columnsOn(width vg.Length, length float64) columns {
	if len(ch.windows) == 0 {
		return columns{windows: 1}
	}
	left := vg.Length(ch.axis.position(ch.windows[0].Start)) * width
	return columnsOf(left, vg.Length(length/2/(ch.axis.to/2-ch.axis.from/2))*width)
}

// compose lays out the page, computes all lines, and returns the height of the page.
func (ch *rollingChart) compose(f frame) vg.Length {
	ch.layout = f.lay(2)
	height := ch.layout.height
	ch.layout, ch.traffic.layout = ch.split(trafficHeight)
	ch.widen()
	ch.cut()
	ch.top = roundTop(ch.highest())
	ch.trace()
	ch.dress()
	return height
}

// cut cuts the windows into slots.
func (ch *rollingChart) cut() {
	var lines []int
	for _, s := range ch.series {
		lines = append(lines, s.line)
	}
	c := ch.columns
	c.left += ch.panel.Min.X
	ch.slots = slotsOf(ch.windows, lines, c, ch.panel.Max.X, func(w *analyze.Window) (from, to vg.Length) {
		return ch.x(ch.axis.position(w.Start)), ch.x(ch.axis.position(w.End))
	})
}

// dress labels the axes and lines.
func (ch *rollingChart) dress() {
	ch.key = ch.rollingKey()
	ch.traffic.dress(ch.columns.windows)
	for i := range ch.labels {
		l, s := &ch.labels[i], &ch.series[i]
		l.end, l.value = ch.panel.Min.Y, percent(0)
		if n := len(ch.slots); n > 0 && ch.slots[n-1].sums != nil {
			overall := ch.slots[n-1].sums[i]
			l.end, l.value = ch.level(overall), percent(overall)
		}
		l.style = s.style
		l.style.Width = max(l.style.Width, 1.6)
	}
	spread(ch.labels, ch.panel.Min.Y, ch.panel.Max.Y-endLine)
}

// unplacedLabels returns the labels of all lines. Their values, which are not known yet, are as wide as any.
func (ch *rollingChart) unplacedLabels() []endLabel {
	const widest = "100.00 %"
	var labels []endLabel
	for i, s := range ch.series {
		labels = append(labels, endLabel{text: s.name, value: widest, rank: float64(i)})
	}
	return labels
}

// rollingKey says what the kinds of lines mean, in a neutral colour.
func (ch *rollingChart) rollingKey() (key []keyEntry) {
	if !ch.byWindow() {
		return nil
	}
	line := draw.LineStyle{Color: muted, Width: 1.2}
	faint, band := line, line
	faint.Color, faint.Width = faded(muted), 2
	band.Color, band.Width = mixed(paper, muted, bandOpacity), 8
	if ch.columns.windows > 1 {
		key = append(key, keyEntry{line, "median of up to " + windowsText(ch.columns.windows)}, keyEntry{band, "their range"})
	} else {
		key = append(key, keyEntry{line, "per window"})
	}
	if slices.ContainsFunc(ch.slots, func(s slot) bool { return s.thin }) {
		key = append(key, keyEntry{faint, littleText})
	}
	return append(key, keyEntry{cumulativeStyle(line), "cumulative"})
}

// littleText says what faded lines are.
var littleText = fmt.Sprintf("under %g %% of the median tokens", 100*littleTraffic)

// windowsText prints a number of windows, which may be absurdly large.
func windowsText(n float64) string {
	if n > 1e9 {
		return "a billion windows"
	}
	return units.Count(int64(n), "window")
}

// highest returns the highest rate that is drawn.
func (ch *rollingChart) highest() float64 {
	most := 0.0
	for i := range ch.slots {
		for _, rate := range ch.slots[i].sums {
			most = max(most, rate)
		}
		for _, rates := range ch.slots[i].rates {
			if ch.byWindow() {
				most = max(most, rates.high)
			}
		}
	}
	return most
}

// level returns the height of a rate.
func (ch *rollingChart) level(rate float64) vg.Length { return ch.y(rate / ch.top) }

// trace computes the lines of all capacities. The cumulative rate stays level where there are no windows.
func (ch *rollingChart) trace() {
	for i := range ch.series {
		s := &ch.series[i]
		var sums thinner
		last := math.NaN()
		for j := range ch.slots {
			at := &ch.slots[j]
			if ch.byWindow() {
				s.windows.add(at, i, ch.level)
			}
			if at.sums == nil {
				continue
			}
			if j > 0 {
				sums.add(vg.Point{X: at.from, Y: ch.level(last)})
			}
			last = at.sums[i]
			sums.add(vg.Point{X: at.to, Y: ch.level(last)})
		}
		s.windows.done()
		s.cumulative = sums.done()
	}
}

func (ch *rollingChart) draw(c *draw.Canvas, x []tick) {
	ch.drawTexts(c)
	ch.axis.drawWarmup(c, ch.layout, ch.traffic.layout)
	ch.drawAxes(c, x, rateTicks(ch.top))
	ch.axis.nameWarmup(c, ch.layout)
	ch.traffic.draw(c, x, ch.slots)
	ch.drawWindows(c)
	ch.drawCumulative(c)
	switch {
	case len(ch.series) == 0:
		ch.say(c, "No capacities were asked for")
		return
	case len(ch.windows) == 0:
		ch.say(c, "No requests were counted")
	default:
		ch.sayWhyEmpty(c, ch.report, countedTokens(ch.report))
	}
	ch.drawHead(c)
	ch.drawEndLabels(c, ch.labels)
}

// drawHead says what the columns of the labels are.
func (ch *rollingChart) drawHead(c *draw.Canvas) {
	right, y := ch.panel.Max.X, ch.panel.Max.Y-3
	text(c, axisFace, muted, right+endGap+endSample+5, y, fromLeft, "Capacity")
	text(c, axisFace, muted, right+endLabelsWidth(ch.labels), y, toRight, "Overall")
}

// drawWindows draws the lines of the windows: ranges below faded lines below the others, larger capacities below smaller
// ones.
func (ch *rollingChart) drawWindows(c *draw.Canvas) {
	for _, s := range slices.Backward(ch.series) {
		s.windows.drawRanges(c, s.style)
	}
	for _, s := range slices.Backward(ch.series) {
		style := s.style
		style.Color = faded(lineColor(style))
		c.StrokeLines(style, s.windows.faint...)
	}
	for _, s := range slices.Backward(ch.series) {
		c.StrokeLines(s.style, s.windows.full...)
	}
}

// drawCumulative draws the cumulative rates: dashed on a light ground among the lines of the windows, else solid.
func (ch *rollingChart) drawCumulative(c *draw.Canvas) {
	style := func(s *series) draw.LineStyle { return s.style }
	if ch.byWindow() {
		style = func(s *series) draw.LineStyle { return cumulativeStyle(s.style) }
		for i := range ch.series {
			halo := style(&ch.series[i])
			halo.Color, halo.Width = paper, halo.Width+1
			c.StrokeLines(halo, ch.series[i].cumulative...)
		}
	}
	for i := range slices.Backward(ch.series) {
		c.StrokeLines(style(&ch.series[i]), ch.series[i].cumulative...)
	}
}
