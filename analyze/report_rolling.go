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
	Start, End   float64
	Requests     int64
	TotalTokens  int64
	ChunkLookups int64
	// HitTokens and MissTokens have an element per line of Rolling.Lines. They are nil if windows × lines exceed a hundred
	// thousand; Hits and Misses always work.
	HitTokens  []int64
	MissTokens []MissTokens

	sums  *windowSums // nil if HitTokens and MissTokens are filled in
	lines *rollingLines
}

// maxHeld is the limit of windows × lines up to which tokens are stored in the report. Beyond it, they are computed on
// demand.
const maxHeld = 100_000

// rollingLines are the capacities at which windows were counted.
type rollingLines struct {
	counter  partCounter
	lines    []units.Capacity
	template Curve // of each window, but for its totals
}

// Hits returns the hit tokens, an element per line of Rolling.Lines. It may store them in buf, growing it as needed. The
// result is valid until buf is used again, and must not be modified.
func (w *Window) Hits(buf []int64) []int64 {
	if w.sums == nil {
		return w.HitTokens
	}
	buf = buf[:0]
	for _, c := range w.lines.lines {
		buf = append(buf, w.lines.counter.tokens(&w.sums.found[hitTokens], c))
	}
	return buf
}

// Misses returns the missed tokens by kind, an element per line of Rolling.Lines. It may store them in buf, growing it as
// needed. The result is valid until buf is used again, and must not be modified.
func (w *Window) Misses(buf []MissTokens) []MissTokens {
	if w.sums == nil {
		return w.MissTokens
	}
	buf = buf[:0]
	curve := w.lines.template
	curve.totals = w.sums.totals
	for _, c := range w.lines.lines {
		buf = append(buf, curve.figures(tokensAt(w.lines.counter, &w.sums.found, c)).Miss)
	}
	return buf
}
