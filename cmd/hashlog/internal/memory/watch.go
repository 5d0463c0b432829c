package memory

import (
	"context"
	"fmt"
	"math"
	"runtime/debug"
	"time"
)

const (
	// interval is the time between two checks.
	interval = 100 * time.Millisecond
	// freeEvery is the minimum time between two forced garbage collections.
	freeEvery = 2 * time.Second
)

// LimitError reports that the process exceeds its memory limit.
type LimitError struct {
	Resident int64 // bytes of memory that the process had
	Limit    int64
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%d bytes of memory in use, more than the limit of %d", e.Resident, e.Limit)
}

// Watcher checks the memory of the process regularly. The zero value has no limit and no note.
type Watcher struct {
	// Limit is the bytes of memory that the process may use; 0 is no limit.
	Limit int64
	// NoteAbove is the bytes above which Note is called, once; 0 is never.
	NoteAbove int64
	Note      func(resident int64)

	resident func() int64 // Resident, another in tests
	free     func()       // debug.FreeOSMemory, another in tests
	freed    time.Time    // when it was last called
}

// Watch returns a context that ends, with a *LimitError as its cause, when the process uses more memory than the limit even
// after a garbage collection. The caller must call stop, which also lifts the limit from the garbage collector. While a table
// of many gigabytes grows, the process may exceed the limit by some hundred megabytes between two checks.
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

// limitHeap makes the garbage collector work harder near the limit, so that memory beyond it is in use and not garbage. The
// collector takes at most half of the time, even if it finds nothing.
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

// check calls Note if it is due, and returns an error if the process uses too much memory.
func (w *Watcher) check() error {
	n := w.resident()
	if w.Limit > 0 && n > w.Limit {
		if n = w.collect(n); n > w.Limit {
			return &LimitError{Resident: n, Limit: w.Limit}
		}
	}
	if w.NoteAbove > 0 && n > w.NoteAbove {
		w.NoteAbove = 0
		w.Note(n)
	}
	return nil
}

// collect frees garbage, and returns the memory of the process after that. A process that exceeds the limit
// again soon after has none left to free.
func (w *Watcher) collect(resident int64) int64 {
	if time.Since(w.freed) < freeEvery {
		return resident
	}
	w.free()
	w.freed = time.Now()
	return w.resident()
}
