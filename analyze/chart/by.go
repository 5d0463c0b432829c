package chart

import (
	"errors"
	"fmt"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// By draws the token hit rate by capacity of each class of a division of the report, over the range of a, with that of all
// requests in grey. Up to six classes share a panel, with labels at the ends of their curves. More have a panel each; of more
// than 24, those with the most tokens are drawn. If the cache evicts in batches, the points of the report's table are joined.
//
// It fails if the report has no curve and no table, if a is not a valid range, if f is not a known format, or if w fails.
// Nothing is written before the picture is complete.
func By(w io.Writer, f Format, r *analyze.Report, d *analyze.Division, a Axis) error {
	if r == nil || r.Curve == nil || r.Table == nil || d == nil {
		return errors.New("draw hit rate by class: the report has no classes or no table")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw hit rate by class: %w", err)
	}
	return byPicture(r, classesOf(r, d), a).write(w, f)
}

const (
	mostLines  = 6  // classes in one panel
	mostPanels = 24 // classes in all
)

// classes are the curves of a division.
type classes struct {
	dimension analyze.Dimension
	unit      units.Unit  // of capacities
	points    []int64     // the only capacities with known rates; nil: all are known
	whole     classLine   // of all requests
	lines     []classLine // of the classes to draw
	all       int         // number of classes, drawn or not
}

// classLine is the curve of one class.
type classLine struct {
	name   string
	tokens int64
	at     func(capacities []int64) []float64 // token hit rates; only at all points, if there are any
	curve  rateCurve                          // as far as the picture shows it
	line   [][]vg.Point
}

// end returns the rate at the end of the curve.
func (l *classLine) end() float64 {
	if len(l.curve.rates) == 0 {
		return 0
	}
	return l.curve.rates[len(l.curve.rates)-1]
}

func classesOf(r *analyze.Report, d *analyze.Division) *classes {
	m := measuredOf(r)
	cs := &classes{dimension: d.Dimension, unit: m.unit, all: d.Len()}
	cs.whole = classLine{name: "all requests", tokens: r.Curve.At(0).TotalTokens}
	if m.grid != nil {
		cs.points = m.grid.Capacities
		cs.whole.at = func([]int64) []float64 { return ratesOf(m.grid.Figures) }
	} else {
		cs.whole.at = func(capacities []int64) []float64 { return ratesOf(m.at(capacities)) }
	}
	for _, i := range d.Largest(mostPanels) {
		class := d.Class(i)
		l := classLine{name: class.Name, tokens: class.TotalTokens}
		if m.grid != nil {
			l.at = func([]int64) (rates []float64) {
				for _, at := range d.Table(i) {
					rates = append(rates, at.TokenHitRate)
				}
				return rates
			}
		} else {
			l.at = func(capacities []int64) (rates []float64) {
				for _, hits := range d.HitTokens(i, capacities) {
					rates = append(rates, ratio(hits, class.TotalTokens))
				}
				return rates
			}
		}
		cs.lines = append(cs.lines, l)
	}
	return cs
}

func ratesOf(figures []analyze.Figures) (rates []float64) {
	for i := range figures {
		rates = append(rates, figures[i].TokenHitRate())
	}
	return rates
}

// ordered reports whether the classes have an order that colours can show.
func (cs *classes) ordered() bool {
	return cs.dimension != analyze.ByModel && cs.dimension != analyze.BySource && cs.dimension != analyze.BySalt
}

// style returns the style of line i in a panel of all lines.
func (cs *classes) style(i int) draw.LineStyle {
	style := draw.LineStyle{Color: palette[i%len(palette)], Width: 1.6}
	if cs.ordered() {
		style.Color = lineShade(i, len(cs.lines))
	}
	return style
}

// wholeStyle is the style of the curve of all requests.
var wholeStyle = draw.LineStyle{Color: rule, Width: 1.6}

// label returns the name of a class as pictures show it.
func (cs *classes) label(l *classLine) string {
	name := clean(l.name)
	if name == "" {
		name = "unnamed " + string(cs.dimension)
	}
	return name
}

// title says what is drawn.
func (cs *classes) title(s analyze.Settings) string {
	what := string(cs.dimension)
	switch cs.dimension {
	case analyze.ByLength:
		what = "request length, in tokens"
	case analyze.ByHour:
		what = "hour of the day"
		if s.TimeZone != nil {
			what += " (" + clean(*s.TimeZone) + ")"
		}
	case analyze.ByTurn:
		what = "turn of the conversation"
	}
	return "Token hit rate by capacity and " + what
}

// notes says which classes are left out.
func (cs *classes) notes() [][]string {
	if cs.all <= len(cs.lines) {
		return nil
	}
	var tokens int64
	for i := range cs.lines {
		tokens += cs.lines[i].tokens
	}
	return [][]string{{fmt.Sprintf("The %d of %s %ss with the most tokens, which are %s of all", len(cs.lines), units.Comma(int64(cs.all)),
		cs.dimension, percent(ratio(tokens, cs.whole.tokens)))}}
}

// byChart is a picture of classes under construction.
type byChart struct {
	*classes
	report *analyze.Report
	plane
}

func byPicture(r *analyze.Report, cs *classes, a Axis) picture {
	ch := &byChart{classes: cs, report: r, plane: plane{across: capacityAxis{Axis: a, unit: cs.unit}}}
	f := frame{
		title:    cs.title(r.Settings),
		subtitle: subtitle(r),
		figures:  capacityFigures(r),
		notes:    cs.notes(),
		footnote: footnote(r, analyze.AboutTable),
	}
	if cs.points != nil {
		f.subtitle = append(f.subtitle, "grid of "+capacitiesText(len(cs.points)))
	}
	if len(cs.lines) > mostLines {
		return ch.inPanels(f)
	}
	return ch.together(f)
}

// read reads all rates: once per pixel column of a panel of that width, or at the points on the axis. It returns the name of
// the axis of rates that they need.
func (ch *byChart) read(width vg.Length) (yLabel string) {
	asked := ch.points
	if asked == nil {
		asked = ch.across.columns(width)
	}
	var curves []rateCurve
	for _, l := range ch.each() {
		l.curve = rateCurve{capacities: asked, rates: l.at(asked), joined: ch.points != nil}.within(ch.across.Axis)
		curves = append(curves, l.curve)
	}
	lowest, highest := between(curves...)
	ch.up = ratesBetween(lowest, highest, highest)
	return ch.up.label("Token hit rate")
}

// each returns the whole and all lines.
func (cs *classes) each() []*classLine {
	out := []*classLine{&cs.whole}
	for i := range cs.lines {
		out = append(out, &cs.lines[i])
	}
	return out
}
