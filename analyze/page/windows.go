package page

import (
	"math"
	"time"

	"hashlog/analyze"
)

// maxCounts is the most windows × capacities that a page holds.
const maxCounts = 10_000

// windows are the counts by window, a list each, in time order. Successive windows may have been added up.
type windows struct {
	Seconds  float64     `json:"seconds"` // length of a window
	Merged   int64       `json:"merged"`  // how many of the report's make one
	Start    []float64   `json:"start"`   // seconds since the Unix epoch
	Requests []int64     `json:"requests"`
	Tokens   []int64     `json:"tokens"`
	Hits     [][]int64   `json:"hits"`   // by capacity
	Misses   [][][]int64 `json:"misses"` // by capacity and kind
}

// windowsOf returns the windows of a report at some of its lines.
func windowsOf(r *analyze.Rolling, lines []int, kinds []kind) *windows {
	factor := mergeFactor(r, len(lines))
	out := &windows{Seconds: r.Window.Seconds() * float64(factor), Merged: factor, Start: []float64{}, Requests: []int64{}, Tokens: []int64{},
		Hits: make([][]int64, len(lines)), Misses: make([][][]int64, len(lines))}
	for i := range lines {
		out.Hits[i], out.Misses[i] = []int64{}, make([][]int64, len(kinds))
		for k := range kinds {
			out.Misses[i][k] = []int64{}
		}
	}
	var hits []int64
	var misses []analyze.MissTokens
	last := math.NaN()
	for i := range r.Windows {
		w := &r.Windows[i]
		start := startOf(w, r.Window, factor)
		if math.IsInf(start, 0) {
			continue // no calendar has it
		}
		if start != last {
			out.begin(start)
			last = start
		}
		hits, misses = w.Hits(hits), w.Misses(misses)
		out.add(w, hits, misses, lines, kinds)
	}
	return out
}

// mergeFactor returns how many windows become one, a power of two. Times may lie far apart, so it is the windows with
// requests that count.
func mergeFactor(r *analyze.Rolling, lines int) int64 {
	for factor := int64(1); ; factor *= 2 {
		n, last := 0, math.NaN()
		for i := range r.Windows {
			if start := startOf(&r.Windows[i], r.Window, factor); start != last {
				n, last = n+1, start
			}
		}
		if n <= 1 || n*lines <= maxCounts || factor > math.MaxInt64/4 {
			return factor
		}
	}
}

// startOf returns the start of the window that holds w once some become one. All start at whole multiples of their length; half a
// window more keeps rounding errors from moving it.
func startOf(w *analyze.Window, length time.Duration, factor int64) float64 {
	if factor == 1 {
		return w.Start
	}
	merged := length.Seconds() * float64(factor)
	return math.Floor((w.Start+length.Seconds()/2)/merged) * merged
}

// begin adds an empty window.
func (o *windows) begin(start float64) {
	o.Start, o.Requests, o.Tokens = append(o.Start, start), append(o.Requests, 0), append(o.Tokens, 0)
	for i := range o.Hits {
		o.Hits[i] = append(o.Hits[i], 0)
		for k := range o.Misses[i] {
			o.Misses[i][k] = append(o.Misses[i][k], 0)
		}
	}
}

// add adds the counts of a window to the last one.
func (o *windows) add(w *analyze.Window, hits []int64, misses []analyze.MissTokens, lines []int, kinds []kind) {
	last := len(o.Start) - 1
	o.Requests[last] += w.Requests
	o.Tokens[last] += w.TotalTokens
	for i, line := range lines {
		o.Hits[i][last] += hits[line]
		for k := range kinds {
			o.Misses[i][k][last] += kinds[k].of(misses[line])
		}
	}
}
