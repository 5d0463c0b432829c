package analyze

import (
	"context"

	"hashlog/log"
)

// Run replays logs once and returns everything that was asked for. A fractional warm-up takes a counting pass before, and
// caches that evict in batches one more, to find capacities if none were given.
//
// Bad records do not fail it; they are in the report. It fails with the reader's error (a bad record under Strict, a file
// that cannot be read, a cancelled context), with a [*NothingError] if no record is left to count, with a
// [*UnknownSizeError] if a capacity is in bytes but sizes are unknown, with a [*RangeError] if there is no grid between the
// capacities given, and with an error that wraps [sim.ErrTooManyChunks].
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
	return replayOnce(ctx, files, &opts, "replaying", warmup, followed)
}

// replayOnce replays the logs in one pass.
func replayOnce(ctx context.Context, files *log.Files, opts *Options, what string, warmup int64, followed *followed) (*Report, error) {
	r := newReplay(opts, followed)
	r.warmupRequests = warmup
	read, err := r.all(ctx, files, what)
	if err != nil {
		return nil, err
	}
	if err := read.nothing(r); err != nil {
		return nil, &NothingError{Why: err, Log: read.stats}
	}
	report, err := r.report(read)
	if err != nil {
		return nil, err
	}
	return report, ctx.Err()
}

// openLogs begins a pass over the logs. The caller must close the reader.
func openLogs(ctx context.Context, files *log.Files, opts *Options, what string) (*log.Reader, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.sizesGiven(), Until: opts.Until, Formats: opts.Formats})
	if err == nil && opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	return reader, err
}
