package writer

import (
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// reportInterval is how often a kind of fault is reported.
const reportInterval = time.Minute

// faults counts faults and reports them, each kind once a minute.
type faults struct {
	opts  Options
	count *atomic.Int64

	mu       sync.Mutex
	reported map[kind]time.Time
	blocking error // why nothing can be written at present
}

// kind is a kind of fault: what was being done, and the system's reason.
type kind struct {
	doing string
	errno syscall.Errno // 0 if there is none
}

func newFaults(opts Options, count *atomic.Int64) *faults {
	return &faults{opts: opts, count: count, reported: make(map[kind]time.Time)}
}

// meet takes note of a fault.
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

// obstruct takes note of a fault that keeps lines from being written.
func (f *faults) obstruct(doing string, err error) {
	f.block(err)
	f.meet(doing, err)
}

// overcome takes note that lines have been written.
func (f *faults) overcome() { f.block(nil) }

func (f *faults) block(err error) {
	f.mu.Lock()
	f.blocking = err
	f.mu.Unlock()
}

// obstacle returns why nothing can be written at present, nil if it can.
func (f *faults) obstacle() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.blocking
}
