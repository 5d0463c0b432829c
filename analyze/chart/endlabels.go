package chart

import (
	"cmp"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// endLabel names a line at its right end.
type endLabel struct {
	text  string
	value string         // to the right of the text; "" if there is none
	style draw.LineStyle // of the line
	end   vg.Length      // height of the line's end
	rank  float64        // of lines that end at one height, the one of the highest rank has the topmost label
	y     vg.Length      // height of the label
}

const (
	endGap    vg.Length = 26 // from the panel to the sample of a line
	endSample vg.Length = 16
	endLine   vg.Length = 11.5 // distance of two labels
	endValue  vg.Length = 10   // from the widest text to the widest value
)

// endLabelsWidth returns the room that labels need to the right of a panel.
func endLabelsWidth(labels []endLabel) vg.Length {
	var texts, values vg.Length
	for _, l := range labels {
		texts = max(texts, textWidth(axisFace, l.text))
		if l.value != "" {
			values = max(values, endValue+textWidth(axisFace, l.value))
		}
	}
	return endGap + endSample + 5 + texts + values
}

// spread gives every label a height near the end of its line, between bottom and top. No two labels overlap if there is room
// for all.
func spread(labels []endLabel, bottom, top vg.Length) {
	slices.SortStableFunc(labels, func(a, b endLabel) int {
		return cmp.Or(cmp.Compare(b.end, a.end), cmp.Compare(b.rank, a.rank))
	})
	// Groups of labels that touch, each around the mean height of its ends.
	type group struct{ n, sum vg.Length }
	middle := func(g group) vg.Length {
		half := (g.n - 1) / 2 * endLine
		return max(min(g.sum/g.n, top-half), bottom+half)
	}
	var groups []group
	for _, l := range labels {
		groups = append(groups, group{1, l.end})
		for len(groups) > 1 {
			above, below := groups[len(groups)-2], groups[len(groups)-1]
			if middle(above)-middle(below) >= (above.n+below.n)/2*endLine {
				break
			}
			groups = append(groups[:len(groups)-2], group{above.n + below.n, above.sum + below.sum})
		}
	}
	i := 0
	for _, g := range groups {
		y := middle(g) + (g.n-1)/2*endLine
		for range int(g.n) {
			labels[i].y = y
			y -= endLine
			i++
		}
	}
}

// drawEndLabels draws the labels to the right of a panel, each joined to the end of its line.
func (l layout) drawEndLabels(c *draw.Canvas, labels []endLabel) {
	right := l.panel.Max.X
	values := right + endLabelsWidth(labels)
	for _, e := range labels {
		c.StrokeLine2(draw.LineStyle{Color: rule, Width: 0.5}, right+2, e.end, right+endGap-2, e.y)
		c.StrokeLine2(e.style, right+endGap, e.y, right+endGap+endSample, e.y)
		text(c, axisFace, ink, right+endGap+endSample+5, e.y-3, fromLeft, e.text)
		text(c, axisFace, muted, values, e.y-3, toRight, e.value)
	}
}
