package log

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// peekAll peeks into the files into which no earlier reader has, several at once:
// where logs are compressed that takes its time.
func peekAll(ctx context.Context, segments []*segment, opts Options, idle *unpackers) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(min(runtime.GOMAXPROCS(0), opts.MaxOpen))
	for _, s := range segments {
		if !s.stream && s.earliest.Load() == nil {
			group.Go(func() error { return s.peek(ctx, opts, idle) })
		}
	}
	return group.Wait()
}

// peek finds a time before which the file holds no record among its first
// Window. It doesn't look at more than timestamps, so it may be too early; then
// the file only opens early. Nothing is reported: the merge will meet it all.
func (s *segment) peek(ctx context.Context, opts Options, idle *unpackers) error {
	raw := newLogFile(ctx, newPool(1), s)
	raw.peeking = true
	in := newInput(&source{ctx: ctx, raw: raw, name: s.path, idle: idle}, raw, opts.maxLine)
	defer in.close()
	is := choice{opts: &opts, name: s.path}
	earliest, seen := math.Inf(1), 0
	for seen < opts.window {
		line, err := in.next()
		if err != nil {
			break
		}
		if line.tooLong || isBlank(line.text) {
			continue
		}
		if !is.certain {
			if is.learn(line.text); !is.certain {
				continue
			}
		}
		if timestamp, ok := is.decoder.Timestamp(line.text); ok {
			earliest = min(earliest, timestamp)
			seen++
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if seen == 0 || in.broken() != nil {
		earliest = math.Inf(-1) // the merge meets whatever it is at once
	}
	s.earliest.CompareAndSwap(nil, &earliest)
	return nil
}
