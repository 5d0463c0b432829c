package writer

import (
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// reportInterval is the least time between two reports of one kind of fault.
const reportInterval = time.Minute

// faults counts faults, and reports each kind at most once a minute.
type faults struct {
	opts  Options
	count *atomic.Int64

	mu       sync.Mutex
	reported map[kind]time.Time
	blocking error // why nothing can be written now; nil if it can
}

// kind is a kind of fault: the operation, and the system's error.
type kind struct {
	doing string
	errno syscall.Errno // 0 if it is no error of the system
}

func newFaults(opts Options, count *atomic.Int64) *faults {
	return &faults{opts: opts, count: count, reported: make(map[kind]time.Time)}
}

// meet counts a fault, and reports it if a report of its kind is due.
func (f *faults) meet(doing string, err error) {
	f.count.Add(1)
	now := time.Now()
	k := kind{doing: doing}
	errors.As(err, &k.errno)
	f.mu.Lock()
	before, known := f.reported[k]
	due := !known || now.Sub(before) >= reportInterval
	if due {
		f.reported[k] = now
	}
	f.mu.Unlock()
	if due && f.opts.OnError != nil {
		f.opts.OnError(err)
	}
}

// obstruct is meet for a fault that prevents lines from being written.
func (f *faults) obstruct(doing string, err error) {
	f.block(err)
	f.meet(doing, err)
}

// overcome notes that lines have been written.
func (f *faults) overcome() { f.block(nil) }

func (f *faults) block(err error) {
	f.mu.Lock()
	f.blocking = err
	f.mu.Unlock()
}

// obstacle returns why nothing can be written now, or nil if it can.
func (f *faults) obstacle() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.blocking
}
