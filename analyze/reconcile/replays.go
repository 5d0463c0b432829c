package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"hashlog/analyze"
	"hashlog/log"
	"hashlog/sim"
)

// replays runs replays and keeps what they counted by window.
type replays struct {
	ctx     context.Context
	files   *log.Files
	opts    *analyze.Options // of the prediction
	windows []span           // in order of time, none overlaps another
	// measured is set if the log says itself what was measured, so that its other requests are not compared.
	measured bool

	kept     map[tallied][]int64 // hit tokens by window
	order    []tallied           // the keys of kept
	all      []volume            // by window, of all requests
	distinct []volume            // the same if retries count once
	repeats  bool                // whether there are any
	servers  int                 // servers, or folders of their logs, that the compared requests are of
	apart    bool                // each source has a cache of its own
	sources  []string            // of the compared requests
	passes   int
	report   *analyze.Report // of the first replay, the prediction's
}

// tallied says what a list of hit tokens counts.
type tallied struct {
	replayed
	counted
}

// span is a window, [start, end) in seconds since the Unix epoch.
type span struct{ start, end float64 }

// of returns the hit tokens and what is requested by window. The setting has been replayed.
func (r *replays) of(s *setting) ([]int64, []volume) {
	if s.once {
		return r.kept[tallied{s.replayed, s.counted}], r.distinct
	}
	return r.kept[tallied{s.replayed, s.counted}], r.all
}

// replay makes sure that what the settings count is known. Those that differ in what they count share a replay.
func (r *replays) replay(settings []setting) error {
	var order []replayed
	asked := make(map[replayed][]counted)
	known := make(map[tallied]bool)
	for _, s := range settings {
		key := tallied{s.replayed, s.counted}
		if _, ok := r.kept[key]; ok || known[key] {
			continue
		}
		known[key] = true
		if _, ok := asked[s.replayed]; !ok {
			order = append(order, s.replayed)
		}
		asked[s.replayed] = append(asked[s.replayed], s.counted)
	}
	for _, what := range order {
		if err := r.pass(what, asked[what]); err != nil {
			return err
		}
	}
	return nil
}

// pass replays the logs once or, if each source has a cache of its own, once for each of them.
func (r *replays) pass(what replayed, counts []counted) error {
	opts := *r.opts
	opts.TouchOrder, opts.Cache.StoreDelay, opts.Cache.Watermark = what.order, what.delay, nil
	if what.watermark != (sim.Watermark{}) {
		opts.Cache.Watermark = &what.watermark
	}
	first := r.report == nil
	var c *counter
	if first || !r.apart {
		c = r.newCounter(counts, &opts, first)
		if err := r.whole(opts, c); err != nil {
			return err
		}
	}
	if r.apart {
		c = r.newCounter(counts, &opts, first)
		if err := r.each(opts, c); err != nil {
			return err
		}
	}
	if first {
		r.all, r.distinct, r.repeats = c.all, c.distinct, c.repeats
	}
	for i, k := range counts {
		key := tallied{what, k}
		r.kept[key] = c.hitsOf(i)
		r.order = append(r.order, key)
	}
	return nil
}

// newCounter returns a counter to which replays with the options hand their hits, and perhaps volumes.
func (r *replays) newCounter(counts []counted, opts *analyze.Options, volumes bool) *counter {
	c := newCounter(r.windows, counts, volumes)
	c.measured = r.measured
	opts.Capacities, opts.OnHits = c.capacities, c.add
	return c
}

// each replays each source through a cache of its own.
func (r *replays) each(opts analyze.Options, c *counter) error {
	for _, source := range r.sources {
		opts.Source = &source
		c.begin()
		if _, err := r.run(opts); err != nil && !errors.As(err, new(*analyze.NothingError)) { // a source may be silent for long
			return err
		}
	}
	return nil
}

// whole replays all sources through one cache. The first time it keeps the report, and which sources there are.
func (r *replays) whole(opts analyze.Options, c *counter) error {
	report, err := r.run(opts)
	if err == nil && r.report == nil {
		r.report, r.servers, r.sources = report, c.servers(), slices.Sorted(maps.Keys(c.sources))
	}
	return err
}

// run replays the logs once. What the first replay has found holds for the later ones.
func (r *replays) run(opts analyze.Options) (*analyze.Report, error) {
	r.passes++
	n := r.passes
	if on := opts.OnPass; on != nil {
		opts.OnPass = func(_ string, reader *log.Reader) { on(fmt.Sprintf("replay %d", n), reader) }
	}
	if n > 1 { // the report is that of the first replay, which counts in the unit of the prediction
		opts.MatchUnit = analyze.MatchUnit{}
		if from := r.report.CountedFrom; from != nil { // as in the first replay, though later ones end sooner
			opts.Warmup = analyze.Warmup{Until: from}
		}
		end := r.windows[len(r.windows)-1].end
		if opts.Until == nil || end < *opts.Until {
			opts.Until = &end
		}
	}
	return analyze.Run(r.ctx, r.files, opts)
}

// keep keeps what was counted in some of the windows.
func (r *replays) keep(places []int) {
	r.windows, r.all, r.distinct = pick(r.windows, places), pick(r.all, places), pick(r.distinct, places)
	for key, hits := range r.kept {
		r.kept[key] = pick(hits, places)
	}
}
