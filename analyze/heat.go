package analyze

import (
	"time"

	"hashlog/analyze/units"
)

// heatTally counts requests by window at capacities that are chosen after the replay, for Report.Heat. It is a [windowTally]
// with few windows and many capacities.
type heatTally struct {
	windowTally
	fixed  []units.Capacity // of the caches that evict in batches; none for a plain LRU
	shared *windowTally     // that of the rolling lines, if it counts for heat too; windowTally is then empty until the report
}

// Limits of Report.Heat, which keep it small whatever the options.
const (
	mostHeatWindows    = 400
	mostHeatCapacities = 100 // if the cache evicts in batches
)

// heatBeside returns an empty tally beside that of the rolling lines. Where the rolling windows and lines may be chosen for them,
// they count at all steps, of which the powers of two are some, and heat reads them in the end.
func heatBeside(rolling *windowTally, opts *Options, cs *caches) *heatTally {
	if cs != nil || opts.Rolling.Window > 0 || len(rolling.lines) > 0 {
		return newHeatTally(opts, cs)
	}
	rolling.counter = newStepSet(opts)
	return &heatTally{shared: rolling}
}

// newHeatTally returns an empty tally. cs are the caches that evict in batches; nil if the cache is a plain LRU.
func newHeatTally(opts *Options, cs *caches) *heatTally {
	length := opts.Rolling.Window
	if cs == nil {
		return &heatTally{windowTally: *newWindowTally(length, nil, newStepSet(opts))}
	}
	capacities := evenly(cs.grid.listed(), mostHeatCapacities)
	return &heatTally{windowTally: *newWindowTally(length, capacities, newCacheSet(cs, capacities)), fixed: capacities}
}

// evenly returns at most n ≥ 2 elements of a list, the first and the last one among them, at even distances.
func evenly[T any](list []T, n int) []T {
	if len(list) <= n {
		return list
	}
	out := make([]T, n)
	for i := range out {
		out[i] = list[i*(len(list)-1)/(n-1)]
	}
	return out
}

func (h *heatTally) lookUp(q *request) error {
	if h.shared != nil {
		return nil
	}
	err := h.windowTally.lookUp(q)
	h.coarsen()
	return err
}

func (h *heatTally) merge(later counter) error {
	if h.shared != nil {
		return nil
	}
	err := h.windowTally.merge(&later.(*heatTally).windowTally)
	h.coarsen()
	return err
}

// coarsen joins windows until there are few enough. The length depends on the first and the last timestamp alone.
func (h *heatTally) coarsen() {
	for h.windows.Count() > mostHeatWindows {
		longer, ok := longerWindow(h.windows.Length())
		if !ok {
			return
		}
		h.windows.Join(longer)
	}
}

// roundWindows are lengths that people know.
var roundWindows = []time.Duration{time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour}

// longerWindow returns the next length after a window's: a round one that is two to five times as long, or else twice its
// length; ok is false if that overflows.
func longerWindow(length time.Duration) (_ time.Duration, ok bool) {
	for _, round := range roundWindows {
		if n := round / length; n >= 2 && n <= 5 && round%length == 0 {
			return round, true
		}
	}
	return 2 * length, 2*length > length
}

func (h *heatTally) report(rep *Report, end *ending) {
	if h.shared != nil {
		h.windowTally = *newWindowTally(0, nil, h.shared.counter)
		h.windows.Merge(h.shared.windows)
		h.coarsen()
	}
	lines := h.fixed
	if lines == nil {
		lines = heatLines(end.curve, end.opts.Grid)
	}
	rep.Heat = h.rolling(lines, end)
}

// heatLines returns steps over the range of the default grid. Where the grid has a given end, they go to the first step outside
// it.
func heatLines(curve *Curve, grid *GridOptions) (lines []units.Capacity) {
	from, to := curve.stepRange(heatSteps, nil)
	if c, ok := curve.end(grid.From); ok {
		from = max(0, stepFrom(saturated(c, 1), heatSteps)-heatSteps)
		to = max(to, from+heatSteps)
	}
	if c, ok := curve.end(grid.To); ok {
		to = max(heatSteps, stepFrom(c, heatSteps))
		from = min(from, to-heatSteps)
	}
	for _, n := range stepsBetween(from, to, heatSteps) {
		if curve.bounded() && n > curve.largest {
			break
		}
		lines = append(lines, units.Capacity{N: n, Unit: curve.Unit})
	}
	return lines
}

// end returns a given end of a grid in the curve's unit; ok is false if none is given. The table has found that it can be
// converted.
func (v *Curve) end(c units.Capacity) (n int64, ok bool) {
	if c == (units.Capacity{}) {
		return 0, false
	}
	n, err := v.inUnit(c)
	return n, err == nil
}
