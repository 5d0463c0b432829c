package chart

import (
	"math"

	"gonum.org/v1/plot/vg"
)

// heatClasses is the number of colours.
const heatClasses = 20

// class returns the class of a rate, from 0 on.
func (ch *heatChart) class(rate float64) int {
	return min(int(rate/ch.top*heatClasses+1e-9), heatClasses-1)
}

// dip is a stretch of a window that hits less than a smaller capacity does, which happens only in caches that evict in batches.
type dip struct {
	box   vg.Rectangle
	class int
}

// trace computes the areas, dips and contours.
func (ch *heatChart) trace() {
	areas := make([]steps, heatClasses)
	ch.tops = make([]vg.Length, heatClasses)
	contours := make([]boundary, len(contourLevels))
	for w, rates := range ch.rates {
		if rates == nil {
			continue
		}
		from, to := ch.columns(w)
		for class := range areas {
			row := firstRow(rates, func(rate float64) bool { return ch.class(rate) >= class })
			if class > 0 {
				ch.tops[class-1] = max(ch.tops[class-1], ch.edge(row))
			}
			if row < len(rates) {
				areas[class].add(from, to, ch.edge(row))
			} else {
				areas[class].end()
			}
		}
		for i, level := range contourLevels {
			row := firstRow(rates, func(rate float64) bool { return rate >= level })
			contours[i].add(from, to, ch.edge(row), row > 0 && row < len(rates))
		}
		ch.findDips(rates, from, to)
	}
	ch.tops[heatClasses-1] = ch.edge(len(ch.capacities))
	for i := range areas {
		ch.areas = append(ch.areas, areas[i].done())
	}
	for i := range contours {
		ch.contours = append(ch.contours, contour{lines: contours[i].done()})
	}
	ch.labelContours()
}

// columns returns the left and the right end of a window, which is wide enough to be seen.
func (ch *heatChart) columns(w int) (from, to vg.Length) {
	const visible vg.Length = 1
	from, to = ch.x(ch.axis.position(ch.windows[w].Start)), ch.x(ch.axis.position(ch.windows[w].End))
	if to-from < visible {
		from = min(max((from+to-visible)/2, ch.panel.Min.X), ch.panel.Max.X-visible)
		to = from + visible
	}
	return snapped(from), snapped(to)
}

// snapped moves a place to the border of a pixel. Areas that lie on each other would show through at their edges otherwise.
func snapped(at vg.Length) vg.Length { return vg.Length(math.Round(float64(at/dot))) * dot }

// edge returns the height of the lower edge of a row.
func (ch *heatChart) edge(row int) vg.Length { return snapped(ch.y(ch.edges[row])) }

// firstRow returns the first row, from below, whose rate is in; the number of rows if none is.
func firstRow(rates []float64, in func(rate float64) bool) int {
	for row, rate := range rates {
		if in(rate) {
			return row
		}
	}
	return len(rates)
}

// findDips finds the rows whose class is below that of a smaller capacity. The areas have painted them like that.
func (ch *heatChart) findDips(rates []float64, from, to vg.Length) {
	highest := 0
	for row, rate := range rates {
		class := ch.class(rate)
		highest = max(highest, class)
		if class == highest {
			continue
		}
		below := ch.edge(row)
		ch.dips = append(ch.dips, dip{box(from, below, to-from, ch.edge(row+1)-below), class})
	}
}

// boundary builds the border of what reaches a level: level steps, joined by upright lines where windows touch. What lies on
// the lower or the upper edge of the panel is left out, but not the way there.
type boundary struct {
	thinner
	right, y vg.Length // end of the latest window, and its height
	inside   bool      // whether that is within the panel
	any      bool
}

// add adds a window. inside reports whether y is within the panel, and not on its edge.
func (b *boundary) add(from, to, y vg.Length, inside bool) {
	touches := b.any && from-b.right < dot/2
	if !touches {
		b.end()
	}
	switch {
	case inside:
		if touches && !b.inside && b.y != y { // from the edge
			b.thinner.add(vg.Point{X: from, Y: b.y})
		}
		b.thinner.add(vg.Point{X: from, Y: y})
		b.thinner.add(vg.Point{X: to, Y: y})
	case touches && b.inside: // to the edge
		b.thinner.add(vg.Point{X: from, Y: y})
		b.end()
	case touches && b.y != y: // from edge to edge
		b.thinner.add(vg.Point{X: from, Y: b.y})
		b.thinner.add(vg.Point{X: from, Y: y})
		b.end()
	}
	b.right, b.y, b.inside, b.any = to, y, inside, true
}

// contour is the border of what reaches a level, with a label on it.
type contour struct {
	lines    [][]vg.Point
	box      vg.Rectangle
	labelled bool
}

// labelContours puts a label on each contour, where it is most level and not on another label.
func (ch *heatChart) labelContours() {
	p := &placer{bounds: ch.panel}
	for i := range ch.contours {
		k := &ch.contours[i]
		w, h := textWidth(strongFace, contourText(i))+4, labelHeight
		least := vg.Length(math.Inf(1))
		for _, line := range k.lines {
			for _, at := range line {
				low, high, ok := rangeOf(line, at.X, at.X+w)
				b := box(at.X, (low+high)/2-h/2, w, h)
				if ok && high-low < least && p.free(b) {
					least, k.box, k.labelled = high-low, b, true
				}
			}
		}
		if k.labelled {
			p.taken = append(p.taken, k.box)
		}
	}
}

// rangeOf returns the lowest and the highest point of a line between two places; ok is false if it does not reach that far.
func rangeOf(line []vg.Point, from, to vg.Length) (low, high vg.Length, ok bool) {
	low, high = vg.Length(math.Inf(1)), vg.Length(math.Inf(-1))
	for i, p := range line {
		if p.X >= from && p.X <= to || i > 0 && line[i-1].X <= to && p.X > to {
			low, high = min(low, p.Y), max(high, p.Y)
		}
	}
	return low, high, line[len(line)-1].X >= to
}
