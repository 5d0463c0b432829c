package chart

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// frame is what surrounds the lines of a picture.
type frame struct {
	title    string
	subtitle []string   // parts, joined with a dot
	notes    [][]string // below the subtitle, one per line, in parts joined with commas
	footnote string
	figures  []string // main figures, as sentences, for who can't see the picture
	yLabel   string
	xLabel   string

	key     []keyEntry // above the panel, on the right
	side    vg.Length  // room to the right of the panel
	left    vg.Length  // room for the labels of the axis on the left; 0: enough for rates
	minimum vg.Length  // minimum height of the panel
}

// keyEntry says what a line stands for.
type keyEntry struct {
	style draw.LineStyle
	text  string
}

// The page, in points: 960 × 600 pixels at the usual 96 per inch. It grows downwards if the content needs more room.
const (
	pageWidth  vg.Length = 720
	pageHeight vg.Length = 450

	margin       vg.Length = 26
	textColumns            = pageWidth - 2*margin
	subtitleLine vg.Length = 12.5
	footLine     vg.Length = 9.6
	axisLine     vg.Length = 11.5
	panelHeight  vg.Length = 255 // minimum
)

// layout is a frame with line breaks and positions computed. y counts upwards from the bottom of the page.
type layout struct {
	frame
	height vg.Length
	panel  vg.Rectangle
	under  []string // subtitle and notes
	foot   []string
	titleY vg.Length
	footY  vg.Length // first line of the footnote
	bare   bool      // the labels of the horizontal axis are elsewhere
}

// yTickWidth is the room for the labels of rates.
var yTickWidth = textWidth(axisFace, "100 %") + 7

// tickWidth returns the room for the labels of the axis on the left.
func (f frame) tickWidth() vg.Length { return max(yTickWidth, f.left) }

// panelWidth returns the width that a frame leaves for its panel.
func (f frame) panelWidth() vg.Length { return textColumns - f.tickWidth() - f.side }

// lay computes the positions. The labels below the axis take tickLines lines; a time axis has two.
func (f frame) lay(tickLines int) layout {
	l := layout{frame: f}
	l.under = wrapParts(subtitleFace, f.subtitle, "  ·  ", textColumns)
	for _, n := range f.notes {
		l.under = append(l.under, wrapParts(subtitleFace, n, ", ", textColumns)...)
	}
	l.foot = wrap(footFace, f.footnote, textColumns)

	top := margin + 10 + subtitleLine*vg.Length(len(l.under)) + 37
	bottom := 18 + footLine*vg.Length(len(l.foot)) + 12 + axisLine*vg.Length(tickLines+1) + 8
	l.height = max(pageHeight, top+max(panelHeight, f.minimum)+bottom)

	l.titleY = l.height - margin - 8
	l.footY = 18 + footLine*vg.Length(len(l.foot)-1)
	left := margin + f.tickWidth()
	l.panel = box(left, bottom, f.panelWidth(), l.height-top-bottom)
	return l
}

// panelGap is the space between two stacked panels; it holds the lower one's key.
const panelGap vg.Length = 34

// split divides the panel into two stacked ones that share the horizontal axis. height is that of the lower one.
func (l layout) split(height vg.Length) (upper, lower layout) {
	upper, lower = l, l
	upper.bare = true
	lower.panel.Max.Y = l.panel.Min.Y + height
	upper.panel.Min.Y = lower.panel.Max.Y + panelGap
	return upper, lower
}

// drawPaper draws what lies under the lines: texts and grid.
func (l layout) drawPaper(c *draw.Canvas, x, y []tick) {
	l.drawTexts(c)
	l.drawAxes(c, x, y)
}

// drawTexts draws the texts above and below the panels.
func (l layout) drawTexts(c *draw.Canvas) {
	l.describe(c.Canvas)
	text(c, titleFace, ink, margin, l.titleY, fromLeft, l.title)
	for i, s := range l.under {
		text(c, subtitleFace, muted, margin, l.titleY-5-subtitleLine*vg.Length(i+1), fromLeft, s)
	}
	for i, s := range l.foot {
		text(c, footFace, muted, margin, l.footY-footLine*vg.Length(i), fromLeft, s)
	}
}

// drawAxes draws the grid of the panel, and labels its axes and lines.
func (l layout) drawAxes(c *draw.Canvas, x, y []tick) {
	l.drawLevels(c, y)
	l.drawBase(c, x)
	l.drawKey(c)
}

// drawLevels draws the axis on the left: horizontal lines and labels, without a vertical line.
func (l layout) drawLevels(c *draw.Canvas, ticks []tick) {
	text(c, axisFace, muted, margin, l.panel.Max.Y+12, fromLeft, l.yLabel)
	for _, t := range ticks {
		y := l.y(t.at)
		if t.answer {
			c.StrokeLine2(answerStyle, l.panel.Min.X-4, y, l.panel.Min.X, y)
			text(c, axisFace, ink, l.panel.Min.X-7, y-3, toRight, t.label)
			continue
		}
		c.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.6}, l.panel.Min.X, y, l.panel.Max.X, y)
		text(c, axisFace, muted, l.panel.Min.X-7, y-3, toRight, t.label)
	}
}

// answerStyle is the style of a tick at an answer.
var answerStyle = draw.LineStyle{Color: ink, Width: 0.8}

// drawBase draws the horizontal axis: the base line, its ticks, and vertical lines at labelled ticks.
func (l layout) drawBase(c *draw.Canvas, ticks []tick) {
	width := l.panel.Max.X - l.panel.Min.X
	bottom := l.panel.Min.Y
	rows := vg.Length(1)
	for _, t := range ticks {
		x, long := l.x(t.at), vg.Length(2)
		style, color := draw.LineStyle{Color: rule, Width: 0.6}, muted
		switch {
		case t.answer:
			long, style, color = 4, answerStyle, ink
		case t.label != "":
			long = 4
			c.StrokeLine2(draw.LineStyle{Color: grid, Width: 0.6}, x, bottom, x, l.panel.Max.Y)
		}
		c.StrokeLine2(style, x, bottom-long, x, bottom)
		if l.bare {
			continue
		}
		from, _ := labelSpan(t.at, t.label, width)
		text(c, axisFace, color, l.panel.Min.X+from, bottom-13.5, fromLeft, t.label)
		if t.context != "" {
			rows = 2
			from, _ = labelSpan(t.at, t.context, width)
			text(c, axisFace, muted, l.panel.Min.X+from, bottom-13.5-axisLine, fromLeft, t.context)
		}
	}
	l.drawBaseLine(c)
	if !l.bare {
		text(c, axisFace, muted, l.x(0.5), bottom-15.5-axisLine*rows, centred, l.xLabel)
	}
}

func (l layout) drawBaseLine(c *draw.Canvas) {
	c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.8}, l.panel.Min.X, l.panel.Min.Y, l.panel.Max.X, l.panel.Min.Y)
}

// Spaces between the entries of a key, and between a line sample and its text.
const (
	keySwatch vg.Length = 18
	keySpace  vg.Length = 16
)

// keyStart returns the left edge of the key, including the space before it.
func (l layout) keyStart() vg.Length {
	x := l.panel.Max.X
	for _, e := range l.key {
		x -= textWidth(axisFace, e.text) + keySwatch + 5 + keySpace
	}
	return x
}

// drawKey says above the panel what the lines stand for, aligned to the right.
func (l layout) drawKey(c *draw.Canvas) {
	x, y := l.keyStart(), l.panel.Max.Y+12
	for _, e := range l.key {
		x += keySpace
		c.StrokeLine2(e.style, x, y+3, x+keySwatch, y+3)
		x += keySwatch + 5
		text(c, axisFace, ink, x, y, fromLeft, e.text)
		x += textWidth(axisFace, e.text)
	}
}

// x and y convert positions along the axes to places on the page.
func (l layout) x(at float64) vg.Length {
	return l.panel.Min.X + vg.Length(fraction(at))*(l.panel.Max.X-l.panel.Min.X)
}

func (l layout) y(at float64) vg.Length {
	return l.panel.Min.Y + vg.Length(fraction(at))*(l.panel.Max.Y-l.panel.Min.Y)
}

// sayWhyEmpty says in the middle of the panel why no line rises, if none does. counted are the tokens that rates refer to.
func (l layout) sayWhyEmpty(c *draw.Canvas, r *analyze.Report, counted int64) {
	switch why := r.NothingReused(); {
	case r.Input.TotalTokens == 0:
		l.say(c, "No tokens were replayed")
	case counted == 0:
		l.say(c, "No tokens were counted")
	case why != "":
		l.say(c, capitalized(why))
	}
}

// say writes a remark into the middle of an empty panel.
func (l layout) say(c *draw.Canvas, s string) {
	at := vg.Point{X: l.x(0.5), Y: l.y(0.5)}
	w := textWidth(subtitleFace, s)
	fill(c, paper, box(at.X-w/2-8, at.Y-7, w+16, 20))
	text(c, subtitleFace, muted, at.X, at.Y, centred, s)
}

// subtitle says what was replayed, and how the cache differs from one that stores at once and never expires a chunk.
func subtitle(r *analyze.Report) []string {
	in := r.Input
	parts := []string{units.Count(in.Requests, "request"), tokensText(in.TotalTokens)}
	if counting := r.Counting(); counting != "" {
		parts[0] = counting
		parts[1] = count(countedTokens(r)) + " of " + parts[1]
	}
	if in.Requests > 0 {
		parts = append(parts, spanText(in.FirstTimestamp, in.LastTimestamp))
	}
	parts = append(parts, chunkText(in.Models), modelNames(subtitleFace, in.Models))
	parts = append(parts, cacheTexts(r.Settings)...)
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// countedTokens returns the tokens of the requests after the warm-up.
func countedTokens(r *analyze.Report) int64 {
	if r.Curve == nil {
		return r.Input.TotalTokens
	}
	return r.Curve.At(0).TotalTokens
}

// cacheTexts say how the cache evicts, and during which time it holds a chunk, as far as that differs from the model.
func cacheTexts(s analyze.Settings) (parts []string) {
	if s.EvictTrigger != nil {
		parts = append(parts, cacheName(s)+" (evicts in batches)")
	}
	if s.StoreDelay > 0 {
		parts = append(parts, "stored "+units.FormatSeconds(s.StoreDelay)+" after lookup")
	}
	if s.Admit != nil && *s.Admit > 1 {
		parts = append(parts, fmt.Sprintf("admitted at lookup %d", *s.Admit))
	}
	if s.TTL != nil {
		parts = append(parts, "expires "+units.FormatSeconds(*s.TTL)+" after the last touch")
	}
	return parts
}

func tokensText(n int64) string {
	if n == 1 {
		return "1 token"
	}
	return count(n) + " tokens"
}

// chunkText returns the size of chunks: in tokens, and in bytes if all agree.
func chunkText(models []analyze.Model) string {
	var lo, hi int64
	bytes, agree := int64(0), true
	for i, m := range models {
		if m.ChunkSize == nil {
			return "chunk sizes vary"
		}
		if i == 0 {
			lo, hi = *m.ChunkSize, *m.ChunkSize
		}
		lo, hi = min(lo, *m.ChunkSize), max(hi, *m.ChunkSize)
		if m.BytesPerChunk == nil || i > 0 && *m.BytesPerChunk != bytes {
			agree = false
			continue
		}
		bytes = *m.BytesPerChunk
	}
	switch {
	case len(models) == 0:
		return ""
	case lo != hi:
		return fmt.Sprintf("chunks of %s to %s tokens", units.Comma(lo), units.Comma(hi))
	case agree && bytes > 0:
		return fmt.Sprintf("chunks of %s (%s)", units.Count(lo, "token"), units.Capacity{N: bytes, Unit: units.Bytes}.String())
	}
	return "chunks of " + units.Count(lo, "token")
}

// modelNames returns the names of up to three models; for more, their number.
func modelNames(f font.Face, models []analyze.Model) string {
	const widest = 150
	if len(models) > 3 {
		return fmt.Sprintf("%d models", len(models))
	}
	var names []string
	for _, m := range models {
		name := clean(m.Name)
		if name == "" {
			name = "unnamed model"
		}
		names = append(names, shorten(f, name, widest))
	}
	return strings.Join(names, ", ")
}

// footnote says how the input was read and what the figures of a chart assume: all that holds for every figure, and what
// is about these topics.
func footnote(r *analyze.Report, about ...analyze.Topic) string {
	in := r.Input
	s := fmt.Sprintf("Read from %s; %s skipped, %s torn, %s late.", units.Count(int64(in.Files), "file"),
		units.Count(in.Skipped, "record"), units.Comma(in.Torn), units.Comma(in.Late))
	if in.Damaged > 0 {
		s += fmt.Sprintf(" Damaged files: %s.", units.Comma(in.Damaged))
	}
	for _, a := range r.AssumptionsAbout(about...) {
		if a = clean(a); a == "" {
			continue
		}
		if !strings.ContainsAny(a[len(a)-1:], ".!?") {
			a += "."
		}
		s += " " + a
	}
	return s
}
