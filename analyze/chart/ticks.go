package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
)

// tick is a mark on an axis.
type tick struct {
	at      float64 // position along the axis, in [0, 1]
	label   string  // "": a small tick
	context string  // second line, such as the day of an hour
	answer  bool    // what was asked for lies here; round numbers make room for its label
}

// Labels may extend beyond the ends of the axis by overhang, and keep a distance of gap.
const (
	overhang vg.Length = 22
	gap      vg.Length = 11
)

// labelSpan returns the extent of a tick's label on an axis of that width: centred, unless it would extend too far.
func labelSpan(at float64, label string, width vg.Length) (from, to vg.Length) {
	w := textWidth(axisFace, label)
	from = vg.Length(at)*width - w/2
	from = max(min(from, width+overhang-w), -overhang)
	return from, from + w
}

// fit reports whether no two labels collide. Each line of labels is checked separately.
func fit(ticks []tick, width vg.Length) bool {
	return lineFits(ticks, width, func(t tick) string { return t.label }) &&
		lineFits(ticks, width, func(t tick) string { return t.context })
}

func lineFits(ticks []tick, width vg.Length, line func(tick) string) bool {
	end := -overhang - gap
	for _, t := range ticks {
		if line(t) == "" {
			continue
		}
		from, to := labelSpan(t.at, line(t), width)
		if from < end+gap {
			return false
		}
		end = to
	}
	return end <= width+overhang
}

// labelled counts the ticks that have a label.
func labelled(ticks []tick) int {
	n := 0
	for _, t := range ticks {
		if t.label != "" {
			n++
		}
	}
	return n
}

// keepApart reports whether the labels of two ticks keep apart, the first of which is the lower one.
type keepApart func(a, b tick) bool

// clear reports whether the label of t keeps apart from those of all others.
func (apart keepApart) clear(t tick, others []tick) bool {
	return !slices.ContainsFunc(others, func(o tick) bool {
		switch {
		case t.label == "" || o.label == "":
			return false
		case o.at > t.at:
			return !apart(t, o)
		}
		return !apart(o, t)
	})
}

// withAnswers adds ticks at answers to those at round numbers. Of answers too close to each other, the outermost ones, then
// the lower ones keep their labels; of a round number and an answer, the answer. If the labels then leave out the outermost
// answer at one end, that end goes first.
func withAnswers(ticks, answers []tick, apart keepApart) []tick {
	slices.SortStableFunc(answers, lowerTick)
	answers = slices.CompactFunc(answers, func(a, b tick) bool { return a.at == b.at })
	n := len(answers)
	if n < 2 {
		return mergeTicks(ticks, answers, apart)
	}
	first, last, rest := answers[0], answers[n-1], answers[1:n-1]
	merged := mergeTicks(ticks, append([]tick{first, last}, rest...), apart)
	if i := lastLabelled(merged); i < 0 || merged[i].at < last.at {
		return mergeTicks(ticks, append([]tick{last, first}, rest...), apart)
	}
	return merged
}

// mergeTicks adds answers to ticks. The label of an answer yields to those of the answers before it.
func mergeTicks(ticks, answers []tick, apart keepApart) (out []tick) {
	for _, t := range answers {
		if t.answer = true; !apart.clear(t, out) {
			t.label = ""
		}
		out = append(out, t)
	}
	for _, t := range ticks {
		if !apart.clear(t, out[:len(answers)]) {
			t.label = ""
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, lowerTick)
	return out
}

func lowerTick(a, b tick) int { return cmp.Compare(a.at, b.at) }

// lastLabelled returns the index of the last tick with a label; -1 if there is none.
func lastLabelled(ticks []tick) int {
	last := len(ticks) - 1
	for last >= 0 && ticks[last].label == "" {
		last--
	}
	return last
}

// beside keeps labels apart along a horizontal axis of that width.
func beside(width vg.Length) keepApart {
	return func(a, b tick) bool {
		_, end := labelSpan(a.at, a.label, width)
		start, _ := labelSpan(b.at, b.label, width)
		return end+gap <= start
	}
}
