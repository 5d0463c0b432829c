package analyze

import (
	"math"
	"slices"
	"sort"
	"time"
)

// Rolling is the token hit rate by time window, at one or several capacities.
type Rolling struct {
	Window  time.Duration
	Lines   []Capacity // the capacities, as asked for or chosen
	Windows []Window   // in time order; windows without requests are absent
}

// Window is one stretch of time, [Start, End) in seconds since the Unix epoch.
type Window struct {
	Start, End  float64
	Requests    int64
	TotalTokens int64
	HitTokens   []int64 // by line of Rolling.Lines
}

// RollingOptions say how to roll. The zero value chooses for itself.
type RollingOptions struct {
	// Window is the length of a window, at least a millisecond. 0: the shortest of the ladder from a second to a day
	// that gives at most 200 windows from the first request to the last.
	Window time.Duration
	// Capacities are the lines. None: of the powers of two, those whose hit rates are nearest to 50 % and 90 % of the
	// ceiling's, and an unlimited cache.
	Capacities []Capacity
}

// maxWindows is how many windows the default window length may give.
const maxWindows = 200

// windowLengths are the default window lengths. Each divides the next, so windows can be joined as the log grows longer.
var windowLengths = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// roller counts requests by window as they come.
type roller struct {
	opts    RollingOptions
	parts   parts
	length  time.Duration // of a window
	windows []window
}

// window is one window being counted. Its index is its start in window lengths since the epoch: a whole number, in
// floating point since timestamps are.
type window struct {
	index    float64
	requests int64
	tokens   int64
	climb    climb
}

// newRoller returns a roller that counts hits at the capacities of its options, or, where there are none, at those that
// may be chosen afterwards.
func newRoller(opts RollingOptions, p parts) *roller {
	r := &roller{opts: opts, parts: p, length: windowLengths[0]}
	if opts.Window > 0 {
		r.length = opts.Window
	}
	return r
}

func (r *roller) add(timestamp float64, t tokens, demand []row) {
	w := r.at(windowIndex(timestamp, r.length))
	w.requests++
	w.tokens += t.seqLen
	r.parts.add(&w.climb, demand)
	if r.opts.Window == 0 {
		r.lengthen()
	}
}

// windowIndex returns the whole number i of the window that a timestamp lies in: start(i) ≤ timestamp < start(i+1), but
// for times so far off that floating point cannot tell windows apart.
func windowIndex(timestamp float64, length time.Duration) float64 {
	i := math.Floor(timestamp / length.Seconds())
	switch {
	case windowStart(i, length) > timestamp:
		return i - 1
	case windowStart(i+1, length) <= timestamp:
		return i + 1
	}
	return i
}

// windowStart returns the start of a window, in seconds since the Unix epoch: index × length, without the noise that a
// product of fractions of a second would have.
func windowStart(index float64, length time.Duration) float64 {
	if math.Abs(index)*float64(length) >= math.MaxInt64/2 {
		return index * length.Seconds()
	}
	ns := int64(index) * int64(length)
	return float64(ns/1e9) + float64(ns%1e9)/1e9
}

// at returns the window of an index, most often the last one.
func (r *roller) at(index float64) *window {
	n := len(r.windows)
	if n == 0 || r.windows[n-1].index < index {
		r.windows = append(r.windows, window{index: index})
		return &r.windows[n]
	}
	i := n - 1
	if r.windows[i].index != index {
		i = sort.Search(n, func(i int) bool { return r.windows[i].index >= index })
		if r.windows[i].index != index {
			r.windows = slices.Insert(r.windows, i, window{index: index})
		}
	}
	return &r.windows[i]
}

// lengthen joins windows until there are few enough, counting those without requests.
func (r *roller) lengthen() {
	for len(r.windows) > 1 && r.windows[len(r.windows)-1].index-r.windows[0].index >= maxWindows {
		i := slices.IndexFunc(windowLengths, func(d time.Duration) bool { return d > r.length })
		if i < 0 {
			return
		}
		r.join(windowLengths[i])
	}
}

// join puts the windows together into windows of a multiple of their length.
func (r *roller) join(length time.Duration) {
	factor := float64(length / r.length)
	narrow := r.windows
	r.length, r.windows = length, nil
	for _, n := range narrow {
		w := r.at(math.Floor(n.index / factor))
		w.requests += n.requests
		w.tokens += n.tokens
		w.climb.merge(n.climb)
	}
}

// rolling returns what was counted. curve is that of the same requests.
func (r *roller) rolling(curve *Curve) *Rolling {
	lines := r.opts.Capacities
	if len(lines) == 0 {
		lines = defaultLines(curve)
	}
	out := &Rolling{Window: r.length, Lines: lines,
		Windows: make([]Window, 0, len(r.windows))}
	for i := range r.windows {
		w := &r.windows[i]
		hits := make([]int64, len(lines))
		for j, c := range lines {
			hits[j] = r.parts.hitTokens(&w.climb, c)
		}
		out.Windows = append(out.Windows, Window{Start: windowStart(w.index, r.length), End: windowStart(w.index+1, r.length),
			Requests: w.requests, TotalTokens: w.tokens, HitTokens: hits})
	}
	return out
}

// defaultLines returns the powers of two whose hit rates are nearest to 50 % and 90 % of the ceiling's, the smaller where
// two are as near, and unlimited.
func defaultLines(curve *Curve) []Capacity {
	var lines []Capacity
	ceiling := curve.ceilingTokens()
	for _, percent := range []int64{50, 90} {
		if c, ok := nearestPower(curve, float64(ceiling)*float64(percent)/100); ok {
			line := Capacity{N: c, Unit: curve.Unit}
			if !slices.Contains(lines, line) {
				lines = append(lines, line)
			}
		}
	}
	return append(lines, Capacity{Unit: Unlimited})
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
