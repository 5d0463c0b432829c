package chart

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// placer finds room for labels. No label covers an occupied box.
type placer struct {
	bounds vg.Rectangle
	taken  []vg.Rectangle
	lines  [][]vg.Point
}

// Minimum distances between labels (labelSpace), and between labels and lines (lineSpace).
const (
	labelSpace vg.Length = 2
	lineSpace  vg.Length = 2.5
)

// place occupies the candidate box that covers the fewest lines, the first of a tie, and reports whether any was free.
func (p *placer) place(candidates []vg.Rectangle) (vg.Rectangle, bool) {
	best, bestCost := vg.Rectangle{}, math.MaxInt
	for _, r := range candidates {
		if !p.free(r) {
			continue
		}
		if cost := p.crossings(grow(r, lineSpace)); cost < bestCost {
			best, bestCost = r, cost
		}
	}
	if bestCost == math.MaxInt {
		return best, false
	}
	p.taken = append(p.taken, best)
	return best, true
}

// placeAround occupies a box of size w × h near a point, connected to it by a leader unless it is close. Neither covers
// another label, and the box covers no line. The leader crosses none either if there is such a place. If there is no place at
// all, the label should become a note.
func (p *placer) placeAround(at vg.Point, w, h vg.Length) (vg.Rectangle, bool) {
	var free []vg.Rectangle
	for _, r := range p.places(at, w, h) {
		leader, long := leaderTo(r, at)
		if !p.free(r) || p.crossings(grow(r, lineSpace)) > 0 || long && !p.clear(at, leader) {
			continue
		}
		if free = append(free, r); !long || !p.cut(at, leader) {
			return p.occupy(r, at), true
		}
	}
	if len(free) == 0 {
		return vg.Rectangle{}, false
	}
	return p.occupy(free[0], at), true
}

// occupy takes a box and its leader.
func (p *placer) occupy(r vg.Rectangle, at vg.Point) vg.Rectangle {
	if leader, long := leaderTo(r, at); long {
		p.lines = append(p.lines, []vg.Point{at, leader})
	}
	p.taken = append(p.taken, r)
	return r
}

// cut reports whether a leader from a marked point crosses a line farther away than the mark reaches.
func (p *placer) cut(from, to vg.Point) bool {
	const mark = 5
	part := min(1, mark/distance(from, to))
	start := vg.Point{X: from.X + part*(to.X-from.X), Y: from.Y + part*(to.Y-from.Y)}
	for _, line := range p.lines {
		for i := 1; i < len(line); i++ {
			if meet(start, to, line[i-1], line[i]) {
				return true
			}
		}
	}
	return false
}

// meet reports whether the segments from a to b and from c to d have a point in common.
func meet(a, b, c, d vg.Point) bool {
	side := func(p, q, r vg.Point) vg.Length { return (q.X-p.X)*(r.Y-p.Y) - (q.Y-p.Y)*(r.X-p.X) }
	return side(a, b, c)*side(a, b, d) <= 0 && side(c, d, a)*side(c, d, b) <= 0
}

// leaderTo returns the end of a line from a point to its label, and whether they are far enough apart to need it.
func leaderTo(r vg.Rectangle, at vg.Point) (to vg.Point, long bool) {
	to = vg.Point{X: min(max(at.X, r.Min.X), r.Max.X), Y: min(max(at.Y, r.Min.Y), r.Max.Y)}
	return to, distance(at, to) > 11
}

// clear reports whether a leader from a marked point crosses no label and no other mark.
func (p *placer) clear(from, to vg.Point) bool {
	for _, t := range p.taken {
		own := t.Min.X < from.X && from.X < t.Max.X && t.Min.Y < from.Y && from.Y < t.Max.Y
		if !own && crosses(from, to, grow(t, labelSpace)) {
			return false
		}
	}
	return true
}

func (p *placer) free(r vg.Rectangle) bool {
	if r.Min.X < p.bounds.Min.X || r.Min.Y < p.bounds.Min.Y || r.Max.X > p.bounds.Max.X || r.Max.Y > p.bounds.Max.Y {
		return false
	}
	r = grow(r, labelSpace)
	for _, t := range p.taken {
		if overlap(r, t) {
			return false
		}
	}
	return true
}

// crossings counts the line segments that cross r.
func (p *placer) crossings(r vg.Rectangle) int {
	n := 0
	for _, line := range p.lines {
		for i := 1; i < len(line); i++ {
			if crosses(line[i-1], line[i], r) {
				n++
			}
		}
	}
	return n
}

func grow(r vg.Rectangle, by vg.Length) vg.Rectangle {
	r.Min.X -= by
	r.Min.Y -= by
	r.Max.X += by
	r.Max.Y += by
	return r
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// crosses reports whether the segment from a to b has a point in r (Liang–Barsky clipping).
func crosses(a, b vg.Point, r vg.Rectangle) bool {
	from, to := 0.0, 1.0
	within := func(start, delta, lo, hi vg.Length) bool {
		if delta == 0 {
			return lo <= start && start <= hi
		}
		enter, leave := float64((lo-start)/delta), float64((hi-start)/delta)
		if enter > leave {
			enter, leave = leave, enter
		}
		from, to = max(from, enter), min(to, leave)
		return from <= to
	}
	return within(a.X, b.X-a.X, r.Min.X, r.Max.X) && within(a.Y, b.Y-a.Y, r.Min.Y, r.Max.Y)
}

// box returns a rectangle of size w × h with its lower left corner at x, y.
func box(x, y, w, h vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: x, Y: y}, Max: vg.Point{X: x + w, Y: y + h}}
}

// places returns boxes of size w × h around a point on a rising curve, best first: near it, then anywhere to its right and
// lower, nearest first, where such a curve leaves room, then farther away on any side.
func (p *placer) places(at vg.Point, w, h vg.Length) []vg.Rectangle {
	out := around(at, w, h, 6, 12)
	var right []vg.Rectangle
	for y := at.Y - 6 - h; y >= p.bounds.Min.Y; y -= 6 {
		for _, d := range []vg.Length{6, 26, 50, 80, 120} {
			right = append(right, box(min(at.X+d, p.bounds.Max.X-w), y, w, h))
		}
	}
	slices.SortStableFunc(right, func(a, b vg.Rectangle) int {
		toA, _ := leaderTo(a, at)
		toB, _ := leaderTo(b, at)
		return cmp.Compare(distance(at, toA), distance(at, toB))
	})
	return slices.Concat(out, right, around(at, w, h, 18, 26, 36, 50))
}

// around returns boxes of size w × h at distances from a point: below right and above left first, where a rising curve leaves
// room; then directly beside, above and below.
func around(at vg.Point, w, h vg.Length, distances ...vg.Length) []vg.Rectangle {
	var out []vg.Rectangle
	for _, d := range distances {
		left, right := at.X-d-w, at.X+d
		above, below := at.Y+d, at.Y-d-h
		middle, level := at.X-w/2, at.Y-h/2
		out = append(out,
			box(right, at.Y-h-d/2, w, h), box(left, at.Y+d/2, w, h), box(right, level, w, h), box(left, level, w, h),
			box(middle, above, w, h), box(middle, below, w, h), box(right, above, w, h), box(left, below, w, h),
			box(right, below, w, h), box(left, above, w, h))
	}
	return out
}

func distance(a, b vg.Point) vg.Length {
	return vg.Length(math.Hypot(float64(a.X-b.X), float64(a.Y-b.Y)))
}
