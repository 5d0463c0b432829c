package analyze

import (
	"context"

	"hashlog/log"
)

// openLogs begins a pass over the logs. The caller must close the reader.
func openLogs(ctx context.Context, files *log.Files, opts *Options, what string) (*log.Reader, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.BytesPerChunk > 0, Formats: opts.Formats})
	if err == nil && opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	return reader, err
}

// countRequests returns how many requests a replay of the logs will have.
func countRequests(ctx context.Context, files *log.Files, opts *Options) (int64, error) {
	reader, err := openLogs(ctx, files, opts, "counting requests")
	if err != nil {
		return 0, err
	}
	defer reader.Close()
	s := newSieve(opts.Filter)
	for !s.full() && reader.Scan() {
		s.passes(reader.Entry())
	}
	return s.passed, reader.Err()
}
