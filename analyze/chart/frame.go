package chart

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
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
