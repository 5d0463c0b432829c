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

// withAnswers adds ticks at answers to those at round numbers. Of answers too close to each other, the outermost ones, then
// the lower ones keep their labels; of a round number and an answer, the answer. apart reports whether the labels of two
// ticks keep apart, the first of which is the lower one.
func withAnswers(ticks, answers []tick, apart func(a, b tick) bool) []tick {
	lower := func(a, b tick) int { return cmp.Compare(a.at, b.at) }
	slices.SortStableFunc(answers, lower)
	answers = slices.CompactFunc(answers, func(a, b tick) bool { return a.at == b.at })
	order := slices.Clone(answers)
	if last := len(order) - 1; last > 0 {
		order = append([]tick{order[0], order[last]}, order[1:last]...)
	}
	var out []tick
	clear := func(t tick) bool {
		return !slices.ContainsFunc(out, func(o tick) bool {
			if o.at > t.at {
				return !apart(t, o)
			}
			return !apart(o, t)
		})
	}
	for _, t := range order {
		t.answer = true
		if !clear(t) {
			t.label = ""
		}
		out = append(out, t)
	}
	taken := out
	for _, t := range ticks {
		if slices.ContainsFunc(taken, func(a tick) bool { return a.at == t.at }) {
			continue
		}
		if t.label != "" && !clear(t) {
			t.label = ""
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, lower)
	return out
}

// beside returns the apart of withAnswers for labels along a horizontal axis of that width.
func beside(width vg.Length) func(a, b tick) bool {
	return func(a, b tick) bool {
		if a.label == "" || b.label == "" {
			return true
		}
		_, end := labelSpan(a.at, a.label, width)
		start, _ := labelSpan(b.at, b.label, width)
		return end+gap <= start
	}
}
