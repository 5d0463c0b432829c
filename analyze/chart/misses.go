package chart

import (
	"errors"
	"fmt"
	"image/color"
	"io"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Misses draws which tokens hit, and why the others miss, by capacity over the range of a: areas stacked to 100 %. A dashed line
// at the ceiling separates what memory can buy, below it, from what it can't. If the cache evicts in batches, straight lines join
// the points of the report's table, the only known ones.
//
// It fails if the report has no curve, if a is not a valid range, if f is not a known format, or if w fails. Nothing is written
// before the picture is complete.
func Misses(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Curve == nil {
		return errors.New("draw misses: the report has no curve")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw misses: %w", err)
	}
	return missesPicture(r, measuredOf(r), a).write(w, f)
}

// fate is what becomes of some tokens.
type fate struct {
	name   string
	why    string // they miss
	bought bool   // whether more memory turns them into hits
	color  color.NRGBA
	tokens func(f *analyze.Figures) *int64 // nil if there is no such kind of miss
}

// fates are all of them from the bottom to the top. Neighbours differ in lightness, also where those between them are missing, so
// that they stay apart in print and for the colour-blind.
var fates = []fate{
	{"hit", "", false, color.NRGBA{0x00, 0x72, 0xb2, 0xff}, func(f *analyze.Figures) *int64 { return &f.HitTokens }},
	{"capacity", "stored, but evicted too early", true, color.NRGBA{0xf0, 0xb0, 0x30, 0xff}, func(f *analyze.Figures) *int64 { return ifKnown(f, &f.Miss.Capacity) }},
	{"broken prefix", "resident, but behind a miss", true, color.NRGBA{0xde, 0x68, 0x18, 0xff}, func(f *analyze.Figures) *int64 { return &f.Miss.BrokenPrefix }},
	{"unaligned", "resident, but short of a whole match unit", false, color.NRGBA{0x00, 0x75, 0x5a, 0xff}, func(f *analyze.Figures) *int64 { return f.Miss.Unaligned }},
	{"expired", "last touched too long ago", false, color.NRGBA{0x56, 0xb4, 0xe9, 0xff}, func(f *analyze.Figures) *int64 { return f.Miss.Expired }},
	{"not admitted", "looked up too few times", false, color.NRGBA{0x5e, 0x3c, 0x99, 0xff}, func(f *analyze.Figures) *int64 { return f.Miss.NotAdmitted }},
	{"cold", "never looked up before", false, color.NRGBA{0xcd, 0xd2, 0xd8, 0xff}, func(f *analyze.Figures) *int64 { return ifKnown(f, &f.Miss.Cold) }},
	{"cold or capacity", "never looked up before, or evicted too early", true, color.NRGBA{0xcd, 0xd2, 0xd8, 0xff}, func(f *analyze.Figures) *int64 { return f.Miss.ColdOrCapacity }}, // in the place of both
	{"tail", "covered by no hash", false, color.NRGBA{0x8d, 0x98, 0xa4, 0xff}, func(f *analyze.Figures) *int64 { return &f.Miss.Tail }},
}

// ifKnown returns the tokens of a kind of miss that is unknown where only the sum of two is known.
func ifKnown(f *analyze.Figures, tokens *int64) *int64 {
	if f.Miss.ColdOrCapacity != nil {
		return nil
	}
	return tokens
}

// missesChart is a picture of fates under construction.
type missesChart struct {
	report *analyze.Report
	measured
	axis       capacityAxis
	capacities []int64 // at which shares are known, on the axis
	areas      []missArea
	legend     legend

	layout
	ceiling vg.Rectangle // of its label
}

// missArea is the area of a fate.
type missArea struct {
	fate
	shares []float64    // of all tokens, by capacity
	sums   []float64    // of this fate and those below it
	edge   [][]vg.Point // the upper one
	label  vg.Point     // middle of its base line
	fits   bool         // whether the label does
}

func missesPicture(r *analyze.Report, m measured, a Axis) picture {
	ch := newMissesChart(r, m, a)
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

func newMissesChart(r *analyze.Report, m measured, a Axis) *missesChart {
	ch := &missesChart{report: r, measured: m, axis: capacityAxis{Axis: a, unit: m.unit}}
	f := frame{
		title:    "Token hit rate and misses by capacity",
		subtitle: subtitle(r),
		figures:  capacityFigures(r),
		footnote: footnote(r, analyze.AboutTable),
		yLabel:   "Share of tokens",
	}
	if m.grid != nil {
		f.subtitle = append(f.subtitle, "grid of "+capacitiesText(len(m.grid.Capacities)))
	}
	ch.read(f.panelWidth())
	ch.legend = ch.newLegend()
	f.side = ch.legend.width()
	f.minimum = ch.legend.height()
	f.notes = ch.notes()
	f.xLabel = ch.axis.label(ch.axis.ticks(f.panelWidth()))
	ch.layout = f.lay(1)
	if ch.nothing() {
		return ch
	}
	ch.trace()
	ch.place()
	return ch
}

// read reads the shares: once per pixel column of a panel of that width, or at the points of the table.
func (ch *missesChart) read(width vg.Length) {
	var figures []analyze.Figures
	if ch.grid != nil {
		ch.capacities = within(ch.axis.Axis, ch.grid.Capacities, ch.grid.Capacities)
		figures = within(ch.axis.Axis, ch.grid.Capacities, ch.grid.Figures)
	} else {
		ch.capacities = ch.axis.columns(width)
		figures = ch.at(ch.capacities)
	}
	sums := make([]int64, len(figures))
	for _, fate := range fates {
		a := missArea{fate: fate}
		for i := range figures {
			n := fate.tokens(&figures[i])
			if n == nil {
				break
			}
			sums[i] += *n
			a.shares = append(a.shares, ratio(*n, figures[i].TotalTokens))
			a.sums = append(a.sums, ratio(sums[i], figures[i].TotalTokens))
		}
		if len(a.shares) > 0 {
			ch.areas = append(ch.areas, a)
		}
	}
}

// newLegend lists the fates as they lie in the picture, with their shares at both ends of the axis.
func (ch *missesChart) newLegend() legend {
	if len(ch.areas) == 0 || len(ch.capacities) == 0 {
		return legend{}
	}
	ends := []int64{ch.capacities[0], ch.capacities[len(ch.capacities)-1]}
	l := legend{heads: []string{"Tokens"}}
	for _, c := range ends {
		l.heads = append(l.heads, units.Capacity{N: c, Unit: ch.unit}.String())
	}
	for i := range slices.Backward(ch.areas) {
		a := &ch.areas[i]
		l.rows = append(l.rows, legendRow{draw.LineStyle{Color: a.color, Width: 8}, []string{a.name, percent(a.shares[0]), percent(a.shares[len(a.shares)-1])}})
	}
	return l
}

// notes say what memory can buy, and what it can't.
func (ch *missesChart) notes() [][]string {
	if ch.nothing() {
		return nil
	}
	var can, cannot []string
	for i := range ch.areas {
		switch a := &ch.areas[i]; {
		case a.why == "":
		case a.bought:
			can = append(can, a.name+" ("+a.why+")")
		default:
			cannot = append(cannot, a.name+" ("+a.why+")")
		}
	}
	intro := "More memory buys back, up to the dashed line: "
	if !ch.hasCeiling() {
		intro = "More memory buys back some of: "
	}
	can[0] = intro + can[0]
	if why := ch.report.NothingReused(); why != "" {
		can = []string{capitalized(why)}
	}
	cannot[0] = "Memory can't buy back: " + cannot[0]
	return [][]string{can, cannot}
}

// nothing reports whether there are no tokens to draw.
func (ch *missesChart) nothing() bool {
	return len(ch.areas) == 0 || len(ch.capacities) == 0 || ch.areas[len(ch.areas)-1].sums[0] == 0
}

// trace computes the upper edges of all areas: steps, or straight lines between points.
func (ch *missesChart) trace() {
	for i := range ch.areas {
		var line thinner
		var last vg.Length
		for j, sum := range ch.areas[i].sums {
			at := vg.Point{X: ch.x(ch.axis.position(ch.capacities[j])), Y: ch.y(sum)}
			if ch.grid == nil && j > 0 {
				line.add(vg.Point{X: at.X, Y: last})
			}
			line.add(at)
			last = at.Y
		}
		ch.areas[i].edge = line.done()
	}
}

// hasCeiling reports whether an unlimited cache is known to hit something.
func (ch *missesChart) hasCeiling() bool {
	return ch.report.Ceiling != nil && ch.report.Ceiling.HitTokens > 0
}

func (ch *missesChart) ceilingText() string {
	return "ceiling " + percent(ch.report.Ceiling.TokenHitRate)
}

func (ch *missesChart) draw(c *draw.Canvas) {
	ch.drawAreas(c)
	ch.drawPaper(c, ch.axis.ticks(ch.panel.Max.X-ch.panel.Min.X), rateTicks(1))
	for i := range ch.areas {
		a := &ch.areas[i]
		if a.fits {
			w := textWidth(strongFace, a.name) + 4
			fill(c, a.color, box(a.label.X-w/2, a.label.Y-labelDepth, w, labelHeight)) // keep the grid from running through the text
			text(c, strongFace, inkOn(a.color), a.label.X, a.label.Y, centred, a.name)
		}
	}
	ch.legend.draw(c, ch.panel)
	switch {
	case ch.nothing():
		ch.say(c, "No tokens were counted")
	case ch.hasCeiling():
		ch.drawCeiling(c)
	}
}

// drawAreas paints each area down to the base, the lower over the upper, with a light line between two.
func (ch *missesChart) drawAreas(c *draw.Canvas) {
	for i := range slices.Backward(ch.areas) {
		for _, line := range ch.areas[i].edge {
			area(c, ch.areas[i].color, line, ch.panel.Min.Y)
			if i < len(ch.areas)-1 {
				c.StrokeLines(draw.LineStyle{Color: paper, Width: 0.7}, line)
			}
		}
	}
}

func (ch *missesChart) drawCeiling(c *draw.Canvas) {
	y := ch.y(ch.report.Ceiling.TokenHitRate)
	c.StrokeLine2(draw.LineStyle{Color: paper, Width: 2.4}, ch.panel.Min.X, y, ch.panel.Max.X, y)
	c.StrokeLine2(draw.LineStyle{Color: ink, Width: 1.1, Dashes: []vg.Length{4, 3}}, ch.panel.Min.X, y, ch.panel.Max.X, y)
	fill(c, paper, grow(ch.ceiling, 1.5))
	text(c, strongFace, ink, ch.ceiling.Min.X, ch.ceiling.Min.Y+labelDepth, fromLeft, ch.ceilingText())
}

// inkOn returns the colour of text on a colour: dark or light, whichever has the higher contrast.
func inkOn(col color.NRGBA) color.NRGBA {
	if contrast(ink, col) >= contrast(paper, col) {
		return ink
	}
	return paper
}
