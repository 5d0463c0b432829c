package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Gain draws how many points of token hit rate a cache gains by growing, by capacity over the range of a: to twice the capacity
// or, if the axis is linear, by the step of the report's table. It marks the report's knee. If the cache evicts in batches, it
// joins the gains of the table, the only known ones, by straight lines.
//
// It fails if the report has no curve or no table, if a is not a valid range, if f is not a known format, or if w fails. Nothing
// is written before the picture is complete.
func Gain(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Curve == nil || r.Table == nil {
		return errors.New("draw gain: the report has no curve or no table")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw gain: %w", err)
	}
	return newGainChart(r, measuredOf(r), a, r.Table.Step()).picture().write(w, f)
}

// gainChart is a picture of gains under construction.
type gainChart struct {
	report *analyze.Report
	measured
	axis        capacityAxis
	step        int64     // added on a linear axis
	capacities  []int64   // at which gains are known, on the axis
	points      []float64 // gained there
	low, high   float64   // points at the ends of the axis on the left
	onePointY   vg.Length // height of a gain of one point
	ticks       []tick    // of the axis on the left
	bottomTicks []tick

	layout
	line       [][]vg.Point
	kneeInView bool
	knee       callout // marked if the gain at the knee is known and on the axes
}

var onePointStyle = draw.LineStyle{Color: muted, Width: 0.8, Dashes: []vg.Length{4, 3}}

const onePointText = "one point"

func newGainChart(r *analyze.Report, m measured, a Axis, step int64) *gainChart {
	ch := &gainChart{report: r, measured: m, axis: capacityAxis{Axis: a, unit: m.unit}, step: step}
	f := frame{
		title:    "Token hit rate gained by more capacity",
		subtitle: subtitle(r),
		figures:  kneeFigures(r),
		footnote: footnote(r, analyze.AboutTable),
		yLabel:   "Points gained by doubling the capacity",
	}
	if a.Linear {
		f.yLabel = "Points gained by another " + units.Capacity{N: step, Unit: m.unit}.String()
	} else {
		f.side = textWidth(axisFace, onePointText) + 6
	}
	if m.grid != nil {
		f.subtitle = append(f.subtitle, "grid of "+capacitiesText(len(m.grid.Capacities)))
	}
	if at, ok := ch.kneeOnAxis(); ok {
		ch.axis.answers = []int64{at}
	}
	ch.bottomTicks = ch.axis.ticks(f.panelWidth())
	f.xLabel = ch.axis.label(ch.bottomTicks)
	ch.read(f.panelWidth())
	ch.scale()
	ch.compose(f)
	return ch
}

// read reads the gains: once per pixel column of a panel of that width, or at the points of the table.
func (ch *gainChart) read(width vg.Length) {
	if ch.grid == nil {
		ch.capacities = slices.DeleteFunc(ch.axis.columns(width), func(c int64) bool { return !ch.known(c) })
		ch.points = ch.pointsAt(ch.capacities)
		return
	}
	for i, gain := range ch.grid.Gains() {
		rate := gain.PerDoubling
		if ch.axis.Linear {
			rate = gain.PerStep
		}
		if c := ch.grid.Capacities[i]; rate != nil && ch.axis.contains(c) {
			ch.capacities = append(ch.capacities, c)
			ch.points = append(ch.points, 100**rate)
		}
	}
}

// known reports whether the curve tells what is gained at a capacity.
func (ch *gainChart) known(c int64) bool {
	if ch.report.Ceiling != nil {
		return true
	}
	largest, _ := ch.report.Curve.Largest()
	return ch.larger(c) <= largest
}

// pointsAt reads the points that are gained at some capacities from the curve.
func (ch *gainChart) pointsAt(capacities []int64) (points []float64) {
	grown := make([]int64, len(capacities))
	for i, c := range capacities {
		grown[i] = ch.larger(c)
	}
	more := ch.at(grown)
	for i, f := range ch.at(capacities) {
		points = append(points, 100*(more[i].TokenHitRate()-f.TokenHitRate()))
	}
	return points
}

// larger returns the capacity to which one grows.
func (ch *gainChart) larger(c int64) int64 {
	more := c
	if ch.axis.Linear {
		more = ch.step
	}
	return c + min(more, math.MaxInt64-c)
}

// scale chooses the axis on the left: from 0, or below where the hit rate falls, to a round number above all gains.
func (ch *gainChart) scale() {
	for _, p := range ch.points {
		ch.low, ch.high = min(ch.low, p), max(ch.high, p)
	}
	if !ch.axis.Linear {
		ch.high = max(ch.high, 1.2) // the one point is in view
	}
	step := pointStep(ch.high - ch.low)
	ch.low, ch.high = step*math.Floor(ch.low/step), step*math.Ceil(ch.high/step)
	n := int(math.Round((ch.high - ch.low) / step))
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := range n + 1 {
		value := strconv.FormatFloat(math.Abs(ch.low+step*float64(i)), 'f', decimals, 64)
		if ch.low+step*(float64(i)+.5) < 0 {
			value = "−" + value
		}
		ch.ticks = append(ch.ticks, tick{at: float64(i) / float64(n), label: value})
	}
}

// pointStep returns the step between ticks of an axis that spans so many points: 1, 2 or 5 times a power of ten, which divides it
// into at most six parts.
func pointStep(span float64) float64 {
	const smallest = 1e-6
	if !(span > 6*smallest) {
		return smallest
	}
	power := math.Pow(10, math.Floor(math.Log10(span/6)))
	for _, step := range []float64{power, 2 * power, 5 * power} {
		if span/step <= 6 {
			return step
		}
	}
	return 10 * power
}

// level returns the place of a gain on the page.
func (ch *gainChart) level(points float64) vg.Length {
	return ch.y((points - ch.low) / (ch.high - ch.low))
}

// compose lays out the page. What the picture has no room for, or doesn't show, becomes a note.
func (ch *gainChart) compose(f frame) {
	text := ch.report.KneeText()
	at, ok := ch.kneeOnAxis()
	ch.knee, ch.kneeInView = callout{text: text}, ok
	for {
		ch.layout = f.lay(1)
		ch.trace()
		if ok {
			points, known := ch.gainAt(at)
			ch.knee.at, ch.knee.marked = vg.Point{X: ch.x(ch.axis.position(at)), Y: ch.level(points)}, known
			ch.label()
		}
		if ch.knee.placed || text == "" || f.notes != nil {
			return
		}
		f.notes, f.figures = [][]string{f.figures}, nil
	}
}

// kneeOnAxis returns the capacity of the knee, if that is on the axis.
func (ch *gainChart) kneeOnAxis() (c int64, ok bool) {
	k := ch.report.Knee
	if k == nil || ch.report.KneeText() == "" {
		return 0, false
	}
	at := analyze.Size{Bytes: k.CapacityBytes, Chunks: k.CapacityChunks}.In(ch.unit)
	if at == nil || *at == 0 || !ch.axis.contains(*at) {
		return 0, false
	}
	return *at, true
}

// gainAt returns the points gained at a capacity of the axis. They are unknown at the upper end of a grid, and
// near the largest capacity if there is one.
func (ch *gainChart) gainAt(c int64) (points float64, known bool) {
	if ch.grid == nil {
		return ch.pointsAt([]int64{c})[0], ch.known(c)
	}
	if i, ok := slices.BinarySearch(ch.capacities, c); ok {
		return ch.points[i], true
	}
	return 0, false
}

// trace computes the line: steps, or straight lines between points.
func (ch *gainChart) trace() {
	var line thinner
	var last vg.Length
	for i, c := range ch.capacities {
		at := vg.Point{X: ch.x(ch.axis.position(c)), Y: ch.level(ch.points[i])}
		if ch.grid == nil && i > 0 {
			line.add(vg.Point{X: at.X, Y: last})
		}
		line.add(at)
		last = at.Y
	}
	ch.line = line.done()
	ch.onePointY = ch.level(1)
}

// label finds room for the text of the knee, where it covers no line.
func (ch *gainChart) label() {
	p := &placer{bounds: ch.panel, lines: ch.line}
	if ch.knee.marked {
		p.taken = append(p.taken, box(ch.knee.at.X-4, ch.knee.at.Y-4, 8, 8))
	}
	p.lines = append(p.lines, []vg.Point{{X: ch.knee.at.X, Y: ch.panel.Min.Y}, {X: ch.knee.at.X, Y: ch.panel.Max.Y}})
	if !ch.axis.Linear {
		p.lines = append(p.lines, []vg.Point{{X: ch.panel.Min.X, Y: ch.onePointY}, {X: ch.panel.Max.X, Y: ch.onePointY}})
	}
	free := slices.DeleteFunc(ch.kneeBoxes(), func(r vg.Rectangle) bool { return p.crossings(grow(r, lineSpace)) > 0 })
	ch.knee.box, ch.knee.placed = p.place(free)
}

// kneeBoxes returns places on both sides of the knee's line, from the top, where the line of gains mostly is not.
func (ch *gainChart) kneeBoxes() (boxes []vg.Rectangle) {
	w := textWidth(labelFace, ch.knee.text)
	for y := ch.panel.Max.Y - labelHeight - 6; y > ch.panel.Min.Y; y -= 12 {
		boxes = append(boxes, box(ch.knee.at.X+6, y, w, labelHeight), box(ch.knee.at.X-6-w, y, w, labelHeight))
	}
	return boxes
}

func (ch *gainChart) picture() picture {
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

func (ch *gainChart) draw(c *draw.Canvas) {
	ch.drawPaper(c, ch.bottomTicks, ch.ticks)
	if ch.low < 0 {
		y := ch.level(0)
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.8}, ch.panel.Min.X, y, ch.panel.Max.X, y)
	}
	if ch.knee.placed {
		fill(c, paper, grow(ch.knee.box, 1))
	}
	if !ch.axis.Linear {
		c.StrokeLine2(onePointStyle, ch.panel.Min.X, ch.onePointY, ch.panel.Max.X, ch.onePointY)
		text(c, axisFace, muted, ch.panel.Max.X+6, ch.onePointY-3, fromLeft, onePointText)
	}
	if ch.kneeInView {
		c.StrokeLine2(draw.LineStyle{Color: muted, Width: 0.8}, ch.knee.at.X, ch.panel.Min.Y, ch.knee.at.X, ch.panel.Max.Y)
	}
	c.StrokeLines(tokenStyle, ch.line...)
	if ch.knee.marked {
		disc(c, paper, ch.knee.at, 4.2)
		disc(c, tokenColor, ch.knee.at, 3.2)
	}
	if ch.knee.placed {
		text(c, labelFace, ink, ch.knee.box.Min.X, ch.knee.box.Min.Y+labelDepth, fromLeft, ch.knee.text)
	}
	ch.sayWhyEmpty(c, ch.report, countedTokens(ch.report))
}
