package writer

import (
	"sync"
	"sync/atomic"
	"time"
)

// reportInterval is how often a kind of fault is reported.
const reportInterval = time.Minute

// faults counts faults and reports them, each kind once a minute.
type faults struct {
	opts  Options
	count *atomic.Int64

	mu       sync.Mutex
	reported map[string]time.Time // by kind
	latest   error
}

func newFaults(opts Options, count *atomic.Int64) *faults {
	return &faults{opts: opts, count: count, reported: make(map[string]time.Time)}
}

// meet takes note of a fault.
func (f *faults) meet(kind string, err error) {
	f.count.Add(1)
	now := time.Now()
	f.mu.Lock()
	f.latest = err
	before, known := f.reported[kind]
	due := !known || now.Sub(before) >= reportInterval
	if due {
		f.reported[kind] = now
	}
	f.mu.Unlock()
	if due && f.opts.OnError != nil {
		f.opts.OnError(err)
	}
}

// last returns the latest fault, nil if there was none.
func (f *faults) last() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.latest
}

// joined is an error with the fault that lies behind it.
type joined struct{ error, fault error }

func (j joined) Error() string   { return j.error.Error() + " (" + j.fault.Error() + ")" }
func (j joined) Unwrap() []error { return []error{j.error, j.fault} }
