package analyze

import (
	"context"

	"hashlog/log"
)

// pass reads the logs once, calling f for every record until it wants no more. The reader decodes them beside it.
func pass(ctx context.Context, files *log.Files, opts *Options, what string, f func(*log.Entry) (more bool, err error)) (log.Stats, error) {
	reader, err := files.Open(ctx, log.Options{Strict: opts.Strict, AnyDType: opts.BytesPerChunk > 0})
	if err != nil {
		return log.Stats{}, err
	}
	defer reader.Close()
	if opts.OnPass != nil {
		opts.OnPass(what, reader)
	}
	for reader.Scan() {
		if more, err := f(reader.Entry()); err != nil || !more {
			return reader.Stats(), err
		}
	}
	return reader.Stats(), reader.Err()
}
