package analyze

import (
	"context"
	"fmt"
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
)

// Run replays the logs once and returns everything that opts ask for. A fractional warm-up takes a counting pass first. A
// cache that evicts in batches takes another pass if it has to choose capacities (see [Options.TakesRangePass]), and one to narrow
// targets (see [Options.TakesTargetPass]).
//
// A [Summary] gives the same report from several replays of parts of the logs.
//
// Bad records do not make Run fail; the report lists them. Run fails with one of the following errors, possibly wrapped
// with the location of a record:
//
//   - the error of [Options.Check];
//   - the reader's error: a bad record under Strict, an unreadable file, a cancelled context;
//   - a [*NothingError] if no record is left to count;
//   - an [*UnknownSizeError] if a capacity is in bytes but a chunk size is unknown;
//   - a [*RangeError] if the grid's range is empty or cannot be converted;
//   - [ErrTooManyTokens], [ErrTooManyBytes], [ErrTooManyWritten] or [sim.ErrTooManyChunks] if a count overflows.
func Run(ctx context.Context, files *log.Files, opts Options) (*Report, error) {
	if err := opts.Check(); err != nil {
		return nil, err
	}
	warmup, err := warmupRequests(ctx, files, &opts)
	if err != nil {
		return nil, err
	}
	followed, err := chooseFollowed(ctx, files, &opts, warmup)
	if err != nil {
		return nil, err
	}
	report, err := replayOnce(ctx, files, &opts, "replaying", warmup, followed)
	if err != nil || !opts.TakesTargetPass() {
		return report, err
	}
	return report, narrowTargets(ctx, files, &opts, warmup, report)
}

// replayOnce replays the logs in one pass.
func replayOnce(ctx context.Context, files *log.Files, opts *Options, what string, warmup int64, followed *followed) (*Report, error) {
	return newReplay(opts, followed).once(ctx, files, what, warmup)
}

// once replays the logs into a closed summary, and reports it.
func (r *replay) once(ctx context.Context, files *log.Files, what string, warmup int64) (*Report, error) {
	for _, all := range r.sideBySide() {
		all.warmupRequests = warmup
	}
	s := &Summary{opts: r.opts, replay: r, caches: 1}
	if err := s.replayLogs(ctx, files, what); err != nil {
		return nil, err
	}
	read, err := s.something()
	if err != nil {
		return nil, err
	}
	report, err := r.report(read)
	if err == nil {
		err = r.reportGranularities(report, read)
	}
	if err != nil {
		return nil, err
	}
	return report, ctx.Err()
}

// warmupRequests returns how many requests the warm-up has if it is a fraction, which takes a pass over the logs; otherwise
// 0.
func warmupRequests(ctx context.Context, files *log.Files, opts *Options) (int64, error) {
	if opts.Warmup.Fraction == 0 {
		return 0, nil
	}
	n, err := countRequests(ctx, files, opts)
	return int64(math.Floor(opts.Warmup.Fraction * float64(n))), err
}

// countRequests returns how many requests a replay of the logs will have.
func countRequests(ctx context.Context, files *log.Files, opts *Options) (int64, error) {
	reader, err := openLogs(ctx, files, opts, "counting requests")
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	s := NewSieve(opts.Filter)
	for !s.Full() && reader.Scan() {
		s.Admit(reader.Entry())
	}
	return s.Passed, reader.Err()
}

// chooseFollowed chooses the capacities to simulate besides the listed ones; nil unless the cache evicts in batches. If
// they depend on the logs, it replays a plain LRU to find them.
func chooseFollowed(ctx context.Context, files *log.Files, opts *Options, warmup int64) (*followed, error) {
	if !opts.Cache.simulated() {
		return nil, nil
	}
	grid, fixed := opts.fixedGrid()
	if !opts.TakesRangePass() {
		return &followed{grid: grid}, nil
	}
	plain := opts.withoutOutput()
	plain.Cache.Watermark, plain.Cache.Policy = nil, nil
	plain.Rolling = opts.Rolling
	if opts.Grid != nil && !fixed {
		wider := *opts.Grid
		wider.watermark = opts.Cache.Watermark
		plain.Grid = &wider
	}
	report, err := replayOnce(ctx, files, &plain, "looking for the range", warmup, nil)
	if err != nil {
		return nil, err
	}
	found := &followed{grid: grid}
	if report.Table != nil {
		found.grid = report.Table.Grid
	}
	if report.Rolling != nil {
		found.lines = report.Rolling.Lines
	}
	return found, nil
}

// nothing says why a replay has nothing to report; nil if it has.
func nothing(r *replay, p *passed) error {
	switch s, stats := p.sieve, p.stats; {
	case s.Read == 0 && stats.Beyond != nil:
		return s.Nothing(stats)
	case s.Read == 0 && len(stats.Foreign) > 0:
		return fmt.Errorf("no usable record: %s", stats.Foreign[0])
	case s.Read == 0 && stats.EmptyFiles == int64(len(p.paths)):
		return fmt.Errorf("no usable record: %s", stats.EmptyNote())
	case s.Read == 0:
		return &NotLogsError{p.paths}
	case s.Passed == 0:
		return s.Nothing(stats)
	case !r.counting:
		return fmt.Errorf("the warm-up %s covers all %s requests: nothing is left to count", r.opts.Warmup.words(), units.Comma(s.Passed))
	}
	return nil
}
