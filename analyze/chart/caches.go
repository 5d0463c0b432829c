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
)

// Caches draws the token hit rate of every cache of a comparison at the capacities of its grid, joined by straight lines, with
// a label at the end of each line. Between opt-feasible and opt-bound lies a shaded band: the optimum is in it.
//
// It fails if the comparison has no grid, if f is not a known format or if w fails. Nothing is written before the picture is
// complete.
func Caches(w io.Writer, f Format, c *analyze.Comparison) error {
	if c == nil || c.Report == nil || len(c.Grid) == 0 {
		return errors.New("draw caches: the comparison has no grid of capacities")
	}
	return cachesPicture(c).write(w, f)
}

// cachesChart is a picture of caches under construction.
type cachesChart struct {
	comparison *analyze.Comparison
	capacities []int64 // of the grid

	plane
	lines  [][]vg.Point // by cache
	labels []endLabel   // in the order of the caches until they are spread
	styles []draw.LineStyle
}

var (
	boundStyle    = draw.LineStyle{Color: ink, Width: 0.9, Dashes: []vg.Length{3, 2}}
	feasibleStyle = draw.LineStyle{Color: ink, Width: 1.1}
	bandColor     = color.NRGBA{0xdd, 0xe1, 0xe6, 0xff}
)

// cacheColors are the palette without black, which is the optimum's.
var cacheColors = append(slices.Clone(palette[:6]), palette[7])

// cacheStyle returns the style of the n-th cache that is not the optimum.
func cacheStyle(n int) draw.LineStyle {
	return draw.LineStyle{Color: cacheColors[n%len(cacheColors)], Width: 1.3, Dashes: lineDashes[n/len(cacheColors)%len(lineDashes)]}
}

func cachesPicture(c *analyze.Comparison) picture {
	ch := &cachesChart{comparison: c}
	for i := range c.Grid {
		ch.capacities = append(ch.capacities, *c.Grid[i].In(c.GridUnit))
	}
	a := Axis{From: ch.capacities[0], To: ch.capacities[len(ch.capacities)-1]}
	a.To = max(a.To, a.From+1)
	ch.across = capacityAxis{Axis: a, unit: c.GridUnit}
	ch.up = ratesUpTo(c.Ceiling.TokenHitRate)
	ch.style()
	f := joinedRates(c.Report, len(c.Grid), ch.labels)
	f.title, f.footnote = "Token hit rate by cache and capacity", footnote(c.Report)
	f.xLabel = ch.across.label(ch.across.ticks(f.panelWidth()))
	ch.layout = f.lay(1)
	ch.trace()
	spread(ch.labels, ch.panel.Min.Y+4, ch.panel.Max.Y-4)
	return picture{width: pageWidth, height: ch.height, draw: ch.draw}
}

// joinedRates returns the frame of token hit rates at some capacities, joined by lines with labels at their ends.
func joinedRates(r *analyze.Report, capacities int, labels []endLabel) frame {
	return frame{
		subtitle: append(subtitle(r), capacitiesText(capacities)+", joined by lines"),
		figures:  capacityFigures(r),
		yLabel:   "Token hit rate",
		side:     endLabelsWidth(labels),
		minimum:  endLine * vg.Length(len(labels)+2),
	}
}

// widestCache is the maximum width of a cache's name.
const widestCache vg.Length = 170

// style chooses a style and a label for every cache. The label says the touch order where it is not that of the settings.
func (ch *cachesChart) style() {
	others := 0
	for _, r := range ch.comparison.Grid[0].Caches {
		var style draw.LineStyle
		switch r.Cache {
		case analyze.OptFeasible:
			style = feasibleStyle
		case analyze.OptBound:
			style = boundStyle
		default:
			style = cacheStyle(others)
			others++
		}
		name := shorten(axisFace, clean(r.Cache), widestCache)
		if o := r.TouchOrder; o != nil && *o != ch.comparison.Settings.TouchOrder {
			name = fmt.Sprintf("%s (%s first)", name, *o)
		}
		ch.styles = append(ch.styles, style)
		ch.labels = append(ch.labels, endLabel{text: name, style: style})
	}
}

// trace computes all lines, and where they end.
func (ch *cachesChart) trace() {
	for i := range ch.labels {
		var line []vg.Point
		for j, at := range ch.comparison.Grid {
			rate := at.Caches[i].TokenHitRate
			line = append(line, ch.point(ch.capacities[j], rate))
			ch.labels[i].rank += rate
		}
		ch.lines = append(ch.lines, line)
		ch.labels[i].end = line[len(line)-1].Y
	}
}

// band returns the corners of the area between what is feasible and the bound; nil unless the optimum is compared.
func (ch *cachesChart) band() []vg.Point {
	for i := range ch.styles[:len(ch.styles)-1] {
		if ch.comparison.Grid[0].Caches[i].Cache == analyze.OptFeasible { // the bound comes next
			above := slices.Clone(ch.lines[i+1])
			slices.Reverse(above)
			return append(slices.Clone(ch.lines[i]), above...)
		}
	}
	return nil
}

func (ch *cachesChart) draw(c *draw.Canvas) {
	if band := ch.band(); band != nil {
		c.SetColor(bandColor)
		c.Fill(polygon(band))
	}
	ch.drawPlane(c)
	ch.drawCeiling(c, ch.comparison.Ceiling.TokenHitRate)
	for i := range slices.Backward(ch.lines) { // the first cache lies on top
		c.StrokeLines(ch.styles[i], ch.lines[i])
	}
	ch.drawEndLabels(c, ch.labels)
	ch.sayWhyEmpty(c, ch.comparison.Report, ch.comparison.TotalTokens)
}
