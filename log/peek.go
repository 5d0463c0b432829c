package log

import (
	"context"
	"io"
	"math"
	"runtime"

	"hashlog/log/internal/source"
)

// peeked is what a look at the beginning of a log, its first Window records, has found.
type peeked struct {
	formats          []Format // that were looked for
	records          int      // at most Window
	earliest, latest float64  // timestamps of the records; infinite if there are none
	whole            bool     // the log has no other records
	ours             bool     // the log has the format of this package
}

// noneBefore returns a time before which the log holds no record, late ones apart.
func (p *peeked) noneBefore() float64 {
	if p.records == 0 {
		return math.Inf(-1) // let the merge begin with it
	}
	return p.earliest
}

// with reports whether a pass with these formats would find the same.
func (p *peeked) with(formats []Format) bool {
	n := len(formats)
	return len(p.formats) == n && (n == 0 || &p.formats[0] == &formats[0]) // formats need not be comparable
}

// peeksAtOnce returns how many logs to peek into at once.
func peeksAtOnce(f *Files, opts Options) int {
	if f.store != nil {
		return min(objectsAtOnce, opts.MaxOpen)
	}
	return min(runtime.GOMAXPROCS(0), opts.MaxOpen)
}

// peek looks at the first records of a file. It only looks at timestamps, so it may take a bad record for one; then the merge only opens
// the file early. It reports no problems: the merge will meet them all.
func peek(ctx context.Context, l *source.Log, x *source.Extent, opts Options, idle *source.Decompressors) (*peeked, error) {
	opener := source.Opener{Pool: source.NewPool(1), MaxLine: opts.maxLine, Decompressors: idle}
	in := opener.Peek(ctx, l, x)
	defer in.Close()
	is := detector{opts: &opts, name: l.Path}
	p := &peeked{formats: opts.Formats, earliest: math.Inf(1), latest: math.Inf(-1)}
	for p.records < opts.window {
		line, err := in.Next()
		if err != nil {
			p.whole = err == io.EOF
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
			p.earliest, p.latest = min(p.earliest, timestamp), max(p.latest, timestamp)
			p.records++
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if in.Err() != nil {
		p.records = 0 // whatever was read: let the merge begin with it, and fail
	}
	_, p.ours = is.decoder.(*LineDecoder)
	return p, nil
}
