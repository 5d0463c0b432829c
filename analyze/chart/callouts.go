package chart

import (
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// callout is a label, and the point on the curve that it is about.
type callout struct {
	text   string
	at     vg.Point
	marked bool // the point is on the picture
	box    vg.Rectangle
	placed bool
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

// targetLabel is "80 % → 19.7 MiB", in whatever unit the capacity is known.
func (ch *capacityChart) targetLabel(t analyze.TargetResult) string {
	s := targetText(t.Target)
	switch c := ch.capacity(t.CapacityBytes, t.CapacityChunks); {
	case c != nil:
		return s + " → " + units.Capacity{N: *c, Unit: ch.unit}.String()
	case t.CapacityBytes != nil:
		return s + " → " + units.Capacity{N: *t.CapacityBytes, Unit: units.Bytes}.String()
	case t.CapacityChunks != nil:
		return s + " → " + units.Capacity{N: *t.CapacityChunks, Unit: units.Chunks}.String()
	}
	return s
}

// label finds room for the ceiling's label, then for those of targets that aren't silent. It silences those for which
// there is none, and says whether there were any.
func (ch *capacityChart) label(targets []analyze.TargetResult, silent []bool) (crowded bool) {
	p := &placer{bounds: ch.panel, lines: slices.Concat(ch.token, ch.chunk, ch.plain)}
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
		m.text += " at " + units.Capacity{N: *c, Unit: ch.unit}.String()
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
