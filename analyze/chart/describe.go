package chart

import (
	"strings"

	"gonum.org/v1/plot/vg"
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
