package chart

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Capacity draws the hit rates of the report's curve by capacity, over the range of a: the token hit rate with its
// ceiling and the targets that were asked for, and the chunk hit rate beside it. Of a cache that evicts in batches it draws
// the report's table, whose capacities are all that is known, and the curve beside it.
func Capacity(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Curve == nil {
		return errors.New("draw hit rate by capacity: the report has no curve")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw hit rate by capacity: %w", err)
	}
	return capacityPicture(r, measuredOf(r), a).write(w, f)
}

// measured is what is known of a cache by capacity.
type measured struct {
	unit units.Unit
	at   table          // of one that evicts one by one; nil: it is not known in this unit
	grid *analyze.Table // of one that evicts in batches, nil if it doesn't
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

// inChunks reads a curve in bytes, of chunks of one size, by numbers of chunks.
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

// table returns the figures at some capacities. The curve reads many at the cost of a few.
type table func(capacities []int64) []analyze.Figures

// capacityChart is the picture in the making.
type capacityChart struct {
	report *analyze.Report
	measured
	axis Axis

	layout
	token, chunk [][]vg.Point
	plain        [][]vg.Point // the token hit rate of one that evicts one by one, for comparison
	marks        []mark
	ceiling      callout
	targets      []callout
}

var (
	tokenStyle   = draw.LineStyle{Color: tokenColor, Width: 2}
	chunkStyle   = draw.LineStyle{Color: chunkColor, Width: 1}
	ceilingStyle = draw.LineStyle{Color: muted, Width: 0.8, Dashes: []vg.Length{4, 3}}
)

func capacityPicture(r *analyze.Report, m measured, a Axis) picture {
	ch := &capacityChart{report: r, measured: m, axis: a}
	f := frame{
		title:    "Token hit rate by capacity",
		subtitle: subtitle(r),
		footnote: footnote(r),
		yLabel:   "Hit rate",
		key:      []keyEntry{{tokenStyle, "token hit rate"}, {chunkStyle, "chunk hit rate"}},
	}
	if m.grid != nil {
		f.subtitle = append(f.subtitle, "grid of "+capacitiesText(len(m.grid.Capacities)))
		f.key = ch.gridKey()
	}
	x := capacityTicks(a, m.unit, f.panelWidth())
	f.xLabel = capacityLabel(m.unit, x)
	targets, notes := ch.sortTargets()
	ch.compose(f, targets, notes)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

func capacityLabel(unit units.Unit, ticks []tick) string {
	if unit == units.Bytes {
		return "Cache capacity"
	}
	for _, t := range ticks {
		if strings.HasSuffix(t.label, "i") {
			return "Cache capacity in chunks (Ki = 1,024, Mi = 1,048,576, …)"
		}
	}
	return "Cache capacity in chunks"
}

// compose lays the page out and finds room for every label. A target without room goes to the notes instead, which
// take room themselves, so that all is laid out again.
func (ch *capacityChart) compose(f frame, targets []analyze.TargetResult, notes targetNotes) {
	silent := make([]bool, len(targets))
	for {
		notes.crowded = nil
		for i, t := range targets {
			if silent[i] {
				notes.crowded = append(notes.crowded, ch.targetLabel(t))
			}
		}
		f.notes = notes.lines()
		ch.layout = f.lay(1)
		ch.trace()
		if !ch.label(targets, silent) {
			return
		}
	}
}

// trace makes all lines.
func (ch *capacityChart) trace() {
	if ch.at != nil {
		ch.token, ch.chunk = ch.readCurve()
	}
	if ch.grid != nil {
		ch.plain = ch.token
		ch.followGrid()
	}
}

// readCurve reads the curve, once per pixel column. Between the capacities read it is drawn level, then upright: exact
// wherever single capacities are wider than a pixel.
func (ch *capacityChart) readCurve() (tokens, chunks [][]vg.Point) {
	var token, chunk thinner
	capacities := ch.columns()
	var lastToken, lastChunk vg.Length
	for i, figures := range ch.at(capacities) {
		x := ch.x(ch.axis.position(capacities[i]))
		tokenY, chunkY := ch.y(figures.TokenHitRate()), ch.y(figures.ChunkHitRate())
		if i > 0 {
			token.add(vg.Point{X: x, Y: lastToken})
			chunk.add(vg.Point{X: x, Y: lastChunk})
		}
		token.add(vg.Point{X: x, Y: tokenY})
		chunk.add(vg.Point{X: x, Y: chunkY})
		lastToken, lastChunk = tokenY, chunkY
	}
	return token.done(), chunk.done()
}

// columns are the capacities of the pixel columns, each once.
func (ch *capacityChart) columns() (capacities []int64) {
	columns := int((ch.panel.Max.X - ch.panel.Min.X) / dot)
	for i := range columns + 1 {
		capacities = append(capacities, ch.axis.capacity(float64(i)/float64(columns)))
	}
	return slices.Compact(capacities)
}

// capacity picks the one in the axis's unit. nil: there is none.
func (ch *capacityChart) capacity(bytes, chunks *int64) *int64 {
	if ch.unit == units.Bytes {
		return bytes
	}
	return chunks
}

func (ch *capacityChart) draw(c *draw.Canvas, x []tick) {
	ch.drawPaper(c, x, rateTicks(1))
	for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
		if m.placed { // so that the grid doesn't run through the text
			fill(c, paper, grow(m.box, 1))
		}
	}
	y := ch.ceiling.at.Y
	c.StrokeLine2(ceilingStyle, ch.panel.Min.X, y, ch.panel.Max.X, y)
	c.StrokeLines(plainStyle, ch.plain...)
	c.StrokeLines(chunkStyle, ch.chunk...)
	c.StrokeLines(tokenStyle, ch.token...)
	ch.drawMarks(c)
	ch.drawCallouts(c)
	if ch.report.Input.TotalTokens == 0 {
		ch.say(c, "No tokens were replayed")
	}
}
