package main

import (
	"context"
	"errors"
	"io"
	"path/filepath"

	"hashlog/analyze"
	"hashlog/analyze/rows"
	"hashlog/cmd/hashlog/internal/atomicfile"
)

// rowFile is a file of rows that is written in a goroutine of its own while the logs are replayed.
type rowFile struct {
	rows    *rows.Writer
	set     *atomicfile.Set
	stop    context.CancelFunc
	written chan struct{} // closed when err is set
	err     error         // of the writing
}

// beginRows begins to write a file. The caller must call abort.
func beginRows(ctx context.Context, path string, w *rows.Writer) (*rowFile, error) {
	set, path, err := newFile(path)
	if err != nil {
		return nil, err
	}
	f := &rowFile{rows: w, set: set, written: make(chan struct{})}
	ctx, f.stop = context.WithCancel(ctx)
	go func() {
		defer close(f.written)
		defer w.Stop() // where the file could not be begun
		f.err = set.Write(ctx, atomicfile.File{Name: filepath.Base(path), Render: func(out io.Writer) error {
			return w.Write(out.(rows.Output))
		}})
	}()
	return f, nil
}

// end waits until everything is written. The replay calls it when it is done.
func (f *rowFile) end(ctx context.Context, _ *analyze.Report) error {
	f.rows.Close()
	select {
	case <-f.written:
		return f.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// cause returns why a replay has failed: for the reason that its rows could not be written, or for its own.
func (f *rowFile) cause(err error) error {
	if !errors.Is(err, rows.ErrStopped) {
		return err
	}
	<-f.written
	return f.err
}

// abort ends the writing and leaves nothing behind, unless the file has been committed.
func (f *rowFile) abort() {
	f.rows.Stop()
	f.stop()
	f.set.Abort()
}
