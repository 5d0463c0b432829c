package analyze

import (
	"hashlog/analyze/internal/window"
	"hashlog/analyze/units"
	"math"
	"slices"
	"time"
)

// windowTally counts requests by window.
type windowTally struct {
	lines   []units.Capacity // none: they are chosen after the replay
	counter partCounter
	windows *window.List[windowSums]
}

// windowSums are the counts of one window.
type windowSums struct {
	requests int64
	totals   totals
	found    [quantities]partHits // tokens at the lines
}

func (w *windowSums) merge(from *windowSums) {
	w.requests += from.requests
	w.totals.add(from.totals)
	for what := range w.found {
		w.found[what].merge(&from.found[what])
	}
}

// newWindowTally returns a tally that counts hits at the lines or, if there are none, at all capacities that may be chosen
// after the replay.
func newWindowTally(length time.Duration, lines []units.Capacity, counter partCounter) *windowTally {
	return &windowTally{lines: lines, counter: counter, windows: window.New(length, (*windowSums).merge)}
}

func (r *windowTally) lookUp(q *request) error {
	if q.counted {
		w := r.windows.At(q.time)
		w.requests++
		w.totals.add(q.totals)
		for what := range w.found {
			r.counter.add(&w.found[what], q, quantity(what))
		}
	}
	return nil
}

func (r *windowTally) touch(*touches) error { return nil }

func (r *windowTally) merge(later counter) error {
	r.windows.Merge(later.(*windowTally).windows)
	return nil
}

func (r *windowTally) report(rep *Report, end *ending) {
	if end.opts.Rolling == nil {
		return
	}
	lines := end.followed.rollingLines(end.opts)
	if len(lines) == 0 {
		lines = defaultLines(end.curve, end.opts.largest())
	}
	rep.Rolling = r.rolling(lines, end)
}

// rolling returns the windows with their figures at capacities that the counter knows.
func (r *windowTally) rolling(lines []units.Capacity, end *ending) *Rolling {
	r.windows.Sort()
	n := r.windows.Len()
	out := &Rolling{Window: r.windows.Length(), Lines: lines, Windows: make([]Window, 0, n)}
	for _, c := range lines {
		bytes, chunks := end.curve.listed(c)
		out.Sizes = append(out.Sizes, Size{bytes, chunks})
	}
	counted := &rollingLines{r.counter, r.counted(lines, end), *end.curve}
	for i := range n {
		w := r.windows.Sums(i)
		start, end := r.windows.Bounds(i)
		win := Window{Start: start, End: end, Requests: w.requests, TotalTokens: w.totals.tokens, ChunkLookups: w.totals.lookups, sums: w, lines: counted}
		if n*len(lines) <= maxHeld {
			win.HitTokens = win.Hits(make([]int64, 0, len(lines)))
			win.MissTokens = win.Misses(make([]MissTokens, 0, len(lines)))
			win.sums, win.lines = nil, nil
		}
		out.Windows = append(out.Windows, win)
	}
	return out
}

// counted returns lines as the counter knows them.
func (r *windowTally) counted(lines []units.Capacity, end *ending) []units.Capacity {
	out := make([]units.Capacity, len(lines))
	for i, c := range lines {
		out[i], _ = r.counter.counted(c, end.curve.ChunkBytes)
	}
	return out
}

// defaultLines returns the powers of two whose hit rates are nearest to 50 % and 90 % of the ceiling (the smaller one of a
// tie), and unlimited. If there is a largest capacity, it takes the place of the ceiling and of unlimited.
func defaultLines(curve *Curve, largest units.Capacity) []units.Capacity {
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
	if slices.Contains(lines, largest) {
		return lines
	}
	return append(lines, largest)
}

// nearestPower returns the power of two whose hit tokens are nearest to want; ok is false if nothing hits.
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
