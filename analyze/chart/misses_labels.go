package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
)

// place finds room for the names of areas, near their middles, and for that of the ceiling.
func (ch *missesChart) place() {
	var taken []vg.Rectangle
	if ch.hasCeiling() {
		w := textWidth(strongFace, ch.ceilingText())
		y := ch.y(ch.report.Ceiling.TokenHitRate)
		ch.ceiling = box(ch.panel.Min.X+7, y+2, w, labelHeight)
		if ch.ceiling.Max.Y > ch.panel.Max.Y {
			ch.ceiling = box(ch.panel.Min.X+7, y-2-labelHeight, w, labelHeight)
		}
		taken = []vg.Rectangle{grow(ch.ceiling, labelSpace), box(ch.panel.Min.X, y-1, ch.panel.Max.X-ch.panel.Min.X, 2)}
	}
	for i := range ch.areas {
		ch.areas[i].label, ch.areas[i].fits = ch.roomFor(i, taken)
	}
}

// roomFor returns where the label of an area is as near its middle as possible, with room above and below it if there is any.
func (ch *missesChart) roomFor(i int, taken []vg.Rectangle) (at vg.Point, ok bool) {
	a := &ch.areas[i]
	w := textWidth(strongFace, a.name) + 8
	first, last := ch.x(ch.axis.position(ch.capacities[0])), ch.x(ch.axis.position(ch.capacities[len(ch.capacities)-1]))
	middle := ch.middle(i)
	for _, least := range []vg.Length{3 * labelHeight, labelHeight + 2} { // less would touch the edges
		for left := first; left+w <= last; left += 4 {
			low, high := ch.between(i, left, left+w)
			room := box(left, (low+high-labelHeight)/2, w, labelHeight)
			covers := func(t vg.Rectangle) bool { return overlap(room, t) }
			if high-low < least || slices.ContainsFunc(taken, covers) {
				continue
			}
			here := vg.Point{X: left + w/2, Y: room.Min.Y + labelDepth}
			if !ok || distance(here, middle) < distance(at, middle) {
				at, ok = here, true
			}
		}
		if ok {
			break
		}
	}
	return at, ok
}

// middle returns the centre of gravity of an area.
func (ch *missesChart) middle(i int) (at vg.Point) {
	var whole vg.Length
	for x := ch.panel.Min.X; x <= ch.panel.Max.X; x += 4 {
		low, high := ch.between(i, x, x)
		whole += high - low
		at.X += x * (high - low)
		at.Y += (low + high) / 2 * (high - low)
	}
	if whole <= 0 {
		return vg.Point{X: ch.x(.5), Y: ch.y(.5)}
	}
	return vg.Point{X: at.X / whole, Y: at.Y / whole}
}

// between returns the heights between which an area fills the panel from one place to another.
func (ch *missesChart) between(i int, left, right vg.Length) (low, high vg.Length) {
	low, high = ch.panel.Min.Y, ch.panel.Max.Y
	last := ch.before(right)
	if ch.grid != nil { // the line goes on to the next point
		last = min(last+1, len(ch.capacities)-1)
	}
	for j := ch.before(left); j <= last; j++ {
		high = min(high, ch.y(ch.areas[i].sums[j]))
		if i > 0 {
			low = max(low, ch.y(ch.areas[i-1].sums[j]))
		}
	}
	return low, high
}

// before returns the index of the last known capacity that is not to the right of a place, or the first.
func (ch *missesChart) before(x vg.Length) int {
	c := ch.axis.capacity(float64((x - ch.panel.Min.X) / (ch.panel.Max.X - ch.panel.Min.X)))
	i, found := slices.BinarySearch(ch.capacities, c)
	if !found {
		i--
	}
	return min(max(i, 0), len(ch.capacities)-1)
}
