package analyze

import (
	"errors"
	"fmt"
	"math"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// GridOptions say at which capacities a curve is tabulated. The zero value chooses for itself.
type GridOptions struct {
	From, To units.Capacity // zero: from one chunk to just past the size that reaches the ceiling
	Points   int            // at most; 0: 200
	Linear   bool           // evenly spaced, not by a constant factor

	watermark *sim.Watermark // the default end is to reach the ceiling of a cache that evicts so; nil: one by one
}

// inBytes reports whether an end is asked for in bytes. That is the unit of a log without chunks, which would as well have
// the other.
func (g *GridOptions) inBytes() bool {
	return g != nil && (g.From.N > 0 && g.From.Unit == units.Bytes || g.To.N > 0 && g.To.Unit == units.Bytes)
}

// DefaultPoints is how many capacities a curve is tabulated at unless told otherwise.
const DefaultPoints = 200

// Grid is a rising list of capacities.
type Grid struct {
	Unit       units.Unit
	Capacities []int64
	Linear     bool
}

// Grid returns the capacities that the options ask for. Where all chunks have one size they are whole chunks, each once.
// It fails if a bound cannot be put in the curve's unit, or if there is nothing between the bounds.
func (v *Curve) Grid(opts GridOptions) (Grid, error) {
	from, to, err := v.bounds(opts)
	if err != nil {
		return Grid{}, err
	}
	points := max(opts.Points, 2)
	if opts.Points == 0 {
		points = DefaultPoints
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

// whole rounds a capacity down to whole chunks where all have one size.
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

// bounds returns the ends of the grid, from < to. Where all chunks have one size these are the first and the last whole
// chunk in the range asked for, or two chunks next to each other where it is narrower than that.
func (v *Curve) bounds(opts GridOptions) (from, to int64, err error) {
	none := units.Capacity{}
	if opts.From == none || opts.To == none {
		from, to = v.defaultBounds(opts.watermark)
	}
	if opts.From != none {
		if from, err = v.inUnit(opts.From); err != nil {
			return 0, 0, &RangeError{From: opts.From, To: opts.To, End: "from", Why: err}
		}
	}
	switch {
	case opts.To != none:
		if to, err = v.inUnit(opts.To); err != nil {
			return 0, 0, &RangeError{From: opts.From, To: opts.To, End: "to", Why: err}
		}
	case to <= from: // the range begins beyond the ceiling
		to = saturated(from, from)
	}
	switch {
	case from < to:
	case opts.From == none:
		begins := units.Capacity{N: from, Unit: v.Unit}
		return 0, 0, &RangeError{From: begins, To: opts.To, End: "to", Why: fmt.Errorf("must be above %s, where the curve begins", begins)}
	default:
		return 0, 0, &RangeError{From: units.Capacity{N: from, Unit: v.Unit}, To: units.Capacity{N: to, Unit: v.Unit}}
	}
	from, to = v.whole(saturated(from, v.scale()-1)), v.whole(to)
	if from >= to {
		to = saturated(from, v.scale())
	}
	return from, to, nil
}

// defaultBounds goes from one chunk to just past the size that reaches the ceiling.
func (v *Curve) defaultBounds(w *sim.Watermark) (from, to int64) {
	from = v.scale()
	if v.Unit == units.Bytes && v.SmallestChunk > 0 {
		from = v.SmallestChunk
	}
	full, _ := v.Reach(v.ceilingTokens())
	full = max(full, from)
	if w != nil {
		full = v.saturation(full, w)
	}
	return from, v.whole(saturated(full, max(full/10, from)))
}

// saturation returns a capacity at which a cache that evicts in batches is sure to hit all that it can, if one that evicts
// one by one does so from full on: each batch leaves that much, or there is none. How many bytes it leaves where chunks have
// unlike sizes nobody knows.
func (v *Curve) saturation(full int64, w *sim.Watermark) int64 {
	leaves := float64(full) / (w.Trigger * (1 - w.Ratio)) // +Inf where it leaves nothing
	if v.Unit == units.Bytes && v.ChunkBytes == 0 {
		leaves = math.Inf(1)
	}
	return int64(min(leaves, float64(v.unique)/w.Trigger, math.MaxInt64/2))
}

// saturated adds two numbers ≥ 0 as far as there are numbers.
func saturated(a, b int64) int64 { return a + min(b, math.MaxInt64-a) }

// inUnit converts a capacity to the curve's unit. A curve in chunks has chunks of unknown size.
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

// listed returns the capacities one by one.
func (g Grid) listed() []units.Capacity {
	out := make([]units.Capacity, len(g.Capacities))
	for i, n := range g.Capacities {
		out[i] = units.Capacity{N: n, Unit: g.Unit}
	}
	return out
}
