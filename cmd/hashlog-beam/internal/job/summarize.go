package job

import (
	"context"
	"io"
	"runtime"

	"hashlog/analyze"
	"hashlog/log"
)

// turns are how many summaries are made at the same time in this process. A runner may begin many more bundles, and each replay keeps two
// processors busy.
var turns = make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))

// turn waits for a turn.
func turn(ctx context.Context) (done func(), err error) {
	select {
	case turns <- struct{}{}:
		return func() { <-turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// summarizeFn replays a part of the logs into a summary.
type summarizeFn struct{ Job }

func (f *summarizeFn) ProcessElement(ctx context.Context, p Part) (Piece, error) {
	done, err := turn(ctx)
	if err != nil {
		return Piece{}, err
	}
	defer done()
	file, err := f.summarize(ctx, p)
	return Piece{p.Node, p.Place, file}, err
}

func (f *summarizeFn) summarize(ctx context.Context, p Part) (file string, err error) {
	opts, err := f.plan.options(p)
	if err != nil {
		return "", err
	}
	logs, err := log.Find(ctx, f.plan.logs(p.Node), nil)
	if err != nil {
		return "", err
	}
	file = "part-" + digest(logs.Paths(), logs.Bytes(), opts.Since, opts.Until, analyze.SettingsOf(opts)) + ".sum"
	return file, f.once(ctx, file, func(w io.Writer) error {
		s, err := analyze.Summarize(ctx, logs, *opts)
		if err != nil {
			return err
		}
		return s.Encode(w)
	})
}

// once writes a file unless it is there.
func (j *Job) once(ctx context.Context, file string, render func(io.Writer) error) error {
	there, err := j.work.Has(ctx, file)
	if err != nil || there {
		return err
	}
	return j.work.Write(ctx, file, render)
}
