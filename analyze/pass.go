package analyze

import (
	"context"
	"math"

	"hashlog/log"
)

// openLogs begins a pass over the logs. The caller must close the reader.
func openLogs(ctx context.Context, files *log.Files, opts *Options, what string) (*log.Reader, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.sizesGiven(), Since: opts.Since, Until: opts.Until, Formats: opts.Formats})
	if err == nil && opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	return reader, err
}

// countWarmup returns how many requests of the logs are replayed without being counted, where that is a fraction of all.
func countWarmup(ctx context.Context, files *log.Files, opts *Options) (int64, error) {
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
