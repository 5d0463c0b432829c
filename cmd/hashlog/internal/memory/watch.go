package memory

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"time"
)

const (
	// interval is how often a watcher looks.
	interval = 100 * time.Millisecond
	// freeEvery is how often it makes the garbage collector return what is free.
	freeEvery = 2 * time.Second
)

// LimitError says that the process has more memory than it may have.
type LimitError struct {
	Resident int64 // bytes of memory that the process had
	Limit    int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%d bytes of memory in use, more than the limit of %d", e.Resident, e.Limit)
}

// Watcher looks from time to time at how much memory the process has. The zero value wants nothing.
type Watcher struct {
	// Limit is how many bytes of memory the process may have; 0 is no limit.
	Limit int64
	// NoteAbove is for how many bytes Note is called, once; 0 is never.
	NoteAbove int64
	Note      func(resident int64)

	resident func() int64 // Resident, another in tests
	free     func()       // debug.FreeOSMemory, another in tests
	freed    time.Time    // when it was last called
}

// Watch returns a context that ends, with a *LimitError as its cause, when the process has more memory than the limit and
// none of it is garbage. The garbage collector knows of the limit until stop, which must be called. Where a table of many
// gigabytes grows, a look each tenth of a second lets it take some hundred megabytes more than the limit.
func (w *Watcher) Watch(ctx context.Context) (watched context.Context, stop func()) {
	if w.resident == nil {
		w.resident, w.free = Resident, debug.FreeOSMemory
	}
	ctx, cancel := context.WithCancelCause(ctx)
	if w.Limit == 0 && w.NoteAbove == 0 {
		return ctx, func() { cancel(nil) }
	}
	restore := w.limitHeap()
	done := make(chan struct{})
	if err := w.check(); err != nil {
		cancel(err) // before anything has been done
	}
	go func() {
		defer close(done)
		w.follow(ctx, cancel)
	}()
	return ctx, func() {
		cancel(nil)
		<-done
		restore()
	}
}

// limitHeap makes the garbage collector work harder before the limit is reached, so that what is beyond it is in use and
// not garbage. The collector takes at most half of the time even where it can do nothing.
func (w *Watcher) limitHeap() (restore func()) {
	before := debug.SetMemoryLimit(-1) // that of GOMEMLIMIT
	limit := w.Limit - w.Limit/16
	if w.Limit == 0 {
		limit = math.MaxInt64
	}
	debug.SetMemoryLimit(min(before, limit))
	return func() { debug.SetMemoryLimit(before) }
}

func (w *Watcher) follow(ctx context.Context, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := w.check(); err != nil {
				cancel(err)
			}
		}
	}
}

// check calls Note where it is due, and returns an error if the process has too much memory.
func (w *Watcher) check() error {
	n := w.resident()
	if w.Limit > 0 && n > w.Limit {
		if n = w.spare(n); n > w.Limit {
			return &LimitError{Resident: n, Limit: w.Limit}
		}
	}
	if w.NoteAbove > 0 && n > w.NoteAbove {
		w.NoteAbove = 0
		w.Note(n)
	}
	return nil
}

// spare gives back what is free, and returns how much memory the process has then. One that is over the limit again soon
// after that has no more to spare.
func (w *Watcher) spare(resident int64) int64 {
	if time.Since(w.freed) < freeEvery {
		return resident
	}
	w.free()
	w.freed = time.Now()
	return w.resident()
}
