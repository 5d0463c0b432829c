package analyze

import (
	"errors"
	"fmt"
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// GridOptions say at which capacities a curve is tabulated. The zero value uses the defaults.
type GridOptions struct {
	// From and To are the ends. If neither is given and the grid is not linear, the capacities are fixed steps
	// (grid_steps.go), so that several logs have them in common; Options.MaxCapacity ends them. Else a zero From is where those begin (or one chunk, if To lies
	// below), and a zero To is just past the capacity that reaches the ceiling.
	From, To units.Capacity
	Points   int  // at most this many; 0: DefaultPoints
	Linear   bool // evenly spaced instead of geometric

	watermark *sim.Watermark // the default end is where a cache that evicts like this reaches its ceiling; nil: a plain LRU
}

// inBytes reports whether an end of the grid is given in bytes. A log without chunks is then reported in bytes: it would
// fit either unit.
func (g *GridOptions) inBytes() bool {
	return g != nil && (g.From.N > 0 && g.From.Unit == units.Bytes || g.To.N > 0 && g.To.Unit == units.Bytes)
}

// DefaultPoints is the default limit of the capacities at which a curve is tabulated.
const DefaultPoints = 200

// Grid is a rising list of capacities.
type Grid struct {
	Unit       units.Unit // bytes or chunks
	Capacities []int64    // in that unit
	Linear     bool       // spaced evenly instead of geometrically
}

// Grid returns the capacities that the options ask for, without duplicates: fixed steps or, if the options say more, an even
// spacing, of whole chunks if all have one size. It returns a [*RangeError] if a bound cannot be converted to the curve's
// unit, or if the range is empty.
func (v *Curve) Grid(opts GridOptions) (Grid, error) {
	points := max(opts.Points, 2)
	if opts.Points == 0 {
		points = DefaultPoints
	}
	if opts.hasSteps() {
		return Grid{Unit: v.Unit, Capacities: v.steps(points, opts.watermark)}, nil
	}
	from, to, err := v.bounds(opts)
	if err != nil {
		return Grid{}, err
	}
	g := Grid{Unit: v.Unit, Linear: opts.Linear}
	for i := range points {
		c := v.whole(between(from, to, i, points-1, opts.Linear))
		if n := len(g.Capacities); n == 0 || g.Capacities[n-1] < c {
			g.Capacities = append(g.Capacities, c)
		}
	}
	return g, nil
}

// whole rounds a capacity down to whole chunks if all have one size.
func (v *Curve) whole(c int64) int64 { return c / v.scale() * v.scale() }

// between returns point i of n steps from one capacity to another.
func between(from, to int64, i, n int, linear bool) int64 {
	switch i {
	case 0:
		return from
	case n:
		return to
	}
	f := float64(i) / float64(n)
	if linear {
		return from + int64(f*float64(to-from))
	}
	c := float64(from) * math.Pow(float64(to)/float64(from), f)
	return min(int64(math.Round(c)), to)
}

// bounds returns the ends of the grid, from < to. If all chunks have one size, these are the first and the last whole chunk
// within the range, or two adjacent ones if the range holds fewer than two. If the second of these is above the largest capacity, there
// is only one.
func (v *Curve) bounds(opts GridOptions) (from, to int64, err error) {
	none := units.Capacity{}
	if opts.From == none || opts.To == none {
		from, to = v.defaultBounds(opts.watermark)
	}
	if opts.To != none {
		if to, err = v.inUnit(opts.To); err != nil {
			return 0, 0, &RangeError{From: opts.From, To: opts.To, End: "to", Why: err}
		}
	}
	if opts.From != none {
		if from, err = v.inUnit(opts.From); err != nil {
			return 0, 0, &RangeError{From: opts.From, To: opts.To, End: "from", Why: err}
		}
	} else if to <= from {
		from = v.smallest()
	}
	if opts.To == none && to <= from && !v.bounded() { // the range begins past the ceiling
		to = saturated(from, from)
	}
	if most := (units.Capacity{N: v.largest, Unit: v.Unit}); v.bounded() && max(from, to) > v.largest {
		return 0, 0, &BeyondError{Capacity: units.Capacity{N: max(from, to), Unit: v.Unit}, Max: most}
	}
	switch {
	case from < to:
	case opts.From == none:
		begins := units.Capacity{N: from, Unit: v.Unit}
		return 0, 0, &RangeError{From: begins, To: opts.To, End: "to", Why: fmt.Errorf("must be above %s, where the curve begins", begins)}
	default:
		return 0, 0, &RangeError{From: units.Capacity{N: from, Unit: v.Unit}, To: units.Capacity{N: to, Unit: v.Unit}}
	}
	first, last := v.whole(saturated(from, v.scale()-1)), v.whole(to)
	if first >= last {
		last = saturated(first, v.scale())
	}
	if v.bounded() && last > v.largest {
		first = min(first, v.whole(v.largest))
		last = first
	}
	if first == 0 {
		first = v.scale()
		return 0, 0, &BeyondError{Capacity: units.Capacity{N: first, Unit: v.Unit}, Max: units.Capacity{N: v.largest, Unit: v.Unit}}
	}
	return first, last, nil
}

// defaultBounds goes from where the fixed steps begin to just past the capacity that reaches the ceiling.
func (v *Curve) defaultBounds(w *sim.Watermark) (from, to int64) {
	first, _ := v.stepRange(1, w)
	full := v.full(w)
	if v.bounded() {
		return min(step(first), full), full
	}
	return step(first), v.whole(saturated(full, max(full/10, v.smallest())))
}

// smallest returns the smallest chunk, in the curve's unit.
func (v *Curve) smallest() int64 {
	if v.Unit == units.Bytes && v.SmallestChunk > 0 {
		return v.SmallestChunk
	}
	return v.scale()
}

// full returns the capacity that reaches the ceiling, at least one chunk, for a cache that evicts like this; nil: a plain LRU. If there is
// a largest capacity, it returns that.
func (v *Curve) full(w *sim.Watermark) int64 {
	if v.bounded() {
		return v.largest
	}
	full, _ := v.Reach(v.ceilingTokens())
	full = max(full, v.smallest())
	if w != nil {
		full = v.saturation(full, w)
	}
	return full
}

// saturation returns a capacity at which a cache that evicts in batches is sure to reach the ceiling, given that a plain
// LRU reaches it at full: either each batch leaves at least full, or no batch ever happens. If chunks have different sizes,
// the bytes that a batch leaves are unknown.
func (v *Curve) saturation(full int64, w *sim.Watermark) int64 {
	leaves := float64(full) / (w.Trigger * (1 - w.Ratio))                 // +Inf if it leaves nothing
	leaves = max(leaves, (float64(full)+float64(v.smallest()))/w.Trigger) // a batch is at least one chunk
	if v.Unit == units.Bytes && v.ChunkBytes == 0 {
		leaves = math.Inf(1)
	}
	never := math.Floor(float64(v.unique)/w.Trigger) + 1 // for all chunks use less than the trigger
	return int64(min(leaves, never, math.MaxInt64/2))
}

// saturated returns a + b for numbers ≥ 0, or math.MaxInt64 if that overflows.
func saturated(a, b int64) int64 { return a + min(b, math.MaxInt64-a) }

// inUnit converts a capacity to the curve's unit. If the curve is in chunks, chunk sizes are unknown.
func (v *Curve) inUnit(c units.Capacity) (int64, error) {
	switch {
	case c.Unit == units.Unlimited:
		return 0, errors.New("the end of an axis cannot be unlimited")
	case c.Unit == v.Unit:
		return c.N, nil
	case c.Unit == units.Bytes:
		return 0, ErrSizesUnknown
	case v.ChunkBytes == 0 && v.unique == 0:
		return 0, errors.New("no chunk tells how large it would be: give both ends in bytes, or both in chunks")
	case v.ChunkBytes == 0:
		return 0, errors.New("chunks have unlike sizes: give the size in bytes")
	case c.N > math.MaxInt64/v.ChunkBytes:
		return 0, errors.New("is out of range")
	}
	return c.N * v.ChunkBytes, nil
}

// listed returns the capacities with their unit.
func (g Grid) listed() []units.Capacity {
	out := make([]units.Capacity, len(g.Capacities))
	for i, n := range g.Capacities {
		out[i] = units.Capacity{N: n, Unit: g.Unit}
	}
	return out
}
