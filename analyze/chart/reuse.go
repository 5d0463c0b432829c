package chart

import (
	"errors"
	"io"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// Reuse draws how often chunks are looked up and how soon again, in two panels that hold at every capacity. The upper one has
// the lookups of each chunk by its rank, the most popular first, on logarithmic axes; chunks of one class share its mean. The
// lower one has the share of reused tokens by the time since their chunk was looked up before; straight lines join the ends of
// the classes, so that the shares at a minute, an hour and a day are approximate.
//
// It fails if r.Reuse is nil, if f is not a known format or if w fails. Nothing is written before the picture is complete.
func Reuse(w io.Writer, f Format, r *analyze.Report) error {
	if r == nil || r.Reuse == nil {
		return errors.New("draw reuse of chunks: the report has no such figures")
	}
	return reusePicture(r).write(w, f)
}

// reuseChart is a picture of reuse under construction.
type reuseChart struct {
	*analyze.Reuse
	chunks, lookups int64
	reused          int64   // tokens
	ranks, counts   logAxis // of the upper panel
	times           logAxis // of the lower one, in seconds

	popular, soon      layout
	popularity, within [][]vg.Point
	marks              []reuseMark
}

// reuseMark is a marked time, and how much is reused by then.
type reuseMark struct {
	at    vg.Point
	label string
	box   vg.Rectangle
}

func reusePicture(r *analyze.Report) picture {
	ch := &reuseChart{Reuse: r.Reuse}
	for _, p := range ch.Popularity {
		ch.chunks += p.Chunks
		ch.lookups += p.Lookups
	}
	for _, i := range ch.Intervals {
		ch.reused += i.Tokens
	}
	ch.scale()
	f := frame{
		title:    "Reuse of chunks, at any capacity",
		subtitle: subtitle(r),
		footnote: footnote(r),
		notes:    ch.facts(),
		minimum:  twoPanels(),
	}
	y := ch.counts.decadeTicks(halfPanel, 17, decadeLabel)
	f.left = labelsWidth(y) + 7
	page := f.lay(1)
	ch.popular, ch.soon = page.halves()
	ch.popular.yLabel, ch.popular.xLabel = "Lookups of the chunk", "Rank of the chunk, by its lookups"
	ch.soon.yLabel, ch.soon.xLabel = "Share of all reused tokens", "Looked up again within"
	ch.trace()
	ranks := ch.ranks.decadeTicks(f.panelWidth(), 70, decadeLabel)
	return picture{width: pageWidth, height: page.height, draw: func(c *draw.Canvas) { ch.draw(c, ranks, y, timeSpans(ch.times, f.panelWidth())) }}
}

// decadeLabel prints a power of ten.
func decadeLabel(n float64) string { return count(int64(n)) }

// scale finds the ranges of the axes.
func (ch *reuseChart) scale() {
	ch.ranks = logAxis{1, math.Max(10, float64(ch.chunks))}
	ch.counts = logAxis{1, 10}
	if len(ch.Popularity) > 0 {
		ch.counts.to = math.Max(10, mean(ch.Popularity[0]))
	}
	ch.times = logAxis{1, daySeconds}
	if n := len(ch.Intervals); n > 0 {
		first, last := ch.Intervals[0], ch.Intervals[n-1]
		if ch.times.from = first.From; first.From == 0 {
			ch.times.from = first.To / 10
		}
		ch.times.to = math.Max(last.To, 10*ch.times.from)
	}
}

// mean returns the mean lookups of a class of chunks.
func mean(p analyze.Popularity) float64 { return float64(p.Lookups) / float64(p.Chunks) }

// facts say what part of all is reused.
func (ch *reuseChart) facts() [][]string {
	if ch.chunks == 0 {
		return nil
	}
	once := int64(0)
	for _, p := range ch.Popularity {
		if p.LookupsTo == 1 {
			once += p.Chunks
		}
	}
	return [][]string{{
		percent(ratio(once, ch.chunks)) + " of " + units.Count(ch.chunks, "chunk") + " looked up once",
		percent(ratio(ch.reused, ch.reused+ch.FirstTokens)) + " of the tokens in chunks looked up before",
	}}
}

// trace computes the lines and the marks.
func (ch *reuseChart) trace() {
	var line thinner
	var rank int64
	for _, p := range ch.Popularity {
		y := ch.popular.y(ch.counts.position(mean(p)))
		line.add(vg.Point{X: ch.popular.x(ch.ranks.position(float64(rank + 1))), Y: y})
		rank += p.Chunks
		line.add(vg.Point{X: ch.popular.x(ch.ranks.position(float64(rank))), Y: y})
	}
	ch.popularity = line.done()

	var within thinner
	var tokens int64
	for _, i := range ch.Intervals {
		within.add(ch.share(math.Max(i.From, ch.times.from), tokens))
		tokens += i.Tokens
		within.add(ch.share(i.To, tokens))
	}
	if tokens > 0 {
		within.add(ch.share(ch.times.to, tokens))
	}
	ch.within = within.done()
	ch.mark()
}

// share returns the place of a number of reused tokens.
func (ch *reuseChart) share(seconds float64, tokens int64) vg.Point {
	return vg.Point{X: ch.soon.x(ch.times.position(seconds)), Y: ch.soon.y(ratio(tokens, ch.reused))}
}

// markedTimes are those at which people think of a cache, in seconds.
var markedTimes = []float64{60, hourSeconds, daySeconds}

// mark marks the times that are on the axis.
func (ch *reuseChart) mark() {
	p := &placer{bounds: ch.soon.panel, lines: ch.within}
	for _, s := range markedTimes {
		if s <= ch.times.from || s >= ch.times.to || ch.reused == 0 {
			continue
		}
		m := reuseMark{at: ch.at(s)}
		rate := float64((m.at.Y - ch.soon.panel.Min.Y) / (ch.soon.panel.Max.Y - ch.soon.panel.Min.Y))
		m.label = units.FormatSeconds(s) + ": about " + units.FormatPercentTo(rate, 0)
		w := textWidth(labelFace, m.label)
		p.lines = append(p.lines, []vg.Point{{X: m.at.X, Y: ch.soon.panel.Min.Y}, {X: m.at.X, Y: ch.soon.panel.Max.Y}})
		var places []vg.Rectangle
		for _, d := range []vg.Length{4, 14, 26} {
			below, above := m.at.Y-d-labelHeight, m.at.Y+d
			places = append(places, box(m.at.X+5, below, w, labelHeight), box(m.at.X-5-w, above, w, labelHeight), box(m.at.X-5-w, below, w, labelHeight))
		}
		if b, ok := p.place(places); ok {
			m.box = b
		} else {
			m.label = ""
		}
		ch.marks = append(ch.marks, m)
	}
}

// at returns the point of the lower line at a time.
func (ch *reuseChart) at(seconds float64) vg.Point {
	x := ch.soon.x(ch.times.position(seconds))
	var tokens int64
	for _, i := range ch.Intervals {
		from, to := ch.share(math.Max(i.From, ch.times.from), tokens), ch.share(i.To, tokens+i.Tokens)
		switch {
		case x < from.X:
			return vg.Point{X: x, Y: from.Y}
		case x <= to.X:
			return vg.Point{X: x, Y: from.Y + (to.Y-from.Y)*(x-from.X)/(to.X-from.X)}
		}
		tokens += i.Tokens
	}
	return ch.share(seconds, tokens)
}

// timeSpans returns the ticks of a logarithmic axis of seconds: the finest round spans whose labels don't collide.
func timeSpans(a logAxis, width vg.Length) (ticks []tick) {
	for _, spans := range [][]float64{
		{1e-4, 1e-3, .01, .1, 1, 10, 60, 600, hourSeconds, 6 * hourSeconds, daySeconds, 7 * daySeconds, 30 * daySeconds, yearSeconds, 10 * yearSeconds, 100 * yearSeconds},
		{1e-4, .01, 1, 60, hourSeconds, daySeconds, 30 * daySeconds, yearSeconds, 100 * yearSeconds},
	} {
		ticks = nil
		for _, s := range spans {
			if a.from <= s && s <= a.to {
				ticks = append(ticks, tick{at: a.position(s), label: units.FormatSeconds(s)})
			}
		}
		if fit(ticks, width) {
			break
		}
	}
	return ticks
}

func (ch *reuseChart) draw(c *draw.Canvas, ranks, lookups, times []tick) {
	ch.popular.drawTexts(c)
	ch.popular.drawAxes(c, ranks, lookups)
	c.StrokeLines(tokenStyle, ch.popularity...)
	if ch.chunks == 1 {
		disc(c, tokenColor, ch.popularity[0][0], 2)
	}

	ch.soon.drawAxes(c, times, rateTicks(1))
	for _, m := range ch.marks {
		c.StrokeLine2(soldStyle, m.at.X, ch.soon.panel.Min.Y, m.at.X, ch.soon.panel.Max.Y)
	}
	c.StrokeLines(tokenStyle, ch.within...)
	for _, m := range ch.marks {
		disc(c, paper, m.at, 3.6)
		disc(c, tokenColor, m.at, 2.8)
		if m.label != "" {
			fill(c, paper, m.box)
			text(c, labelFace, ink, m.box.Min.X, m.box.Min.Y+labelDepth, fromLeft, m.label)
		}
	}
	switch {
	case ch.chunks == 0:
		ch.popular.say(c, "No chunks were counted")
		ch.soon.say(c, "No chunks were counted")
	case ch.reused == 0:
		ch.soon.say(c, "No chunk was looked up twice")
	}
}
