package chart

import (
	"cmp"
	"errors"
	"image/color"
	"io"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
)

// Requests draws what single requests hit at each capacity, in two panels. The upper one has a bar for each class of prompt
// lengths: it is as wide as the share of all tokens that these requests have, and as high as their token hit rate, so an area is
// a number of hit tokens. The lower one has the share of requests whose own hit rate is above a rate, in steps of one point.
//
// It fails if r.Requests is nil, if f is not a known format or if w fails. Nothing is written before the picture is complete.
func Requests(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Requests == nil {
		return errors.New("draw hit rate of requests: the report has no such figures")
	}
	return requestsPicture(r).write(w, f)
}

// requestsChart is a picture of requests under construction.
type requestsChart struct {
	report *analyze.Report
	*analyze.Requests
	order  []int // capacities, as indices, largest first
	tokens int64
	top    float64 // rate at the top of the upper panel

	lengths, shares layout
	overall, counts legend
	bars            []lengthBar
	lines           [][][]vg.Point // by capacity in order
}

// lengthBar is the bar of a class of lengths.
type lengthBar struct {
	from, to vg.Length
	tops     []barTop // highest first
}

// barTop is the height of a bar at one capacity.
type barTop struct {
	y     vg.Length
	order int // of the capacity
}

func requestsPicture(r *analyze.Report) picture {
	ch := &requestsChart{report: r, Requests: r.Requests}
	for _, s := range largestFirst(ch.Capacities) {
		ch.order = append(ch.order, s.line)
	}
	highest := 0.0
	for _, l := range ch.Lengths {
		ch.tokens += l.TotalTokens
		for _, hit := range l.HitTokens {
			highest = max(highest, ratio(hit, l.TotalTokens))
		}
	}
	ch.top = roundTop(highest)
	ch.legends()
	f := frame{
		title:    "Token hit rate by prompt length, and by request",
		subtitle: subtitle(r),
		figures:  ch.figures(),
		footnote: footnote(r),
		side:     max(ch.overall.width(), ch.counts.width()),
		minimum:  twoPanels(ch.overall.height(), ch.counts.height()),
	}
	page := f.lay(1)
	ch.lengths, ch.shares = page.halves()
	ch.lengths.yLabel, ch.lengths.xLabel = "Token hit rate", "Prompt length in tokens, and its share of all tokens"
	ch.shares.yLabel, ch.shares.xLabel = "Requests with a higher hit rate", "Hit rate of a request"
	x := ch.trace()
	return picture{width: pageWidth, height: page.height, draw: func(c *draw.Canvas) { ch.draw(c, x) }}
}

// legends fills in both legends: the rates of all tokens, and the shares of requests with the lowest and the highest rates.
func (ch *requestsChart) legends() {
	ch.overall = legend{heads: []string{"Capacity", "All lengths"}}
	ch.counts = legend{heads: []string{"Capacity", "at 0 %", "over 99 %"}}
	for i, capacity := range ch.order {
		hits := int64(0)
		for _, l := range ch.Lengths {
			hits += l.HitTokens[capacity]
		}
		name := ch.Capacities[capacity].String()
		rates := ch.Rates[capacity]
		all := sum(rates)
		bar, line := draw.LineStyle{Color: ch.color(i), Width: 8}, draw.LineStyle{Color: ch.color(i), Width: 2}
		ch.overall.rows = append(ch.overall.rows, legendRow{bar, []string{name, percent(ratio(hits, ch.tokens))}})
		ch.counts.rows = append(ch.counts.rows, legendRow{line, []string{name, percent(ratio(rates[0], all)), percent(ratio(rates[len(rates)-1], all))}})
	}
}

// figures say the hit rate at each capacity.
func (ch *requestsChart) figures() (out []string) {
	for _, row := range ch.overall.rows {
		out = append(out, row.cells[0]+": "+row.cells[1]+" of all tokens")
	}
	return out
}

// color returns the colour of capacity i in order: the larger, the lighter, yet dark enough for a line on white.
func (ch *requestsChart) color(i int) color.NRGBA {
	n := len(ch.order)
	return lineShade(n-1-i, n)
}

func sum(counts []int64) (n int64) {
	for _, c := range counts {
		n += c
	}
	return n
}

// trace computes bars and lines, and returns the ticks of the upper axis.
func (ch *requestsChart) trace() (x []tick) {
	var before int64
	for _, l := range ch.Lengths {
		if l.TotalTokens <= 0 {
			continue
		}
		from, to := ratio(before, ch.tokens), ratio(before+l.TotalTokens, ch.tokens)
		before += l.TotalTokens
		b := lengthBar{from: ch.lengths.x(from), to: ch.lengths.x(to)}
		for i, capacity := range ch.order {
			b.tops = append(b.tops, barTop{ch.lengths.y(ratio(l.HitTokens[capacity], l.TotalTokens) / ch.top), i})
		}
		slices.SortStableFunc(b.tops, func(a, b barTop) int { return cmp.Compare(b.y, a.y) })
		ch.bars = append(ch.bars, b)
		x = append(x, tick{at: (from + to) / 2, label: lengthName(l), context: percent(ratio(l.TotalTokens, ch.tokens))})
	}
	for _, capacity := range ch.order {
		var line steps
		rates := ch.Rates[capacity]
		all := sum(rates)
		above := all
		for class, n := range rates[:len(rates)-1] {
			above -= n
			at := func(class int) vg.Length { return ch.shares.x(float64(class) / float64(len(rates)-1)) }
			line.add(at(class), at(class+1), ch.shares.y(ratio(above, all)))
		}
		ch.lines = append(ch.lines, line.done())
	}
	return ch.labelBars(x)
}

// labelBars drops the labels that collide, of narrow bars first.
func (ch *requestsChart) labelBars(x []tick) []tick {
	width := ch.lengths.panelWidth()
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(ch.bars[b].to-ch.bars[b].from, ch.bars[a].to-ch.bars[a].from)
	})
	labels := slices.Clone(x)
	for i := range x {
		x[i].label, x[i].context = "", ""
	}
	for _, i := range order {
		x[i] = labels[i]
		if !fit(x, width) {
			x[i].label, x[i].context = "", ""
		}
	}
	return x
}

// lengthName names a class of lengths as by.csv does.
func lengthName(l analyze.LengthRates) string {
	from := strconv.FormatInt(l.From, 10)
	switch {
	case l.To == math.MaxInt64:
		return from + "+"
	case l.To == l.From+1:
		return from
	}
	return from + "-" + strconv.FormatInt(l.To-1, 10)
}

func (ch *requestsChart) draw(c *draw.Canvas, x []tick) {
	ch.lengths.drawTexts(c)
	ch.lengths.drawLevels(c, rateTicks(ch.top))
	ch.lengths.drawBase(c, x)
	ch.drawBars(c)
	ch.lengths.drawBaseLine(c)
	ch.overall.draw(c, ch.lengths.panel)

	ch.shares.drawAxes(c, rateTicks(1), rateTicks(1))
	for i, lines := range ch.lines {
		c.StrokeLines(draw.LineStyle{Color: ch.color(i), Width: 1.3}, lines...)
	}
	ch.counts.draw(c, ch.shares.panel)
	ch.lengths.sayWhyEmpty(c, ch.report, ch.tokens)
	ch.shares.sayWhyEmpty(c, ch.report, ch.tokens)
}

// emptyBar is the colour of what does not hit.
var emptyBar = color.NRGBA{0xee, 0xf1, 0xf4, 0xff}

// drawBars draws every bar, the lower capacities over the higher ones, and what they miss.
func (ch *requestsChart) drawBars(c *draw.Canvas) {
	bottom := ch.lengths.panel.Min.Y
	for _, b := range ch.bars {
		from, to := snapped(b.from), snapped(b.to)
		if to-from > 6*dot {
			to -= dot // a gap to the next
		}
		to = max(to, from+dot)
		fill(c, emptyBar, box(from, bottom, to-from, ch.lengths.panel.Max.Y-bottom))
		for _, top := range b.tops {
			fill(c, ch.color(top.order), box(from, bottom, to-from, top.y-bottom))
			c.StrokeLine2(draw.LineStyle{Color: paper, Width: 0.4}, from, top.y, to, top.y)
		}
	}
	for _, t := range rateTicks(ch.top)[1:] { // the levels again, over the bars
		y := ch.lengths.y(t.at)
		c.StrokeLine2(draw.LineStyle{Color: color.NRGBA{0xff, 0xff, 0xff, 0x59}, Width: 0.6}, ch.lengths.panel.Min.X, y, ch.lengths.panel.Max.X, y)
	}
}
