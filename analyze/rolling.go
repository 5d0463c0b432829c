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
	ladder  ladder
	length  float64 // of a window, in seconds
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

func newRoller(opts RollingOptions) *roller {
	r := &roller{opts: opts, ladder: newLadder(opts.Capacities), length: windowLengths[0].Seconds()}
	if len(opts.Capacities) == 0 {
		r.ladder = powersOfTwo()
	}
	if opts.Window > 0 {
		r.length = opts.Window.Seconds()
	}
	return r
}

func (r *roller) add(timestamp float64, t tokens, stairs []stair) {
	w := r.at(windowIndex(timestamp, r.length))
	w.requests++
	w.tokens += t.seqLen
	r.ladder.add(&w.climb, stairs)
	if r.opts.Window == 0 {
		r.lengthen()
	}
}

// windowIndex returns the whole number i with i × length ≤ timestamp < (i+1) × length.
func windowIndex(timestamp, length float64) float64 {
	i := math.Floor(timestamp / length)
	switch {
	case i*length > timestamp:
		return i - 1
	case (i+1)*length <= timestamp:
		return i + 1
	}
	return i
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
		i := slices.IndexFunc(windowLengths, func(d time.Duration) bool { return d.Seconds() > r.length })
		if i < 0 {
			return
		}
		r.join(windowLengths[i].Seconds())
	}
}

// join puts the windows together into windows of a multiple of their length.
func (r *roller) join(length float64) {
	factor := length / r.length
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
	out := &Rolling{Window: time.Duration(math.Round(r.length * float64(time.Second))), Lines: lines,
		Windows: make([]Window, 0, len(r.windows))}
	for i := range r.windows {
		w := &r.windows[i]
		hits := make([]int64, len(lines))
		for j, c := range lines {
			hits[j] = r.ladder.hitTokens(&w.climb, c)
		}
		out.Windows = append(out.Windows, Window{Start: w.index * r.length, End: (w.index + 1) * r.length,
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
	best := math.Inf(1)
	for n := int64(1); n > 0 && n/2 < full; n <<= 1 {
		hits := curve.At(n).HitTokens
		if off := math.Abs(float64(hits) - want); hits > 0 && off < best {
			best, capacity = off, n
		}
	}
	return capacity, capacity > 0
}
