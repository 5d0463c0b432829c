package analyze

import (
	"context"

	"hashlog/analyze/units"
	"hashlog/log"
)

// ahead is what must be known before a replay of caches that evict in batches, since each capacity has to be followed from
// the start: those of the grid, and those of the rolling lines.
type ahead struct {
	grid  Grid
	lines []units.Capacity
}

// listed returns all capacities that were found.
func (a *ahead) listed() []units.Capacity {
	if a == nil {
		return nil
	}
	return append(a.grid.listed(), a.lines...)
}

// LooksAhead reports whether a replay needs a pass of a plain LRU before, which finds capacities that are worth following.
func (o *Options) LooksAhead() bool {
	if o.Cache.Watermark == nil {
		return false
	}
	_, fixed := o.fixedGrid()
	return o.Grid != nil && !fixed || o.Rolling != nil && len(o.Rolling.Capacities) == 0
}

// fixedGrid returns the grid if it can be told without the logs; ok is false if not.
func (o *Options) fixedGrid() (_ Grid, ok bool) {
	g := o.Grid
	if g == nil || g.From.N == 0 || g.To.N == 0 {
		return Grid{}, false
	}
	// How large chunks are is not known yet, so capacities in bytes are not rounded to whole ones.
	grid, err := (&Curve{Unit: g.From.Unit}).Grid(*g)
	return grid, err == nil
}

// lookAhead finds what a replay must know before, nil if it need not know anything.
func lookAhead(ctx context.Context, files *log.Files, opts *Options, warmupRequests int64) (*ahead, error) {
	if opts.Cache.Watermark == nil {
		return nil, nil
	}
	grid, fixed := opts.fixedGrid()
	if !opts.LooksAhead() {
		return &ahead{grid: grid}, nil
	}
	plain := *opts
	plain.Cache.Watermark = nil
	plain.Capacities, plain.Targets, plain.Audit = nil, nil, false
	if fixed {
		plain.Grid = nil
	} else if opts.Grid != nil {
		wider := *opts.Grid
		wider.watermark = opts.Cache.Watermark
		plain.Grid = &wider
	}
	report, err := replayOnce(ctx, files, &plain, "looking for the range", warmupRequests, nil)
	if err != nil {
		return nil, err
	}
	found := &ahead{grid: grid}
	if report.Table != nil {
		found.grid = report.Table.Grid
	}
	if report.Rolling != nil {
		found.lines = report.Rolling.Lines
	}
	return found, nil
}
