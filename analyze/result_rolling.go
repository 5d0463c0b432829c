package analyze

import (
	"hashlog/analyze/units"
	"time"
)

// Rolling is the token hit rate by time window, at one or several capacities.
type Rolling struct {
	Window  time.Duration
	Lines   []units.Capacity // the capacities, as asked for or chosen
	Windows []Window         // in time order; windows without requests are absent
}

// Window is one stretch of time, [Start, End) in seconds since the Unix epoch.
type Window struct {
	Start, End  float64
	Requests    int64
	TotalTokens int64
	// HitTokens are by line of Rolling.Lines. They are nil where windows × lines are more than a million: see Hits.
	HitTokens []int64

	hits  *partHits // nil if HitTokens are at hand
	lines *rollingLines
}

// maxHeld is for how many windows and lines hit tokens are at hand, and not found as they are asked for.
const maxHeld = 1_000_000

// rollingLines are the capacities at which windows were counted.
type rollingLines struct {
	counter partCounter
	lines   []units.Capacity
}

// Hits returns the hit tokens by line of Rolling.Lines. It may use buf for that: what it returns is good until buf is used
// again, and must not be changed.
func (w *Window) Hits(buf []int64) []int64 {
	if w.hits == nil {
		return w.HitTokens
	}
	buf = buf[:0]
	for _, c := range w.lines.lines {
		buf = append(buf, w.lines.counter.hitTokens(w.hits, c))
	}
	return buf
}
