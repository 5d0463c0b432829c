package writer

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"time"
)

// janitor is the goroutine that looks after the folder: it compresses finished
// segments, removes the oldest, and cleans up after a crash.
type janitor struct {
	opts   Options
	faults *faults
	live   string // path of the live segment; the goroutine's own

	mu     sync.Mutex
	jobs   []func(context.Context)
	closed bool

	wake   chan struct{} // of capacity 1
	done   chan struct{} // closed at the end
	ctx    context.Context
	cancel context.CancelFunc
}

func newJanitor(opts Options, f *faults) *janitor {
	j := &janitor{opts: opts, faults: f, wake: make(chan struct{}, 1), done: make(chan struct{})}
	j.ctx, j.cancel = context.WithCancel(context.Background())
	go j.run()
	return j
}

func (j *janitor) run() {
	defer close(j.done)
	for {
		job, closed := j.next()
		switch {
		case job != nil:
			job(j.ctx)
		case closed:
			return
		default:
			<-j.wake
		}
	}
}

func (j *janitor) next() (job func(context.Context), closed bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.jobs) > 0 {
		job, j.jobs = j.jobs[0], j.jobs[1:]
	}
	return job, j.closed
}

func (j *janitor) do(job func(context.Context)) {
	j.mu.Lock()
	j.jobs = append(j.jobs, job)
	j.mu.Unlock()
	j.rouse()
}

func (j *janitor) rouse() {
	select {
	case j.wake <- struct{}{}:
	default:
	}
}

// close waits until everything is done. When the context ends, compressions are
// undone.
func (j *janitor) close(ctx context.Context) {
	j.mu.Lock()
	j.closed = true
	j.mu.Unlock()
	j.rouse()
	select {
	case <-j.done:
	case <-ctx.Done():
		j.cancel()
		select {
		case <-j.done:
		case <-time.After(closeGrace):
		}
	}
	j.cancel()
}

// finished takes over a segment that is written to no more.
func (j *janitor) finished(path string) {
	if j.opts.Compress == NoCompression {
		return
	}
	j.do(func(ctx context.Context) {
		if ctx.Err() != nil {
			return
		}
		if err := compress(ctx, j.opts, path); err != nil && ctx.Err() == nil {
			j.faults.meet("compress", fmt.Errorf("compressing %s: %w", path, err))
		}
	})
}

// retain removes the oldest segments, now that a new one is live.
func (j *janitor) retain(live string) {
	if j.opts.MaxFiles < 0 && j.opts.MaxBytes == 0 {
		return
	}
	j.do(func(context.Context) {
		if err := j.removeOldest(live); err != nil {
			j.faults.meet("retain", fmt.Errorf("removing old segments of %s: %w", j.opts.Dir, err))
		}
	})
}

func (j *janitor) removeOldest(live string) error {
	segments, _, err := list(j.opts.fs, j.opts.Dir)
	if err != nil {
		return err
	}
	files, bytes := len(segments), int64(0)
	sizes := make([]int64, len(segments))
	for i := range segments {
		sizes[i] = segments[i].size()
		bytes += sizes[i]
	}
	for i, s := range segments {
		over := j.opts.MaxFiles >= 0 && files > j.opts.MaxFiles || j.opts.MaxBytes > 0 && bytes > j.opts.MaxBytes
		if !over {
			return nil
		}
		if filepath.Join(j.opts.Dir, s.name) == live {
			continue
		}
		removed, err := j.remove(s)
		if err != nil {
			return err
		}
		if removed {
			files--
			bytes -= sizes[i]
		}
	}
	return nil
}

// size returns the bytes of a segment's files.
func (h held) size() (bytes int64) {
	for _, f := range h.files {
		if info, err := f.Info(); err == nil {
			bytes += info.Size()
		}
	}
	return bytes
}

// remove removes a segment's files, unless another writer holds one of them.
func (j *janitor) remove(h held) (removed bool, err error) {
	for _, f := range h.files {
		path := filepath.Join(j.opts.Dir, f.Name())
		release, err := j.opts.fs.claim(path)
		if err != nil {
			return false, nil // held, or gone
		}
		err = j.opts.fs.remove(path)
		release()
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// cleanUp removes what a crash has left half done: temporary files, and segments
// whose compressed form is whole.
func (j *janitor) cleanUp(segments []held, temporary []string) {
	j.do(func(ctx context.Context) {
		for _, path := range temporary {
			j.discard(path)
		}
		for _, s := range segments {
			if len(s.files) > 1 && wholeTwin(ctx, j.opts.fs, j.opts.Dir, s) {
				j.discard(filepath.Join(j.opts.Dir, s.name))
			}
		}
	})
}

// discard removes a file unless another writer holds it.
func (j *janitor) discard(path string) {
	release, err := j.opts.fs.claim(path)
	if err != nil {
		return
	}
	defer release()
	if err := j.opts.fs.remove(path); err != nil {
		j.faults.meet("clean up", fmt.Errorf("removing what a crash has left: %w", err))
	}
}
