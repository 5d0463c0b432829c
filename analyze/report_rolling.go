package analyze

import (
	"time"

	"hashlog/analyze/units"
)

// Rolling is the token hit rate by time window, at one or more capacities.
type Rolling struct {
	Window  time.Duration    // length of a window
	Lines   []units.Capacity // the capacities, as given or chosen
	Sizes   []Size           // of Lines
	Windows []Window         // in time order; windows without requests are left out
}

// Window is a stretch of time, [Start, End) in seconds since the Unix epoch.
type Window struct {
	Start, End  float64
	Requests    int64
	TotalTokens int64
	// HitTokens has an element per line of Rolling.Lines. It is nil if windows × lines exceed a million; Hits always works.
	HitTokens []int64

	hits  *partHits // nil if HitTokens is filled in
	lines *rollingLines
}

// maxHeld is the limit of windows × lines up to which hit tokens are stored in the report. Beyond it, they are computed on
// demand.
const maxHeld = 1_000_000

// rollingLines are the capacities at which windows were counted.
type rollingLines struct {
	counter partCounter
	lines   []units.Capacity
}

// Hits returns the hit tokens, an element per line of Rolling.Lines. It may store them in buf, growing it as needed. The
// result is valid until buf is used again, and must not be modified.
func (w *Window) Hits(buf []int64) []int64 {
	if w.hits == nil {
		return w.HitTokens
	}
	buf = buf[:0]
	for _, c := range w.lines.lines {
		buf = append(buf, w.lines.counter.tokens(w.hits, c))
	}
	return buf
}
