package analyze

import (
	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"math"
	"slices"
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

// RollingOptions say how to roll. The zero value chooses for itself.
type RollingOptions struct {
	// Window is the length of a window, at least a millisecond. 0: the shortest of the lengths from a second to a day
	// that gives at most 200 windows from the first request to the last.
	Window time.Duration
	// Capacities are the lines. None: of the powers of two, those whose hit rates are nearest to 50 % and 90 % of the
	// ceiling's, and an unlimited cache.
	Capacities []units.Capacity
}

// roller counts requests by window.
type roller struct {
	lines   []units.Capacity // none: they are chosen in the end
	counter partCounter
	windows *window.List[windowSums]
}

// windowSums are what is counted of a window.
type windowSums struct {
	requests int64
	tokens   int64
	hits     partHits
}

func (w *windowSums) merge(from *windowSums) {
	w.requests += from.requests
	w.tokens += from.tokens
	w.hits.merge(&from.hits)
}

// newRoller returns a roller that counts hits at some capacities, or, if there are none, at those that may be chosen in the
// end.
func newRoller(length time.Duration, lines []units.Capacity, counter partCounter) *roller {
	return &roller{lines: lines, counter: counter, windows: window.New(length, (*windowSums).merge)}
}

func (r *roller) lookUp(q *request) error {
	if q.counted {
		w := r.windows.At(q.time)
		w.requests++
		w.tokens += q.tokens.seqLen
		r.counter.add(&w.hits, q)
	}
	return nil
}

func (r *roller) touch(*touches) error { return nil }

func (r *roller) merge(later counter) error {
	r.windows.Merge(later.(*roller).windows)
	return nil
}

func (r *roller) report(rep *Report, end *ending) {
	lines := r.lines
	if len(lines) == 0 {
		lines = defaultLines(end.curve)
	}
	r.windows.Sort()
	n := r.windows.Len()
	out := &Rolling{Window: r.windows.Length(), Lines: lines, Windows: make([]Window, 0, n)}
	counted := &rollingLines{r.counter, lines}
	for i := range n {
		w := r.windows.Sums(i)
		start, end := r.windows.Bounds(i)
		win := Window{Start: start, End: end, Requests: w.requests, TotalTokens: w.tokens, hits: &w.hits, lines: counted}
		if n*len(lines) <= maxHeld {
			win.HitTokens = win.Hits(make([]int64, 0, len(lines)))
			win.hits, win.lines = nil, nil
		}
		out.Windows = append(out.Windows, win)
	}
	rep.Rolling = out
}

// defaultLines returns the powers of two whose hit rates are nearest to 50 % and 90 % of the ceiling's, the smaller where
// two are as near, and unlimited.
func defaultLines(curve *Curve) []units.Capacity {
	var lines []units.Capacity
	ceiling := curve.ceilingTokens()
	for _, percent := range []int64{50, 90} {
		if c, ok := nearestPower(curve, float64(ceiling)*float64(percent)/100); ok {
			line := units.Capacity{N: c, Unit: curve.Unit}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return append(lines, units.Capacity{Unit: units.Unlimited})
}

// nearestPower returns the power of two that hits the number of tokens nearest to want; ok is false where nothing hits.
func nearestPower(curve *Curve, want float64) (capacity int64, ok bool) {
	full, _ := curve.Reach(curve.ceilingTokens())
	var powers []int64
	for n := int64(1); n > 0 && n/2 < full; n <<= 1 {
		powers = append(powers, n)
	}
	best := math.Inf(1)
	for i, f := range curve.Table(powers) {
		if off := math.Abs(float64(f.HitTokens) - want); f.HitTokens > 0 && off < best {
			best, capacity = off, powers[i]
		}
	}
	return capacity, capacity > 0
}
