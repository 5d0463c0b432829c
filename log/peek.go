package log

import (
	"context"
	"math"
	"runtime"

	"golang.org/x/sync/errgroup"

	"hashlog/log/internal/source"
)

// peeked is what a look at the beginning of a log has found.
type peeked struct {
	formats  []Format // that were looked for
	earliest float64  // a time before which the log holds no record
}

// with reports whether a pass with these formats would find the same.
func (p *peeked) with(formats []Format) bool {
	n := len(formats)
	return len(p.formats) == n && (n == 0 || &p.formats[0] == &formats[0]) // formats need not be comparable
}

// peekAll returns for each log a time before which it holds no record. It peeks into the files
// into which no earlier pass has, several at once: compressed ones take time. The only log of a
// pass needs none.
func peekAll(ctx context.Context, f *Files, opts Options, idle *source.Decompressors) ([]float64, error) {
	earliest := make([]float64, len(f.logs))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(peeksAtOnce(f, opts))
	for i, l := range f.logs {
		earliest[i] = math.Inf(-1)
		if l.Stream || len(f.logs) == 1 {
			continue
		}
		if p := f.seen.peeked[i].Load(); p != nil && p.with(opts.Formats) {
			earliest[i] = p.earliest
			continue
		}
		group.Go(func() (err error) {
			if earliest[i], err = peek(ctx, l, &f.seen.extents[i], opts, idle); err == nil {
				f.seen.peeked[i].Store(&peeked{opts.Formats, earliest[i]})
			}
			return err
		})
	}
	return earliest, group.Wait()
}

// peeksAtOnce returns how many logs to peek into at once.
func peeksAtOnce(f *Files, opts Options) int {
	if f.store != nil {
		return min(objectsAtOnce, opts.MaxOpen)
	}
	return min(runtime.GOMAXPROCS(0), opts.MaxOpen)
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
