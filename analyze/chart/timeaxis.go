package chart

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hashlog/analyze"
	"hashlog/analyze/units"
)

// timeAxis is a time range in seconds since the Unix epoch, from < to, all finite.
type timeAxis struct {
	from, to float64
	origin   float64 // from which elapsed time is counted: the first request
	counted  float64 // where the warm-up ends; from if there is none
}

// windowAxis spans all windows. A single window gets room on both sides, to show how short it is.
func windowAxis[W any](windows []W, span spanOf[W]) timeAxis {
	const year2000 = 946_684_800
	if len(windows) == 0 {
		return timeAxis{from: year2000, to: year2000 + 1} // any that has dates
	}
	from, _ := span(windows[0])
	_, to := span(windows[len(windows)-1])
	pad := 0.0
	if len(windows) == 1 {
		pad = to - from
	}
	if !(to > from) { // times so large that a window has no length
		pad = max(0.5, math.Abs(from)*1e-6)
	}
	limit := math.MaxFloat64
	a := timeAxis{from: max(from-pad, -limit), to: min(to+pad, limit), origin: from}
	a.counted = a.from
	return a
}

// of extends the axis to the warm-up of a report, and counts elapsed time from the report's first request.
func (a timeAxis) of(r *analyze.Report) timeAxis {
	first := r.Input.FirstTimestamp
	if math.IsNaN(first) || math.IsInf(first, 0) || first >= a.to {
		return a
	}
	a.origin = first
	if r.CountedFrom != nil {
		a.from = min(a.from, first)
		a.counted = min(max(*r.CountedFrom, a.from), a.to)
	}
	return a
}

// position returns the place of t along the axis, in [0, 1].
func (a timeAxis) position(t float64) float64 {
	// Halved, because the difference of two extreme times may overflow a float64.
	return fraction((t/2 - a.from/2) / (a.to/2 - a.from/2))
}

// clock is how times are told.
type clock int

const (
	calendar    clock = iota // date and time of day, in UTC
	elapsed                  // time since the first request
	seconds1970              // seconds since 1970
)

// clockOf returns how to tell the times of a range. Times beyond the year 9999 have no date.
func clockOf(from, to float64) clock {
	switch {
	case units.Period{First: from, Last: to}.Undated():
		return elapsed
	case dateable(from) && dateable(to):
		return calendar
	}
	return seconds1970
}

func (a timeAxis) clock() clock { return clockOf(a.from, a.to) }

// label says what the axis counts.
func (a timeAxis) label() string {
	switch a.clock() {
	case elapsed:
		return "Time since the first request"
	case seconds1970:
		return "Time (seconds since 1970)"
	}
	return "Time (UTC)"
}

// uncounted is the colour of the stretch of time that a warm-up doesn't count.
var uncounted = color.NRGBA{0xee, 0xf0, 0xf3, 0xff}

// drawWarmup greys the time before the end of the warm-up in each panel.
func (a timeAxis) drawWarmup(c *draw.Canvas, panels ...layout) {
	if a.counted <= a.from {
		return
	}
	for _, l := range panels {
		fill(c, uncounted, a.warmup(l))
	}
}

// nameWarmup says in a panel what its grey part is, over the grid.
func (a timeAxis) nameWarmup(c *draw.Canvas, l layout) {
	const name = "warm-up, not counted"
	grey := a.warmup(l)
	if w := textWidth(axisFace, name); w+8 <= grey.Max.X-grey.Min.X {
		fill(c, uncounted, box(grey.Min.X+2, grey.Max.Y-14, w+4, 12))
		text(c, axisFace, muted, grey.Min.X+4, grey.Max.Y-11, fromLeft, name)
	}
}

// warmup returns the part of a panel that lies before the end of the warm-up. It has no width if there is no warm-up.
func (a timeAxis) warmup(l layout) vg.Rectangle {
	grey := l.panel
	grey.Max.X = l.x(a.position(a.counted))
	return grey
}
