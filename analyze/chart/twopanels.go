package chart

import (
	"gonum.org/v1/plot/vg"
)

// Two panels, one above the other, each with a horizontal axis of its own: the least height of one, and the space between them,
// which holds the axis of the upper one.
const (
	halfPanel vg.Length = 150
	halvesGap vg.Length = panelGap + 3*axisLine + 14
)

// halves divides the panel into two of one height.
func (l layout) halves() (upper, lower layout) {
	upper, lower = l, l
	middle := (l.panel.Min.Y + l.panel.Max.Y) / 2
	upper.panel.Min.Y = middle + halvesGap/2
	lower.panel.Max.Y = middle - halvesGap/2
	return upper, lower
}

// twoPanels returns the height that two panels need, each beside a legend of some height.
func twoPanels(legends ...vg.Length) vg.Length {
	half := halfPanel
	for _, h := range legends {
		half = max(half, h)
	}
	return 2*half + halvesGap
}
