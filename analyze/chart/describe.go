package chart

import (
	"fmt"
	"strings"

	"gonum.org/v1/plot/vg"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// describer is a canvas whose file says in words what it shows.
type describer interface {
	describe(title, description string)
}

func (l layout) describe(c vg.Canvas) {
	if d, ok := c.(describer); ok {
		d.describe(l.title, l.description())
	}
}

// description says what the chart shows: its axes, its main figures, what it was made from, and its notes.
func (f frame) description() string {
	sentences := []string{"Vertical axis: " + f.yLabel, "Horizontal axis: " + f.xLabel}
	sentences = append(sentences, f.figures...)
	sentences = append(sentences, "Made from "+strings.Join(f.subtitle, ", "))
	for _, n := range f.notes {
		sentences = append(sentences, strings.Join(n, ", "))
	}
	return strings.Join(sentences, ". ") + "."
}

// tierFigures say what each tier serves, and how busy it is.
func tierFigures(tiers []analyze.TierResult, flows []*flowPanel) (out []string) {
	for _, t := range tiers {
		out = append(out, fmt.Sprintf("%s (%s) serves %s of all tokens", tierName(t), tierCapacity(t), share(t.TokenHitRate)))
	}
	for _, p := range flows {
		out = append(out, fmt.Sprintf("%s uses at most %s of its %s", tierName(p.tier), usedText(p.peak), p.bandwidth()))
	}
	return out
}

// capacityFigures say how high the hit rate can be, and what the targets need.
func capacityFigures(r *analyze.Report) []string {
	out := []string{highest(r)}
	for _, t := range r.Targets {
		c := capacityText(t.CapacityBytes, t.CapacityChunks)
		switch {
		case !t.Reachable:
			out = append(out, targetText(t.Target)+" is "+notReached(r))
		case c != "":
			out = append(out, targetText(t.Target)+" needs "+c)
		}
	}
	return out
}

// highest says how high the hit rate is known to be.
func highest(r *analyze.Report) string {
	if r.Ceiling == nil {
		c, _ := r.Curve.Largest()
		return fmt.Sprintf("The hit rate is %s at %s, and not known beyond", percent(r.Curve.At(c).TokenHitRate()), r.MaxCapacity)
	}
	text := "The ceiling is " + percent(r.Ceiling.TokenHitRate)
	if c := capacityText(r.Ceiling.CapacityBytes, r.Ceiling.CapacityChunks); c != "" {
		text += " at " + c
	}
	return text
}

// notReached says that a target is not reached.
func notReached(r *analyze.Report) string {
	if r.Ceiling == nil {
		return "not within " + r.MaxCapacity.String()
	}
	return "not reachable"
}

// capacityText prints a capacity in a unit in which it is known; "" if there is none.
func capacityText(bytes, chunks *int64) string {
	switch {
	case bytes != nil:
		return units.Capacity{N: *bytes, Unit: units.Bytes}.String()
	case chunks != nil:
		return units.Capacity{N: *chunks, Unit: units.Chunks}.String()
	}
	return ""
}

// rollingFigures say the hit rate at each capacity over all windows.
func rollingFigures(r *analyze.Rolling) (out []string) {
	hits := make([]int64, len(r.Lines))
	var buf []int64
	var total int64
	for i := range r.Windows {
		total += r.Windows[i].TotalTokens
		buf = r.Windows[i].Hits(buf)
		for j, n := range buf {
			hits[j] += n
		}
	}
	for i, line := range r.Lines {
		out = append(out, fmt.Sprintf("%s: %s of all tokens", line.String(), percent(ratio(hits[i], total))))
	}
	return out
}

// kneeFigures say where more memory gains little.
func kneeFigures(r *analyze.Report) []string {
	text := r.KneeText()
	if text == "" {
		return nil
	}
	return []string{capitalized(text)}
}
