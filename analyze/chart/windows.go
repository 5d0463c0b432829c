package chart

import (
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
)

// spanOf returns the start and end of a window of any kind, in seconds since the Unix epoch.
type spanOf[W any] func(w W) (start, end float64)

// finite leaves out windows whose times are NaN, infinite or in the wrong order.
func finite[W any](windows []W, span spanOf[W]) []W {
	bad := func(w W) bool {
		start, end := span(w)
		return math.IsNaN(start) || math.IsNaN(end) || math.IsInf(start, 0) || math.IsInf(end, 0) || end < start
	}
	if !slices.ContainsFunc(windows, bad) {
		return windows
	}
	return slices.DeleteFunc(slices.Clone(windows), bad)
}

// ratio returns part / whole as a rate in [0, 1], or 0 if whole is 0.
func ratio(part, whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return fraction(float64(part) / float64(whole))
}

// steps builds a line from windows: each is a level step over its time range. Adjacent steps are joined; the line is
// interrupted where there is no window. The zero value is ready to use.
type steps struct {
	thinner
	last vg.Length // right end of the latest step
}

// add adds one window.
func (s *steps) add(from, to, y vg.Length) {
	if from-s.last > dot/2 {
		s.end()
	}
	s.thinner.add(vg.Point{X: from, Y: y})
	s.thinner.add(vg.Point{X: to, Y: y})
	s.last = to
}
