package chart

import (
	"errors"
	"io"
	"math"
	"slices"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Tiers draws by time window which share of the tokens each tier served, as stacked areas with the first tier at the
// bottom; the upper edge is the token hit rate of all of them. Areas are interrupted where there are no windows, and
// windows that share a pixel column are summed. For each tier with a known bandwidth, another panel shows how much of it reads
// and writes use, and shades what exceeds it.
//
// It fails if r.Tiers is empty, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func Tiers(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || len(r.Tiers) == 0 {
		return errors.New("draw what tiers serve: the report has no tiers")
	}
	return tiersPicture(r).write(w, f)
}

// tiersChart is a tiers picture under construction.
type tiersChart struct {
	tiers   []analyze.TierResult
	windows []analyze.TierWindow
	served  []analyze.TierWindow // windows with requests
	axis    timeAxis
	stacks  []stack
	top     float64        // rate at the top of the axis
	edges   [][][]vg.Point // upper edges of the areas, by tier
	legend  legend

	layout
	flows []*flowPanel // none if no bandwidth is known
}

var edgeStyle = draw.LineStyle{Color: ink, Width: 0.8}

func tierSpan(w analyze.TierWindow) (start, end float64) { return w.Start, w.End }

// withRequests leaves out windows that have writes but no requests.
func withRequests(windows []analyze.TierWindow) []analyze.TierWindow {
	return slices.DeleteFunc(slices.Clone(windows), func(w analyze.TierWindow) bool { return w.Requests == 0 })
}

func tiersPicture(r *analyze.Report) picture {
	ch, f := newTiersChart(r)
	var x []tick
	if len(ch.windows) > 0 {
		x = timeTicks(ch.axis, f.panelWidth())
	}
	height := ch.compose(f)
	return picture{width: pageWidth, height: height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// newTiersChart returns the chart of a report, and the frame to compose it in.
func newTiersChart(r *analyze.Report) (*tiersChart, frame) {
	ch := &tiersChart{tiers: r.Tiers, windows: finite(r.TierWindows, tierSpan), legend: tiersLegend(r.Tiers)}
	ch.served = withRequests(ch.windows)
	ch.flows = newFlowPanels(r.Tiers, ch.windows)
	ch.axis = windowAxis(ch.windows, tierSpan).of(r)
	f := frame{
		title:    "Token hit rate by tier" + tierWindowText(ch.windows),
		subtitle: subtitle(r),
		footnote: footnote(r, analyze.AboutTiers),
		figures:  tierFigures(r.Tiers, ch.flows),
		yLabel:   "Tokens served by each tier, of all",
		xLabel:   ch.axis.label(),
		side:     ch.legend.width(),
		minimum:  ch.legend.height(),
	}
	if len(ch.flows) > 0 {
		f.minimum = max(panelHeight, f.minimum)
		if line := exceeded(r.Tiers, len(ch.windows)); line != nil {
			f.notes = append(f.notes, line)
		}
	}
	for _, p := range ch.flows {
		f = p.fitInto(f)
	}
	return ch, f
}

// compose lays out the page, computes all lines, and returns the height of the page.
func (ch *tiersChart) compose(f frame) vg.Length {
	ch.layout = f.lay(2)
	ch.stack()
	if len(ch.stacks) < len(ch.served) {
		f.notes = append(f.notes, []string{"Windows that share a pixel are shown together"})
		ch.layout = f.lay(2)
	}
	height := ch.layout.height
	for _, p := range slices.Backward(ch.flows) {
		ch.layout, p.layout = ch.split(p.height())
		p.dress()
		p.trace(ch.windows, ch.axis)
	}
	ch.top = roundTop(ch.highest())
	ch.trace()
	return height
}

// tierWindowText returns the length of the windows, after a comma; "" if it cannot be stated.
func tierWindowText(windows []analyze.TierWindow) string {
	if len(windows) == 0 {
		return ""
	}
	s := windows[0].End - windows[0].Start
	if !(s > 0 && s < math.MaxInt64/1e9) {
		return ""
	}
	// A difference of times since the epoch is accurate to the microsecond.
	return ", " + units.FormatDuration(time.Duration(s*1e9).Round(time.Microsecond)) + " windows"
}

// widestTier is the maximum width of a tier's name.
const widestTier vg.Length = 110

func tierName(t analyze.TierResult) string { return shorten(axisFace, clean(t.Name), widestTier) }

// tiersLegend lists the tiers as they lie in the picture: the upper edge, then the last tier first.
func tiersLegend(tiers []analyze.TierResult) legend {
	together := 0.0
	for _, t := range tiers {
		together += t.TokenHitRate
	}
	l := legend{heads: []string{"Tier", "Capacity", "Adds"}}
	l.rows = append(l.rows, legendRow{edgeStyle, []string{"all together", "", share(together)}})
	for i, t := range slices.Backward(tiers) {
		style := draw.LineStyle{Color: shade(i, len(tiers)), Width: 8}
		l.rows = append(l.rows, legendRow{style, []string{tierName(t), tierCapacity(t), share(t.TokenHitRate)}})
	}
	return l
}

func tierCapacity(t analyze.TierResult) string {
	switch {
	case t.CapacityBytes != nil:
		return units.Capacity{N: *t.CapacityBytes, Unit: units.Bytes}.String()
	case t.CapacityChunks != nil:
		return units.Capacity{N: *t.CapacityChunks, Unit: units.Chunks}.String()
	}
	return units.Capacity{Unit: units.Unlimited}.String()
}

// share prints part of a rate, with more digits than a rate because it may be small.
func share(rate float64) string {
	return units.FormatPercent(fraction(rate))
}

// trace computes the upper edges of all areas.
func (ch *tiersChart) trace() {
	lines := make([]steps, len(ch.tiers))
	for i := range ch.stacks {
		s := &ch.stacks[i]
		for j, rate := range s.rates() {
			lines[j].add(s.from, s.to, ch.y(rate/ch.top))
		}
	}
	for i := range lines {
		var edges [][]vg.Point
		for _, l := range lines[i].done() {
			edges = append(edges, widened(l))
		}
		ch.edges = append(ch.edges, edges)
	}
}

// crowded reports whether windows are too narrow to be drawn on their own.
func crowded(windows []analyze.TierWindow, axis timeAxis, panel vg.Rectangle) bool {
	if len(windows) == 0 {
		return false
	}
	first := windows[0]
	return vg.Length(axis.position(first.End)-axis.position(first.Start))*(panel.Max.X-panel.Min.X) < legible
}

// panels returns the layouts of all panels, from the top.
func (ch *tiersChart) panels() []layout {
	out := []layout{ch.layout}
	for _, p := range ch.flows {
		out = append(out, p.layout)
	}
	return out
}

func (ch *tiersChart) draw(c *draw.Canvas, x []tick) {
	ch.drawTexts(c)
	ch.axis.drawWarmup(c, ch.panels()...)
	ch.drawAxes(c, x, rateTicks(ch.top))
	ch.axis.nameWarmup(c, ch.layout)
	ch.drawAreas(c)
	ch.drawBaseLine(c)
	ch.legend.draw(c, ch.panel)
	for _, p := range ch.flows {
		p.draw(c, x)
	}
	switch tokens := func(s stack) bool { return s.total > 0 }; {
	case len(ch.windows) == 0:
		ch.say(c, "No requests were counted")
	case !slices.ContainsFunc(ch.stacks, tokens):
		ch.say(c, "No tokens were counted")
	}
}

// drawAreas paints each tier's area from its edge down to the base, the smaller over the larger, so that no light gap shows
// between two. Lines along the edges are left out where they would hide the areas.
func (ch *tiersChart) drawAreas(c *draw.Canvas) {
	narrow := crowded(ch.windows, ch.axis, ch.panel)
	for i, edges := range slices.Backward(ch.edges) {
		if ch.tiers[i].Tokens == 0 {
			continue
		}
		for _, e := range edges {
			area(c, shade(i, len(ch.tiers)), e, ch.panel.Min.Y)
		}
		if i < len(ch.edges)-1 && !narrow {
			c.StrokeLines(draw.LineStyle{Color: paper, Width: 0.4}, broad(edges)...)
		}
	}
	if !narrow {
		c.StrokeLines(edgeStyle, broad(ch.edges[len(ch.edges)-1])...)
	}
}
