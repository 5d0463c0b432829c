package analyze

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hashlog/analyze/units"
)

// Granularity is how finely a cache stores and matches prefixes.
type Granularity struct {
	MatchUnit MatchUnit // as Options.MatchUnit
	Rechunk   int       // as Options.Rechunk
}

// String returns the granularity in a few words.
func (g Granularity) String() string {
	var words []string
	switch {
	case g.Rechunk > 1:
		words = append(words, fmt.Sprintf("%s as one", units.Count(int64(g.Rechunk), "chunk")))
	case g.Rechunk == 1 || g.MatchUnit == MatchUnit{}:
		words = append(words, "chunks as logged")
	}
	if g.MatchUnit != (MatchUnit{}) {
		words = append(words, "match unit "+g.MatchUnit.words())
	}
	return strings.Join(words, ", ")
}

// GranularityResult is what caches would have done with one granularity.
type GranularityResult struct {
	MatchUnit *string  `json:"match_unit"` // as Settings.MatchUnit
	Rechunk   *int     `json:"rechunk"`    // as Settings.Rechunk
	Ceiling   *Ceiling `json:"ceiling"`
	// Results have an element per capacity of Options.Capacities. Where more chunks are one than in Report.Results, capacities in chunks are
	// fewer chunks of this granularity: the cache has the same memory.
	Results []Result `json:"results"`

	Granularity Granularity `json:"-"`
	// HitTokens have an element per capacity of Report.Table; nil if there is no table.
	HitTokens   []int64 `json:"-"`
	TotalTokens int64   `json:"-"`
	// ChunkTokens is the chunk size in tokens; 0 if records disagree.
	ChunkTokens int64 `json:"-"`
}

// granularity returns that of all figures but Report.Granularities.
func (o *Options) granularity() Granularity { return Granularity{o.MatchUnit, o.Rechunk} }

// granularityText says in sentences how finely prefixes are stored and matched, where it isn't chunk by chunk.
func (o *Options) granularityText() (sentences []string) {
	if o.MatchUnit != (MatchUnit{}) {
		sentences = append(sentences, fmt.Sprintf("A prefix hits in whole match units of %s; the resident tokens beyond them are missed, as unaligned.", o.MatchUnit.words()))
	}
	if o.rechunked() {
		sentences = append(sentences, fmt.Sprintf("Every %d consecutive chunks of a request are replayed as one, which is exact since their hashes are chained; fewer at its end are tail.", o.Rechunk))
	}
	if slices.ContainsFunc(o.Granularities, func(g Granularity) bool { return g != o.granularity() }) {
		sentences = append(sentences, fmt.Sprintf("Figures by granularity have the same memory; all other figures are with %s.", o.granularity()))
	}
	return sentences
}

// checkGranularities reports granularities that are out of range, and options that cannot be combined with them.
func (o *Options) checkGranularities() error {
	for i, g := range o.Granularities {
		alone := Options{MatchUnit: g.MatchUnit, Rechunk: g.Rechunk, MaxCapacity: o.MaxCapacity}
		switch err := errors.Join(alone.MatchUnit.check(), alone.checkRechunk()); {
		case err != nil:
			return err
		case slices.Contains(o.Granularities[:i], g):
			return fmt.Errorf("granularity given twice: %s", g)
		}
		for _, c := range o.Capacities {
			if o.sameMemory(&alone, c).Limit() == 0 {
				return fmt.Errorf("capacity %s has no room for %s", c, g)
			}
		}
	}
	return nil
}

// errGranularityNeedsLogs returns why there is no summary with these options; nil if there is.
func (o *Options) errGranularityNeedsLogs() error {
	switch {
	case o.MatchUnit != MatchUnit{}:
		return errMatchUnitNeedsLogs
	case o.rechunked() || len(o.Granularities) > 0:
		return errRechunkNeedsLogs
	}
	return nil
}

// with returns the options of a replay for the results of a granularity alone. Its capacities have the same memory.
func (o *Options) with(g Granularity) *Options {
	out := o.withoutOutput()
	out.MatchUnit, out.Rechunk = g.MatchUnit, g.Rechunk
	for _, c := range o.Capacities {
		out.Capacities = append(out.Capacities, o.sameMemory(&out, c))
	}
	return &out
}

// sameMemory returns a capacity of a replay as another one, whose chunks are others, gets it.
func (o *Options) sameMemory(other *Options, c units.Capacity) units.Capacity {
	if c.Unit == units.Chunks && o.Rechunk != other.Rechunk {
		c.N = o.logged(c.N) / other.logged(1)
	}
	return c
}

// granular is a granularity that is counted.
type granular struct {
	opts   *Options
	replay *replay      // whose stack it reads; nil: of the report itself
	sums   *sums        // of its own
	units  *unitCounter // that has them; nil if the replay itself has
}

// addGranularities makes ready to count what Options.Granularities ask for. Those that differ in the match unit alone share a stack.
func (r *replay) addGranularities() {
	for _, g := range r.opts.Granularities {
		if g.MatchUnit == r.opts.MatchUnit && max(g.Rechunk, 1) == max(r.opts.Rechunk, 1) {
			r.granular = append(r.granular, granular{})
			continue
		}
		opts := r.opts.with(g)
		on := r.rechunkedBy(g.Rechunk)
		if on == nil {
			on = newReplay(opts, r.followed.with(r.opts, opts))
			r.others = append(r.others, on)
			r.granular = append(r.granular, granular{opts, on, on.sums, nil})
			continue
		}
		u := newUnitCounter(opts, on)
		on.units = append(on.units, u)
		r.granular = append(r.granular, granular{opts, on, u.sums, u})
	}
}

// rechunkedBy returns the replay of so many chunks as one; nil if there is none yet.
func (r *replay) rechunkedBy(n int) *replay {
	for _, on := range r.sideBySide() {
		if max(on.opts.Rechunk, 1) == max(n, 1) {
			return on
		}
	}
	return nil
}

// with returns the capacities that another replay follows.
func (f *followed) with(opts, other *Options) *followed {
	if f == nil {
		return nil
	}
	out := &followed{grid: f.grid}
	out.grid.Capacities = nil
	for _, c := range f.grid.listed() {
		if c = opts.sameMemory(other, c); c.N > 0 {
			out.grid.Capacities = append(out.grid.Capacities, c.N)
		}
	}
	return out
}

// reportGranularities adds what Options.Granularities ask for to the report of a replay.
func (r *replay) reportGranularities(rep *Report, p *passed) error {
	for i, of := range r.granular {
		g := GranularityResult{Granularity: r.opts.Granularities[i], Ceiling: rep.Ceiling, Results: rep.Results}
		on, from := r, rep
		if of.replay != nil {
			view := *of.replay
			view.opts, view.sums, view.granular = of.opts, of.sums, nil
			on = &view
			var err error
			if from, err = view.report(p); err != nil {
				return err
			}
			if of.units != nil {
				of.units.addSpreads(from)
			}
			g.Ceiling, g.Results = from.Ceiling, from.Results
		}
		g.MatchUnit = g.Granularity.MatchUnit.setting()
		if n := g.Granularity.Rechunk; n > 0 {
			g.Rechunk = &n
		}
		g.TotalTokens, g.ChunkTokens = from.Curve.totals.tokens, on.sums.input.chunkTokens()
		if rep.Table != nil {
			g.HitTokens = on.hitsAt(rep.Table, r.opts, from)
		}
		rep.Granularities = append(rep.Granularities, g)
	}
	return nil
}

// hitsAt returns the hit tokens with the memory of each capacity of a table, which is that of other options. rep is the replay's own report.
func (r *replay) hitsAt(t *Table, of *Options, rep *Report) []int64 {
	var room []units.Capacity
	for _, c := range t.listed() {
		if c = of.sameMemory(r.opts, c); c.N > 0 {
			room = append(room, c)
		}
	}
	out := make([]int64, len(t.Capacities)) // the capacities without room for a chunk come first
	figures := r.figures(rep.curveIn(t.Unit), room)
	for i, f := range figures {
		out[len(out)-len(figures)+i] = f.HitTokens
	}
	return out
}

// chunkTokens returns the chunk size in tokens; 0 if records disagree.
func (in *input) chunkTokens() (size int64) {
	for _, m := range in.sum.Models {
		if m.ChunkSize == nil || size > 0 && *m.ChunkSize != size {
			return 0
		}
		size = *m.ChunkSize
	}
	return size
}

// newChain returns what checks that logs can be rechunked; nil if they need not be.
func (o *Options) newChain() *chain {
	if o.rechunked() || slices.ContainsFunc(o.Granularities, func(g Granularity) bool { return g.Rechunk > 1 }) {
		return &chain{}
	}
	return nil
}
