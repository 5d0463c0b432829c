package chart

import (
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// callout is a label and the point on the curve that it describes.
type callout struct {
	text   string
	rate   float64
	at     vg.Point
	marked bool // draw a mark at the point
	box    vg.Rectangle
	placed bool
}

// sortTargets separates targets that can be marked, sorted by capacity, from those that only get a note.
func (ch *capacityChart) sortTargets() (marked []analyze.TargetResult, notes targetNotes) {
	notes.why = notReached(ch.report)
	for _, t := range ch.report.Targets {
		switch c := ch.capacity(t.CapacityBytes, t.CapacityChunks); {
		case !t.Reachable:
			notes.unreachable = append(notes.unreachable, targetText(t.Target))
		case c == nil || !ch.across.contains(*c):
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
	return ch.together(marked), notes
}

// together joins targets that the same capacity reaches into one, with their names separated by commas.
func (ch *capacityChart) together(sorted []analyze.TargetResult) (out []analyze.TargetResult) {
	for _, t := range sorted {
		if last := len(out) - 1; last >= 0 && *ch.capacity(t.CapacityBytes, t.CapacityChunks) == *ch.capacity(out[last].CapacityBytes, out[last].CapacityChunks) {
			out[last].Target += "," + t.Target
			continue
		}
		out = append(out, t)
	}
	return out
}

// targetNotes are the targets that get a line of text instead of, or in addition to, a mark.
type targetNotes struct {
	unreachable, elsewhere, crowded []string

	why string // targets are not reached: "not reachable"
}

// lines returns the notes, each as parts to be joined with commas.
func (n targetNotes) lines() [][]string {
	var out [][]string
	if last := len(n.unreachable) - 1; last >= 0 {
		line := slices.Clone(n.unreachable)
		line[last] += ": " + n.why
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

// targetLabel returns a label such as "80 % → 19.7 MiB", in a unit in which the capacity is known. A capacity found on a grid
// is only an upper bound: "80 % → ≤ 19.7 MiB (grid)".
func (ch *capacityChart) targetLabel(t analyze.TargetResult) string {
	bytes, chunks := t.CapacityBytes, t.CapacityChunks
	if ch.unit != units.Bytes && chunks != nil {
		bytes = nil
	}
	var capacity units.Capacity
	switch {
	case bytes != nil:
		capacity = units.Capacity{N: *bytes, Unit: units.Bytes}
	case chunks != nil:
		capacity = units.Capacity{N: *chunks, Unit: units.Chunks}
	default:
		return targetTexts(t.Target)
	}
	if ch.grid != nil {
		return targetTexts(t.Target) + " → ≤ " + capacity.String() + " (grid)"
	}
	return targetTexts(t.Target) + " → " + capacity.String()
}

// targetTexts prints targets separated by commas.
func targetTexts(s string) string {
	var texts []string
	for one := range strings.SplitSeq(s, ",") {
		texts = append(texts, targetText(one))
	}
	return strings.Join(texts, ", ")
}

// label finds room for the ceiling's label, then for the labels of targets that are not silent. It silences targets without
// room, and reports whether there were any.
func (ch *capacityChart) label(targets []analyze.TargetResult, silent []bool) (crowded bool) {
	p := &placer{bounds: ch.panel, lines: slices.Concat(ch.token, ch.lru)}
	ch.markTargets(targets)
	ch.ceiling = ch.ceilingCallout()
	for _, m := range append([]callout{ch.ceiling}, ch.targets...) {
		if m.marked {
			p.taken = append(p.taken, box(m.at.X-4, m.at.Y-4, 8, 8))
		}
	}
	// No other label may cover the ceiling line; its own stands next to it.
	if ch.ceilingInView() {
		level := []vg.Point{{X: ch.panel.Min.X, Y: ch.ceiling.at.Y}, {X: ch.panel.Max.X, Y: ch.ceiling.at.Y}}
		p.lines = append(p.lines, level)
		ch.ceiling.box, ch.ceiling.placed = p.place(ch.ceilingBoxes())
	}
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

// labelHeight is the height of a label's box, labelDepth the height of its baseline above the bottom of the box.
const labelHeight, labelDepth vg.Length = 10, 2.4

func (ch *capacityChart) markTargets(targets []analyze.TargetResult) {
	ch.targets = ch.targets[:0]
	for _, t := range targets {
		c := *ch.capacity(t.CapacityBytes, t.CapacityChunks)
		ch.targets = append(ch.targets, callout{text: ch.targetLabel(t), rate: t.TokenHitRate, at: ch.point(c, t.TokenHitRate), marked: true})
	}
}

// ceilingCapacity returns the smallest capacity that reaches the ceiling; nil if it is unknown or nothing does.
func (ch *capacityChart) ceilingCapacity() *int64 {
	if !ch.reused() {
		return nil
	}
	if c := ch.capacity(ch.report.Ceiling.CapacityBytes, ch.report.Ceiling.CapacityChunks); c != nil && *c > 0 {
		return c
	}
	return nil
}

// ceilingText returns a text such as "ceiling 37.3 % at 166 MiB".
func (ch *capacityChart) ceilingText() string {
	s := "ceiling " + percent(ch.ceilingRate())
	if c := ch.ceilingCapacity(); c != nil {
		s += " at " + units.Capacity{N: *c, Unit: ch.unit}.String()
	}
	return s
}

// reused reports whether an unlimited cache is known to hit anything.
func (ch *capacityChart) reused() bool { return ch.ceilingRate() > 0 }

// ceilingRate returns the hit rate of an unlimited cache; 0 if it is unknown.
func (ch *capacityChart) ceilingRate() float64 {
	if ch.report.Ceiling == nil {
		return 0
	}
	return ch.report.Ceiling.TokenHitRate
}

// ceilingInView reports whether there is a ceiling and it lies on the axis.
func (ch *capacityChart) ceilingInView() bool {
	return ch.reused() && ch.up.contains(ch.ceilingRate())
}

// ceilingNote says where a ceiling is that does not lie on the axis.
func (ch *capacityChart) ceilingNote() [][]string {
	if !ch.reused() || ch.ceilingInView() {
		return nil
	}
	return [][]string{{"Above this range: " + ch.ceilingText()}}
}

// ceilingCallout marks the point where the curve reaches its ceiling, if it is known and on the axes.
func (ch *capacityChart) ceilingCallout() callout {
	rate := ch.ceilingRate()
	m := callout{text: ch.ceilingText(), rate: rate, at: vg.Point{X: ch.panel.Min.X, Y: ch.level(rate)}}
	if c := ch.ceilingCapacity(); c != nil && ch.across.contains(*c) && ch.ceilingInView() {
		m.at, m.marked = ch.point(*c, rate), true
	}
	return m
}

// ceilingBoxes returns places along the dashed line, above it before below it, starting at the left, where a curve is still
// low.
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
