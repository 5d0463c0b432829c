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

// Capacity draws hit rates by capacity over the range of a: the token hit rate with its ceiling and the report's targets,
// and the chunk hit rate. If the cache evicts in batches, it draws the points of the report's table, the only known ones,
// and for comparison the curve of a plain LRU.
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
	axis Axis

	layout
	token, chunk [][]vg.Point
	plain        [][]vg.Point // token hit rate of a plain LRU, for comparison
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
		figures:  capacityFigures(r),
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
		f.notes = notes.lines()
		ch.layout = f.lay(1)
		ch.trace()
		if !ch.label(targets, silent) {
			return
		}
	}
}

// trace computes all lines.
func (ch *capacityChart) trace() {
	if ch.at != nil {
		ch.token, ch.chunk = ch.readCurve()
	}
	if ch.grid != nil {
		ch.plain = ch.token
		ch.followGrid()
	}
}

// readCurve reads the curve once per pixel column. Between these capacities the line is horizontal, then vertical, which is
// exact wherever a single capacity is wider than a pixel.
func (ch *capacityChart) readCurve() (tokens, chunks [][]vg.Point) {
	var token, chunk thinner
	capacities := ch.axis.columns(ch.panel.Max.X - ch.panel.Min.X)
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

// columns returns the capacities of the pixel columns of an axis of that width, without duplicates.
func (a Axis) columns(width vg.Length) (capacities []int64) {
	columns := int(width / dot)
	for i := range columns + 1 {
		capacities = append(capacities, a.capacity(float64(i)/float64(columns)))
	}
	return slices.Compact(capacities)
}

// capacity picks the value in the axis's unit; nil if there is none.
func (ch *capacityChart) capacity(bytes, chunks *int64) *int64 {
	if ch.unit == units.Bytes {
		return bytes
	}
	return chunks
}

func (ch *capacityChart) draw(c *draw.Canvas, x []tick) {
	ch.drawPaper(c, x, rateTicks(1))
	for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
		if m.placed { // keep the grid from running through the text
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
