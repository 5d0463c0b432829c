package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze/reconcile"
	"hashlog/analyze/units"
)

// Reconcile draws the measured and the predicted hit rate by window and, if steps explain the difference, the explained one; in a panel
// below by how many points the predictions are above what was measured. A rule marks where the windows that judge begin. Lines are
// interrupted where nothing is compared.
//
// It fails if r is nil or has no windows, if f is not a known format or if w fails. Nothing is written before the picture is complete.
func Reconcile(w io.Writer, f Format, r *reconcile.Result) error {
	if r == nil || len(r.Windows) == 0 {
		return errors.New("draw a reconciliation: there are no windows")
	}
	return reconcilePicture(r).write(w, f)
}

// reconcileChart is a picture of a reconciliation under construction.
type reconcileChart struct {
	result *reconcile.Result
	axis   timeAxis
	rates  rateAxis
	most   float64 // points at either end of the axis of differences
	lines  []reconcileLine
	labels []endLabel

	layout
	below layout // of the differences
}

// reconcileLine is the line of a hit rate.
type reconcileLine struct {
	name  string
	style draw.LineStyle
	rate  func(*reconcile.Window) float64
	total float64
	off   func(*reconcile.Window) float64 // in points from what was measured; nil of that itself

	upper, lower [][]vg.Point
}

// differenceHeight is the height of the panel of differences.
const differenceHeight vg.Length = 92

func reconcileSpan(w reconcile.Window) (start, end float64) { return w.Start, w.End }

func reconcilePicture(r *reconcile.Result) picture {
	ch := &reconcileChart{result: r, axis: windowAxis(r.Windows, reconcileSpan).of(r.Report), lines: reconcileLines(r)}
	for i, l := range ch.lines {
		ch.labels = append(ch.labels, endLabel{text: l.name, value: percent(l.total), style: l.style, rank: float64(-i)})
	}
	lowest, highest := ch.extremes()
	ch.rates = ratesBetween(lowest, highest, highest)
	f := frame{
		title:    "Measured and predicted hit rate",
		subtitle: subtitle(r.Report),
		notes:    [][]string{{clean(r.Verdict)}},
		figures:  append(ch.figures(), r.Verdict),
		footnote: footnote(r.Report),
		yLabel:   ch.rates.label("Hit rate"),
		xLabel:   ch.axis.label(),
		side:     endLabelsWidth(ch.labels),
		minimum:  panelHeight/2 + panelGap + differenceHeight,
	}
	f.left = textWidth(axisFace, differenceLabel(-ch.most)) + 7
	x := timeTicks(ch.axis, f.panelWidth())
	ch.compose(f)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// reconcileLines are what was measured and predicted and, if there are steps, explained.
func reconcileLines(r *reconcile.Result) []reconcileLine {
	line := func(n int, width vg.Length) draw.LineStyle { return draw.LineStyle{Color: palette[n], Width: width} }
	lines := []reconcileLine{
		{name: "measured", style: draw.LineStyle{Color: ink, Width: 1.6}, rate: func(w *reconcile.Window) float64 { return w.MeasuredRate }, total: r.Measured.HitRate},
		{name: "predicted", style: line(0, 1.1), rate: func(w *reconcile.Window) float64 { return w.PredictedRate }, total: r.Predicted.HitRate,
			off: func(w *reconcile.Window) float64 { return w.DifferencePoints }},
	}
	if len(r.Steps) > 0 {
		lines = append(lines, reconcileLine{name: "explained", style: line(1, 1.1), rate: func(w *reconcile.Window) float64 { return w.ExplainedRate }, total: r.Explained.HitRate,
			off: func(w *reconcile.Window) float64 { return w.LeftPoints }})
	}
	return lines
}

// extremes returns the lowest and the highest rate that is drawn, and sets the ends of the axis of differences.
func (ch *reconcileChart) extremes() (lowest, highest float64) {
	lowest = 1
	var off float64
	for i := range ch.result.Windows {
		w := &ch.result.Windows[i]
		for _, l := range ch.lines {
			rate := fraction(l.rate(w))
			lowest, highest = min(lowest, rate), max(highest, rate)
			if l.off != nil {
				off = max(off, math.Abs(l.off(w)))
			}
		}
	}
	ch.most = roundPoints(off)
	return lowest, highest
}

// roundPoints returns the first round number of points, from 0.1 on, that is not below some.
func roundPoints(most float64) float64 {
	for _, top := range []float64{0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50} {
		if most <= top {
			return top
		}
	}
	return 100
}

func differenceLabel(points float64) string {
	sign := "+"
	if points < 0 {
		sign = "−"
	}
	return sign + strconv.FormatFloat(math.Abs(points), 'f', -1, 64)
}

// figures say what was measured and predicted.
func (ch *reconcileChart) figures() (out []string) {
	for _, l := range ch.lines {
		out = append(out, fmt.Sprintf("%s: %s", l.name, percent(l.total)))
	}
	d := ch.result.Predicted.Difference
	return append(out, fmt.Sprintf("mean difference of %s: %.2f points", units.Count(int64(len(ch.result.Windows)), "window"), d.MeanPoints))
}

// compose lays out the page and computes all lines.
func (ch *reconcileChart) compose(f frame) {
	ch.layout = f.lay(2)
	height := ch.layout.height
	ch.layout, ch.below = ch.split(differenceHeight)
	ch.layout.height = height
	ch.below.key, ch.below.yLabel = nil, "Above what was measured, in points"
	for i := range ch.lines {
		l := &ch.lines[i]
		var upper, lower steps
		for j := range ch.result.Windows {
			w := &ch.result.Windows[j]
			from, to := ch.x(ch.axis.position(w.Start)), ch.x(ch.axis.position(w.End))
			upper.add(from, to, ch.y(ch.rates.position(l.rate(w))))
			if l.off != nil {
				lower.add(from, to, ch.below.y(ch.difference(l.off(w))))
			}
		}
		l.upper, l.lower = upper.done(), lower.done()
		ch.labels[i].end = ch.y(ch.rates.position(l.total))
	}
	spread(ch.labels, ch.panel.Min.Y+4, ch.panel.Max.Y-4)
}

// difference returns the place of a number of points along the axis of differences.
func (ch *reconcileChart) difference(points float64) float64 {
	return fraction((points + ch.most) / (2 * ch.most))
}

func (ch *reconcileChart) draw(c *draw.Canvas, x []tick) {
	ch.drawTexts(c)
	ch.axis.drawWarmup(c, ch.layout, ch.below)
	ch.drawAxes(c, x, ch.rates.ticks(ch.panel.Max.Y-ch.panel.Min.Y))
	ch.axis.nameWarmup(c, ch.layout)
	ch.below.drawAxes(c, x, []tick{{at: 0, label: differenceLabel(-ch.most)}, {at: 0.5, label: "0"}, {at: 1, label: differenceLabel(ch.most)}})
	ch.drawJudge(c)
	zero := ch.below.y(0.5)
	c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.8}, ch.panel.Min.X, zero, ch.panel.Max.X, zero)
	for _, l := range ch.lines {
		c.StrokeLines(l.style, l.upper...)
		c.StrokeLines(l.style, l.lower...)
	}
	ch.drawEndLabels(c, ch.labels)
}

// drawJudge marks where the windows that judge begin.
func (ch *reconcileChart) drawJudge(c *draw.Canvas) {
	if ch.result.Judged == nil || len(ch.lines) < 3 {
		return
	}
	const name = "judges from here on"
	x := ch.x(ch.axis.position(ch.result.Judged.Start))
	style := draw.LineStyle{Color: rule, Width: 0.6, Dashes: []vg.Length{2, 2}}
	for _, l := range []layout{ch.layout, ch.below} {
		c.StrokeLine2(style, x, l.panel.Min.Y, x, l.panel.Max.Y)
	}
	if w := textWidth(axisFace, name); x+w+8 <= ch.panel.Max.X {
		text(c, axisFace, muted, x+4, ch.panel.Max.Y-9, fromLeft, name)
	}
}
