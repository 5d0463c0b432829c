package chart

import (
	"errors"
	"fmt"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Capacity draws the token hit rate by capacity over the range of a, with its ceiling and the report's targets. If the cache
// evicts in batches, it draws the points of the report's table, the only known ones, and for comparison the curve of a plain
// LRU.
//
// The axis of hit rates begins at 0 and ends at a round rate above all that is drawn, the ceiling included. If the curve would
// take up less than a quarter of it, the axis is zoomed to the curve and says so.
//
// It fails if the report has no curve, if a is not a valid range, if f is not a known format, or if w fails. Nothing is
// written before the picture is complete.
func Capacity(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Curve == nil {
		return errors.New("draw hit rate by capacity: the report has no curve")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw hit rate by capacity: %w", err)
	}
	return capacityPicture(r, measuredOf(r), a).write(w, f)
}

// measured holds the known figures of a cache by capacity.
type measured struct {
	unit units.Unit
	at   table          // of a plain LRU; nil if unknown in this unit
	grid *analyze.Table // of a cache that evicts in batches; nil for a plain LRU
}

func measuredOf(r *analyze.Report) measured {
	m := measured{unit: r.Curve.Unit, at: r.Curve.Table}
	if r.Table == nil || r.Table.Exact {
		return m
	}
	m.grid, m.unit = r.Table, r.Table.Unit
	switch {
	case m.unit == r.Curve.Unit:
	case m.unit == units.Chunks && r.Curve.ChunkBytes > 0:
		m.at = inChunks(r.Curve)
	default:
		m.at = nil
	}
	return m
}

// inChunks reads a curve in bytes, with chunks of one size, by number of chunks.
func inChunks(curve *analyze.Curve) table {
	return func(chunks []int64) []analyze.Figures {
		bytes := make([]int64, len(chunks))
		for i, n := range chunks {
			if bytes[i] = math.MaxInt64; n <= math.MaxInt64/curve.ChunkBytes {
				bytes[i] = n * curve.ChunkBytes
			}
		}
		return curve.Table(bytes)
	}
}

// table returns the figures at some capacities. Many at once cost little more than a few.
type table func(capacities []int64) []analyze.Figures

// capacityChart is a capacity picture under construction.
type capacityChart struct {
	report *analyze.Report
	measured

	plane
	curve   rateCurve
	plain   rateCurve // of a plain LRU, for comparison with a cache that evicts in batches
	token   [][]vg.Point
	lru     [][]vg.Point
	marks   []mark
	ceiling callout
	targets []callout
}

var (
	tokenStyle   = draw.LineStyle{Color: tokenColor, Width: 2}
	ceilingStyle = draw.LineStyle{Color: muted, Width: 0.8, Dashes: []vg.Length{4, 3}}
)

func capacityPicture(r *analyze.Report, m measured, a Axis) picture {
	ch := newCapacityChart(r, m, a)
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

// newCapacityChart lays out a picture.
func newCapacityChart(r *analyze.Report, m measured, a Axis) *capacityChart {
	ch := &capacityChart{report: r, measured: m}
	ch.across = capacityAxis{Axis: a, unit: m.unit}
	f := frame{
		title:    "Token hit rate by capacity",
		subtitle: subtitle(r),
		figures:  capacityFigures(r),
		footnote: footnote(r, analyze.AboutTable),
		left:     textWidth(axisFace, "99.97 %") + 7,
	}
	if m.grid != nil {
		f.subtitle = append(f.subtitle, "grid of "+capacitiesText(len(m.grid.Capacities)))
		f.key = ch.gridKey()
	}
	ch.read(f.panelWidth())
	f.yLabel = ch.up.label("Token hit rate")
	targets, notes := ch.sortTargets()
	for _, t := range targets {
		ch.curve = ch.curve.through(*ch.capacity(t.CapacityBytes, t.CapacityChunks), t.TokenHitRate)
	}
	ch.across.answers = ch.answers(targets)
	f.xLabel = ch.across.label(ch.across.ticks(f.panelWidth()))
	ch.compose(f, targets, notes)
	return ch
}

// read reads the curves: the exact one once per pixel column of a panel of that width. Between these capacities the line is
// level, then vertical, which is exact wherever a single capacity is wider than a pixel.
func (ch *capacityChart) read(width vg.Length) {
	if ch.at != nil {
		columns := ch.across.columns(width)
		ch.curve = rateCurve{capacities: columns, rates: ratesOf(ch.at(columns))}
	}
	if ch.grid != nil {
		ch.plain = ch.curve
		ch.curve = rateCurve{capacities: ch.grid.Capacities, rates: ratesOf(ch.grid.Figures), joined: true}.within(ch.across.Axis)
	}
	lowest, highest := between(ch.curve, ch.plain)
	ch.up = ratesBetween(lowest, highest, ch.ceilingRate())
}

// answers returns the capacities of the targets and of the ceiling.
func (ch *capacityChart) answers(targets []analyze.TargetResult) (out []int64) {
	for _, t := range targets {
		out = append(out, *ch.capacity(t.CapacityBytes, t.CapacityChunks))
	}
	if c := ch.ceilingCapacity(); c != nil {
		out = append(out, *c)
	}
	return out
}

// compose lays out the page and finds room for every label. A target without room moves to the notes. These take room
// themselves, so the page is then laid out again.
func (ch *capacityChart) compose(f frame, targets []analyze.TargetResult, notes targetNotes) {
	silent := make([]bool, len(targets))
	for {
		notes.crowded = nil
		for i, t := range targets {
			if silent[i] {
				notes.crowded = append(notes.crowded, ch.targetLabel(t))
			}
		}
		f.notes = append(notes.lines(), ch.ceilingNote()...)
		ch.layout = f.lay(1)
		ch.draft()
		if !ch.label(targets, silent) {
			return
		}
	}
}

// draft places the lines and their marks.
func (ch *capacityChart) draft() {
	ch.token, ch.lru = ch.trace(ch.curve), ch.trace(ch.plain)
	ch.marks = nil
	if ch.grid != nil {
		ch.markGrid()
	}
}

// capacity picks the value in the axis's unit; nil if there is none.
func (ch *capacityChart) capacity(bytes, chunks *int64) *int64 {
	if ch.unit == units.Bytes {
		return bytes
	}
	return chunks
}

func (ch *capacityChart) draw(c *draw.Canvas) {
	var answers []float64
	for _, m := range ch.targets {
		answers = append(answers, m.rate)
	}
	if ch.reused() {
		answers = append(answers, ch.ceilingRate())
	}
	ch.drawPlane(c, answers...)
	for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
		if m.placed { // keep the grid from running through the text
			fill(c, paper, grow(m.box, 1))
		}
	}
	if y := ch.ceiling.at.Y; ch.ceilingInView() {
		c.StrokeLine2(ceilingStyle, ch.panel.Min.X, y, ch.panel.Max.X, y)
	}
	c.StrokeLines(plainStyle, ch.lru...)
	c.StrokeLines(tokenStyle, ch.token...)
	ch.drawMarks(c)
	ch.drawCallouts(c)
	ch.sayWhyEmpty(c, ch.report, countedTokens(ch.report))
}
