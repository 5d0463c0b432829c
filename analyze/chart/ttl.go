package chart

import (
	"errors"
	"io"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// TTL draws the token hit rate by TTL, from a second to the length of the log, as a line for each capacity. Straight lines
// join the TTLs of the curve. The TTLs for which prompt caches are sold and those of the report's settings are marked.
//
// It fails if r.TTLCurve is nil, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func TTL(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.TTLCurve == nil {
		return errors.New("draw hit rate by TTL: the report has no curve by TTL")
	}
	return ttlPicture(r).write(w, f)
}

// ttlChart is a picture by TTL under construction.
type ttlChart struct {
	report *analyze.Report
	curve  *analyze.TTLCurve
	axis   ttlAxis
	up     rateAxis
	series []series
	legend legend
	sold   []time.Duration // TTLs for which prompt caches are sold, on the axis
	listed []int           // TTLs of the settings on the axis, as indices in the curve's

	layout
	lines [][][]vg.Point // by series
	marks []ttlMark      // by listed TTL
}

// ttlMark is the mark of a listed TTL: a label for the largest capacity, and a disc for each.
type ttlMark struct {
	callout
	discs []vg.Point // by series
}

var soldStyle = draw.LineStyle{Color: rule, Width: 0.8, Dashes: []vg.Length{4, 3}}

func ttlPicture(r *analyze.Report) picture {
	c := r.TTLCurve
	ch := &ttlChart{report: r, curve: c, axis: newTTLAxis(r.Input.LastTimestamp - r.Input.FirstTimestamp), series: largestFirst(c.Capacities)}
	ch.up = ratesUpTo(ratio(slices.Max(append([]int64{0}, c.Forever...)), c.TotalTokens))
	for _, ttl := range analyze.PromptCacheTTLs() {
		if ch.axis.contains(ttl.Seconds()) {
			ch.sold = append(ch.sold, ttl)
		}
	}
	ch.legend = ch.names()
	f := frame{
		title:    "Token hit rate by TTL",
		subtitle: subtitle(r),
		figures:  capacityFigures(r),
		footnote: footnote(r),
		yLabel:   "Token hit rate",
		xLabel:   "TTL (time after its last touch at which a chunk expires)",
		side:     ch.legend.width(),
		minimum:  ch.legend.height(),
	}
	if len(ch.sold) > 0 {
		f.key = []keyEntry{{soldStyle, "TTLs for which prompt caches are sold"}}
	}
	ch.compose(f, ch.sortListed(r.Settings.TTLs))
	var listed []float64
	for _, i := range ch.listed {
		listed = append(listed, c.TTLs[i].Seconds())
	}
	x := ch.axis.ticks(f.panelWidth(), listed...)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// names returns the legend: each capacity with its rate where no chunk expires.
func (ch *ttlChart) names() legend {
	l := legend{heads: []string{"Capacity", "No TTL"}}
	for i, s := range ch.series {
		l.rows = append(l.rows, legendRow{ch.style(i), []string{s.name, percent(ratio(ch.curve.Forever[s.line], ch.curve.TotalTokens))}})
	}
	return l
}

// style returns the style of line i.
func (ch *ttlChart) style(i int) draw.LineStyle {
	n := len(ch.series)
	return draw.LineStyle{Color: lineShade(n-1-i, n), Width: 1.6}
}

// sortListed separates the TTLs of the settings that are on the axis from those that only get a note.
func (ch *ttlChart) sortListed(settings []float64) (notes targetNotes) {
	for i, ttl := range ch.curve.TTLs {
		switch s := ttl.Seconds(); {
		case !slices.Contains(settings, s):
		case ch.axis.contains(s):
			ch.listed = append(ch.listed, i)
		default:
			notes.elsewhere = append(notes.elsewhere, ch.markText(i))
		}
	}
	return notes
}

// markText returns the label of a TTL of the curve, such as "5 min → 35.0 %", for the largest capacity.
func (ch *ttlChart) markText(i int) string {
	return units.FormatDuration(ch.curve.TTLs[i]) + " → " + percent(ratio(ch.curve.HitTokens[i][ch.series[0].line], ch.curve.TotalTokens))
}

// compose lays out the page and finds room for the labels of the listed TTLs. A label without room moves to the notes. These
// take room themselves, so the page is then laid out again.
func (ch *ttlChart) compose(f frame, notes targetNotes) {
	silent := make([]bool, len(ch.listed))
	for {
		notes.crowded = nil
		for i, at := range ch.listed {
			if silent[i] {
				notes.crowded = append(notes.crowded, ch.markText(at))
			}
		}
		f.notes = notes.lines()
		ch.layout = f.lay(1)
		ch.trace()
		ch.mark()
		if !ch.label(silent) {
			return
		}
	}
}

// trace computes the lines. At the end of the axis nothing expires any more.
func (ch *ttlChart) trace() {
	ch.lines = nil
	for _, s := range ch.series {
		var line thinner
		for i, ttl := range ch.curve.TTLs {
			if ch.axis.contains(ttl.Seconds()) {
				line.add(ch.point(i, s))
			}
		}
		line.add(vg.Point{X: ch.panel.Max.X, Y: ch.level(ch.curve.Forever[s.line])})
		ch.lines = append(ch.lines, line.done())
	}
}

// point returns the place of a TTL of the curve on the line of a series.
func (ch *ttlChart) point(i int, s series) vg.Point {
	return vg.Point{X: ch.at(ch.curve.TTLs[i]), Y: ch.level(ch.curve.HitTokens[i][s.line])}
}

func (ch *ttlChart) at(ttl time.Duration) vg.Length { return ch.x(ch.axis.position(ttl.Seconds())) }

func (ch *ttlChart) level(hits int64) vg.Length {
	return ch.y(ch.up.position(ratio(hits, ch.curve.TotalTokens)))
}

// mark marks the listed TTLs, without labels.
func (ch *ttlChart) mark() {
	ch.marks = nil
	for _, i := range ch.listed {
		m := ttlMark{callout: callout{text: ch.markText(i)}}
		for _, s := range ch.series {
			m.discs = append(m.discs, ch.point(i, s))
		}
		m.at = m.discs[0]
		ch.marks = append(ch.marks, m)
	}
}

// label finds room for the labels of the marks that are not silent. It silences those without room, and reports whether there
// were any.
func (ch *ttlChart) label(silent []bool) (crowded bool) {
	p := &placer{bounds: ch.panel, lines: slices.Concat(ch.lines...)}
	p.bounds.Min.Y += labelSpace // above the base line
	for _, ttl := range ch.sold {
		x := ch.at(ttl)
		p.lines = append(p.lines, []vg.Point{{X: x, Y: ch.panel.Min.Y}, {X: x, Y: ch.panel.Max.Y}})
		p.taken = append(p.taken, ch.soldBox(ttl))
	}
	for _, m := range ch.marks {
		for _, at := range m.discs {
			p.taken = append(p.taken, box(at.X-4, at.Y-4, 8, 8))
		}
	}
	for i := range ch.marks {
		m := &ch.marks[i]
		if silent[i] {
			continue
		}
		if m.box, m.placed = p.placeAround(m.at, textWidth(labelFace, m.text), labelHeight); !m.placed {
			silent[i], crowded = true, true
		}
	}
	return crowded
}

// soldBox returns the place of the label of a TTL for which prompt caches are sold: at the top, beside its line.
func (ch *ttlChart) soldBox(ttl time.Duration) vg.Rectangle {
	w := textWidth(strongFace, units.FormatDuration(ttl))
	x := ch.at(ttl) + 4
	if x+w > ch.panel.Max.X {
		x -= w + 8
	}
	return box(x, ch.panel.Max.Y-labelHeight-1, w, labelHeight)
}

func (ch *ttlChart) draw(c *draw.Canvas, x []tick) {
	ch.drawPaper(c, x, ch.up.ticks(ch.panel.Max.Y-ch.panel.Min.Y))
	for _, m := range ch.marks {
		if m.placed { // keep the grid from running through the text
			fill(c, paper, grow(m.box, 1))
		}
	}
	for _, ttl := range ch.sold {
		at, label := ch.at(ttl), ch.soldBox(ttl)
		c.StrokeLine2(soldStyle, at, ch.panel.Min.Y, at, ch.panel.Max.Y)
		text(c, strongFace, muted, label.Min.X, label.Min.Y+labelDepth, fromLeft, units.FormatDuration(ttl))
	}
	// The smaller capacities come last: their lines lie lower and cover the least of the others.
	for i, lines := range ch.lines {
		c.StrokeLines(ch.style(i), lines...)
	}
	for _, m := range ch.marks {
		ch.drawMark(c, m)
	}
	ch.legend.draw(c, ch.panel)
	ch.sayWhyEmpty(c, ch.report, ch.curve.TotalTokens)
}

func (ch *ttlChart) drawMark(c *draw.Canvas, m ttlMark) {
	if to, long := leaderTo(m.box, m.at); m.placed && long {
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.6}, m.at.X, m.at.Y, to.X, to.Y)
	}
	for i, at := range m.discs {
		disc(c, paper, at, 3.6)
		disc(c, ch.style(i).Color, at, 2.8)
	}
	if m.placed {
		text(c, labelFace, ink, m.box.Min.X, m.box.Min.Y+labelDepth, fromLeft, m.text)
	}
}
