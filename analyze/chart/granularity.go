package chart

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
)

// Granularity draws the token hit rate against capacity, a line for each of the report's granularities: the points of its table over the range
// of a, joined by straight lines, with a label at the end of each line.
//
// It fails if the report has no table or no granularities, if a is not a valid range, if f is not a known format, or if w fails. Nothing is
// written before the picture is complete.
func Granularity(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Table == nil || len(r.Granularities) == 0 {
		return errors.New("draw granularities: the report has none, or no table")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw granularities: %w", err)
	}
	return granularityPicture(r, a).write(w, f)
}

// granularityChart is a picture of granularities under construction.
type granularityChart struct {
	report *analyze.Report

	plane
	curves []rateCurve // by granularity
	lines  [][][]vg.Point
	labels []endLabel // in the order of the granularities until they are spread
}

func granularityPicture(r *analyze.Report, a Axis) picture {
	ch := &granularityChart{report: r}
	ch.across = capacityAxis{Axis: a, unit: r.Table.Unit}
	ch.read(a)
	_, highest := between(ch.curves...)
	ch.up = ratesUpTo(highest)
	f := joinedRates(r, len(r.Table.Capacities), ch.labels)
	f.title, f.footnote = "Token hit rate by granularity and capacity", footnote(r, analyze.AboutTable)
	f.xLabel = ch.across.label(ch.across.ticks(f.panelWidth()))
	ch.layout = f.lay(1)
	ch.trace()
	spread(ch.labels, ch.panel.Min.Y+4, ch.panel.Max.Y-4)
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

// read reads the curves on the axis, and names them.
func (ch *granularityChart) read(a Axis) {
	for i := range ch.report.Granularities {
		g := &ch.report.Granularities[i]
		curve := rateCurve{capacities: ch.report.Table.Capacities, joined: true}
		label := endLabel{text: shorten(axisFace, granularityName(g), widestCache), style: cacheStyle(i)}
		for _, hits := range g.HitTokens {
			curve.rates = append(curve.rates, ratio(hits, g.TotalTokens))
			label.rank += ratio(hits, g.TotalTokens)
		}
		ch.curves, ch.labels = append(ch.curves, curve.within(a)), append(ch.labels, label)
	}
}

// granularityName returns a granularity in a few words, with the size of its chunks where there are larger ones.
func granularityName(g *analyze.GranularityResult) string {
	name := g.Granularity.String()
	if g.Granularity.Rechunk > 1 && g.ChunkTokens > 0 {
		name += fmt.Sprintf(" (%d tokens)", g.ChunkTokens)
	}
	return name
}

// trace computes all lines, and where they end.
func (ch *granularityChart) trace() {
	for i, curve := range ch.curves {
		ch.lines = append(ch.lines, ch.plane.trace(curve))
		ch.labels[i].end = ch.level(0)
		if n := len(curve.rates); n > 0 {
			ch.labels[i].end = ch.level(curve.rates[n-1])
		}
	}
}

func (ch *granularityChart) draw(c *draw.Canvas) {
	ch.drawPlane(c)
	for i := range slices.Backward(ch.lines) { // the first lies on top
		c.StrokeLines(cacheStyle(i), ch.lines[i]...)
	}
	ch.drawEndLabels(c, ch.labels)
	ch.sayWhyEmpty(c, ch.report, ch.report.Granularities[0].TotalTokens)
}
