package chart

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
)

// Capacity draws the hit rates of the report's curve by capacity, over the range of a: the token hit rate with its
// ceiling and the targets that were asked for, and the chunk hit rate beside it.
func Capacity(w io.Writer, f Format, r *analyze.Report, a Axis) error {
	if r == nil || r.Curve == nil {
		return errors.New("draw hit rate by capacity: the report has no curve")
	}
	if err := a.check(); err != nil {
		return fmt.Errorf("draw hit rate by capacity: %w", err)
	}
	return capacityPicture(r, r.Curve.Unit, r.Curve.Table, a).write(w, f)
}

// table returns the figures at some capacities. The curve reads many at the cost of a few.
type table func(capacities []int64) []analyze.Figures

// capacityChart is the picture in the making.
type capacityChart struct {
	report *analyze.Report
	unit   analyze.Unit
	axis   Axis
	at     table

	layout
	token, chunk [][]vg.Point
	ceiling      callout
	targets      []callout
}

// callout is a label, and the point on the curve that it is about.
type callout struct {
	text   string
	at     vg.Point
	marked bool // the point is on the picture
	box    vg.Rectangle
	placed bool
}

var (
	tokenStyle   = draw.LineStyle{Color: tokenColor, Width: 2}
	chunkStyle   = draw.LineStyle{Color: chunkColor, Width: 1}
	ceilingStyle = draw.LineStyle{Color: muted, Width: 0.8, Dashes: []vg.Length{4, 3}}
)

func capacityPicture(r *analyze.Report, unit analyze.Unit, at table, a Axis) picture {
	ch := &capacityChart{report: r, unit: unit, axis: a, at: at}
	f := frame{
		title:    "Token hit rate by capacity",
		subtitle: subtitle(r),
		footnote: footnote(r),
		yLabel:   "Hit rate",
		key:      []keyEntry{{tokenStyle, "token hit rate"}, {chunkStyle, "chunk hit rate"}},
	}
	x := capacityTicks(a, unit, f.panelWidth())
	f.xLabel = capacityLabel(unit, x)
	targets, notes := ch.sortTargets()
	ch.compose(f, targets, notes)
	return picture{width: pageWidth, height: ch.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

func capacityLabel(unit analyze.Unit, ticks []tick) string {
	if unit == analyze.Bytes {
		return "Cache capacity"
	}
	for _, t := range ticks {
		if strings.HasSuffix(t.label, "i") {
			return "Cache capacity in chunks (Ki = 1,024, Mi = 1,048,576, …)"
		}
	}
	return "Cache capacity in chunks"
}

// sortTargets parts the targets into those that can be marked, by capacity, and what is to be said of the others.
func (ch *capacityChart) sortTargets() (marked []analyze.TargetResult, notes targetNotes) {
	for _, t := range ch.report.Targets {
		switch c := ch.capacity(t.CapacityBytes, t.CapacityChunks); {
		case !t.Reachable:
			notes.unreachable = append(notes.unreachable, targetText(t.Target))
		case c == nil || !ch.axis.contains(*c):
			notes.elsewhere = append(notes.elsewhere, ch.targetLabel(t))
		default:
			marked = append(marked, t)
		}
	}
	slices.SortStableFunc(marked, func(a, b analyze.TargetResult) int {
		x, y := *ch.capacity(a.CapacityBytes, a.CapacityChunks), *ch.capacity(b.CapacityBytes, b.CapacityChunks)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	return marked, notes
}

// targetNotes are the targets that get a line of text instead of a mark or beside it.
type targetNotes struct{ unreachable, elsewhere, crowded []string }

// lines are the notes, each as parts to be set with commas between.
func (n targetNotes) lines() [][]string {
	var out [][]string
	if last := len(n.unreachable) - 1; last >= 0 {
		line := slices.Clone(n.unreachable)
		line[last] += ": not reachable"
		out = append(out, line)
	}
	add := func(intro string, targets []string) {
		if len(targets) > 0 {
			line := slices.Clone(targets)
			line[0] = intro + line[0]
			out = append(out, line)
		}
	}
	add("Outside of this range: ", n.elsewhere)
	add("Also marked: ", n.crowded)
	return out
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

// trace reads the curve, once per pixel column. Between the capacities read it is drawn level, then upright: exact
// wherever single capacities are wider than a pixel.
func (ch *capacityChart) trace() {
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
	ch.token, ch.chunk = token.done(), chunk.done()
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
	if ch.unit == analyze.Bytes {
		return bytes
	}
	return chunks
}

// targetLabel is "80 % → 19.7 MiB", in whatever unit the capacity is known.
func (ch *capacityChart) targetLabel(t analyze.TargetResult) string {
	s := targetText(t.Target)
	switch c := ch.capacity(t.CapacityBytes, t.CapacityChunks); {
	case c != nil:
		return s + " → " + analyze.Capacity{N: *c, Unit: ch.unit}.String()
	case t.CapacityBytes != nil:
		return s + " → " + analyze.Capacity{N: *t.CapacityBytes, Unit: analyze.Bytes}.String()
	case t.CapacityChunks != nil:
		return s + " → " + analyze.Capacity{N: *t.CapacityChunks, Unit: analyze.Chunks}.String()
	}
	return s
}

// label finds room for the ceiling's label, then for those of targets that aren't silent. It silences those for which
// there is none, and says whether there were any.
func (ch *capacityChart) label(targets []analyze.TargetResult, silent []bool) (crowded bool) {
	p := &placer{bounds: ch.panel, lines: slices.Concat(ch.token, ch.chunk)}
	ch.markTargets(targets)
	ch.ceiling = ch.ceilingCallout()
	for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
		if m.marked {
			p.taken = append(p.taken, box(m.at.X-4, m.at.Y-4, 8, 8))
		}
	}
	// The ceiling is a line that no label should stand on, but its own stands beside it.
	level := []vg.Point{{X: ch.panel.Min.X, Y: ch.ceiling.at.Y}, {X: ch.panel.Max.X, Y: ch.ceiling.at.Y}}
	p.lines = append(p.lines, level)
	ch.ceiling.box, ch.ceiling.placed = p.place(ch.ceilingBoxes())
	for i := range ch.targets {
		if silent[i] {
			continue
		}
		t := &ch.targets[i]
		if t.box, t.placed = p.placeAround(t.at, textWidth(labelFace, t.text), labelHeight); !t.placed {
			silent[i], crowded = true, true
		}
	}
	return crowded
}

// labelHeight is the height of a label's box, labelDepth how far its base line lies above the box's foot.
const labelHeight, labelDepth vg.Length = 10, 2.4

func (ch *capacityChart) markTargets(targets []analyze.TargetResult) {
	ch.targets = ch.targets[:0]
	for _, t := range targets {
		c := *ch.capacity(t.CapacityBytes, t.CapacityChunks)
		at := vg.Point{X: ch.x(ch.axis.position(c)), Y: ch.y(t.TokenHitRate)}
		ch.targets = append(ch.targets, callout{text: ch.targetLabel(t), at: at, marked: true})
	}
}

// ceilingCallout marks where the curve reaches its ceiling, if that is known and on the axis.
func (ch *capacityChart) ceilingCallout() callout {
	ceiling := ch.report.Ceiling
	m := callout{text: "ceiling " + percent(ceiling.TokenHitRate), at: vg.Point{X: ch.panel.Min.X, Y: ch.y(ceiling.TokenHitRate)}}
	if c := ch.capacity(ceiling.CapacityBytes, ceiling.CapacityChunks); c != nil && *c > 0 {
		m.text += " at " + analyze.Capacity{N: *c, Unit: ch.unit}.String()
		if ch.axis.contains(*c) {
			m.at.X, m.marked = ch.x(ch.axis.position(*c)), true
		}
	}
	return m
}

// ceilingBoxes are along the dashed line, over it before under it, from the left, where a curve still is low.
func (ch *capacityChart) ceilingBoxes() []vg.Rectangle {
	w := textWidth(strongFace, ch.ceiling.text)
	var out []vg.Rectangle
	for _, y := range []vg.Length{ch.ceiling.at.Y + 3, ch.ceiling.at.Y - 3 - labelHeight, ch.ceiling.at.Y + 9, ch.ceiling.at.Y - 20} {
		for i := range 9 {
			x := ch.panel.Min.X + 6 + vg.Length(i)/8*(ch.panel.Max.X-ch.panel.Min.X-12-w)
			out = append(out, box(x, y, w, labelHeight))
		}
	}
	return out
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
	c.StrokeLines(chunkStyle, ch.chunk...)
	c.StrokeLines(tokenStyle, ch.token...)
	ch.drawCallouts(c)
	if ch.report.Input.TotalTokens == 0 {
		ch.say(c, "No tokens were replayed")
	}
}

func (ch *capacityChart) drawCallouts(c *draw.Canvas) {
	if ch.ceiling.marked {
		disc(c, muted, ch.ceiling.at, 3.2)
		disc(c, paper, ch.ceiling.at, 2)
	}
	if ch.ceiling.placed {
		text(c, strongFace, muted, ch.ceiling.box.Min.X, ch.ceiling.box.Min.Y+labelDepth, fromLeft, ch.ceiling.text)
	}
	for _, t := range ch.targets {
		if to, long := leaderTo(t.box, t.at); t.placed && long {
			c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.6}, t.at.X, t.at.Y, to.X, to.Y)
		}
	}
	for _, t := range ch.targets {
		disc(c, paper, t.at, 4.2)
		disc(c, tokenColor, t.at, 3.2)
		if t.placed {
			text(c, labelFace, ink, t.box.Min.X, t.box.Min.Y+labelDepth, fromLeft, t.text)
		}
	}
}
