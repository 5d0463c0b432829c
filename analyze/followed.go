package analyze

import (
	"hashlog/analyze/units"
)

// followed are the capacities, besides the listed ones, at which caches that evict in batches are simulated: those of the
// grid and of the rolling lines. They must be known before the replay.
type followed struct {
	grid  Grid
	lines []units.Capacity // none if they are listed
}

// listed returns all of them.
func (f *followed) listed() []units.Capacity {
	if f == nil {
		return nil
	}
	return append(f.grid.listed(), f.lines...)
}

// rollingLines returns the capacities of the rolling lines; none if they are chosen after the replay.
func (f *followed) rollingLines(opts *Options) []units.Capacity {
	if f != nil && len(f.lines) > 0 {
		return f.lines
	}
	if opts.Rolling == nil {
		return nil
	}
	return opts.Rolling.Capacities
}

// followedFixed returns the capacities of the grid if they do not depend on the logs; nil unless caches are simulated.
func (o *Options) followedFixed() *followed {
	if !o.Cache.simulated() {
		return nil
	}
	grid, _ := o.fixedGrid()
	return &followed{grid: grid}
}

// TakesRangePass reports whether Run first replays a plain LRU in a separate pass to choose capacities. It does so if the
// cache evicts in batches and the grid or the rolling lines depend on the logs.
func (o *Options) TakesRangePass() bool {
	if !o.Cache.simulated() {
		return false
	}
	_, fixed := o.fixedGrid()
	return o.Grid != nil && !fixed || o.Rolling != nil && len(o.Rolling.Capacities) == 0
}

// fixedGrid returns the grid if it does not depend on the logs; ok is false if it does.
func (o *Options) fixedGrid() (_ Grid, ok bool) {
	g := o.Grid
	if g == nil || g.From.N == 0 || g.To.N == 0 {
		return Grid{}, false
	}
	// The chunk size is not known yet, so capacities in bytes are not rounded to whole chunks.
	grid, err := (&Curve{Unit: g.From.Unit}).Grid(*g)
	return grid, err == nil
}
