package log

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"hashlog/log/internal/source"
)

// peekAll peeks into the files into which no earlier pass has, several at once: compressed ones
// take time.
func peekAll(ctx context.Context, f *Files, opts Options, idle *source.Decompressors) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(min(runtime.GOMAXPROCS(0), opts.MaxOpen))
	for i, l := range f.logs {
		if !l.Stream && f.seen.earliest[i].Load() == nil {
			group.Go(func() error {
				earliest, err := peek(ctx, l, &f.seen.extents[i], opts, idle)
				if err == nil {
					f.seen.earliest[i].CompareAndSwap(nil, &earliest)
				}
				return err
			})
		}
	}
	return group.Wait()
}

// peek returns a time before which the file holds no record among its first Window. It only
// looks at timestamps, so the time may be too early; then the merge only opens the file early.
// It reports no problems: the merge will meet them all.
func peek(ctx context.Context, l *source.Log, x *source.Extent, opts Options, idle *source.Decompressors) (earliest float64, err error) {
	opener := source.Opener{Pool: source.NewPool(1), MaxLine: opts.maxLine, Decompressors: idle}
	in := opener.Peek(ctx, l, x)
	defer in.Close()
	is := detector{opts: &opts, name: l.Path}
	earliest, seen := math.Inf(1), 0
	for seen < opts.window {
		line, err := in.Next()
		if err != nil {
			break
		}
		if line.TooLong {
			continue
		}
		if !is.certain {
			if is.detect(line.Text); !is.certain {
				continue
			}
		}
		if timestamp, ok := is.decoder.Timestamp(line.Text); ok {
			earliest = min(earliest, timestamp)
			seen++
		}
	}
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	if seen == 0 || in.Err() != nil {
		earliest = math.Inf(-1) // let the merge begin with it
	}
	return earliest, nil
}
