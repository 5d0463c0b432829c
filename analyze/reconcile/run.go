package reconcile

import (
	"context"
	"errors"

	"hashlog/analyze"
	"hashlog/analyze/reconcile/measured"
	"hashlog/log"
)

// Run holds what a cache is predicted to hit against what a server measured, and explains the difference.
//
// The logs are read several times, dozens of times if there is something to explain: each time another cache is replayed. A stream
// can't be.
//
// It fails with the error of [Options.Check], those of [analyze.Run], a [*NoOverlapError], or [ErrNotMeasured].
func Run(ctx context.Context, files *log.Files, opts Options) (*Result, error) {
	if err := opts.Check(); err != nil {
		return nil, err
	}
	replayed := opts.replayed()
	series, err := seriesOf(ctx, files, replayed, &opts)
	if err != nil {
		return nil, err
	}
	windows := series.Windows
	if opts.Measured != nil {
		windows = joined(windows, opts.Window)
	}
	r := &replays{ctx: ctx, files: files, opts: replayed, windows: spansOf(windows), kept: make(map[tallied][]int64), measured: opts.Measured == nil, apart: opts.Sources}
	s := &search{replays: r, series: series, base: prediction(replayed)}
	if err := r.replay([]setting{s.base}); err != nil {
		return nil, err
	}
	left, err := s.compare(windows)
	if err != nil {
		return nil, err
	}
	end, err := s.explain()
	if err != nil {
		return nil, err
	}
	steps, err := s.steps(end)
	if err != nil {
		return nil, err
	}
	tried, err := s.alone()
	if err != nil {
		return nil, err
	}
	return s.result(end, steps, tried, left), ctx.Err()
}

// prediction returns the setting that the options describe.
func prediction(o *analyze.Options) setting {
	s := setting{denominator: measured.TotalTokens}
	s.order, s.delay, s.capacity, s.unit.MatchUnit = o.TouchOrder, o.Cache.StoreDelay, o.Capacities[0], o.MatchUnit
	if w := o.Cache.Watermark; w != nil {
		s.watermark = *w
	}
	return s
}

// compare keeps the windows that can be compared, after the first replay.
func (s *search) compare(windows []measured.Window) (leftOut, error) {
	period := countedPeriod(s.report)
	chosen, left := choose(windows, s.all, period, s.measured)
	if len(chosen) == 0 {
		whole := periodOf(windows)
		return left, &NoOverlapError{Measured: whole, Log: period, Why: left.reasons()}
	}
	s.points = pick(windows, chosen)
	s.keep(chosen)
	s.half = len(s.points) / 2
	return left, nil
}

// ErrNotMeasured says that no request of the log carries what the server found cached, and that no other series was given.
var ErrNotMeasured = errors.New("no request of the log says how many of its tokens the server found cached")
