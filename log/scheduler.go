package log

import (
	"cmp"
	"runtime"
	"slices"
	"sync"
)

const (
	// A log that the merge has not reached is decoded on while all such logs together have fewer
	// bytes of records waiting than this. A compressed log may go further: decompressing takes
	// long, and 32 MiB of records hold many whole logs. A plain log is decoded quickly, so only its
	// beginning is needed, and records that wait for long leave the processor's caches.
	packedLookahead = 32 << 20
	plainLookahead  = 4 << 20
)

// scheduler decodes logs ahead of the merge, each in a goroutine of its own: the logs that are
// being merged, and as many of the next ones as there are processors left. Decoded records wait
// in queues of bounded size, so memory does not depend on which side is slower.
//
// The merge takes the batches of a log in their order, and a batch depends on nothing but the
// log, so the goroutines affect nothing but the speed.
//
// Invariants: The merge waits only for a log that has begun, and a log that has begun may always
// be decoded while its queue is empty, so the two never wait for each other. Batches and items
// have one owner at a time: a job, its queue, the merge, or spare. TestDecodesAhead and
// TestStartsFew check the bounds, TestSameOnAnyProcessors and FuzzReader the order,
// TestNoGarbage the recycling, TestClosedInTheMiddle and the leak check of TestMain the end of
// all goroutines.
type scheduler struct {
	mu         sync.Mutex
	changed    sync.Cond    // signals a change of anything below, or of a job's queue
	upcoming   []*decodeJob // not started, in the order in which the merge reaches them
	running    int
	maxRunning int // how many run at once, not counting those that the merge waits for
	lookahead  int // bytes of records of logs that the merge has not reached
	stopped    bool
	spare      []*batch // to be reused
	workers    sync.WaitGroup
}

func newScheduler() *scheduler {
	s := &scheduler{maxRunning: runtime.GOMAXPROCS(0)}
	s.changed.L = &s.mu
	return s
}

// start begins to decode the first of these logs. It sorts them into the order in which the merge
// will reach them, as far as that is known.
func (s *scheduler) start(order []*mergeInput) {
	slices.SortStableFunc(order, func(f, g *mergeInput) int {
		return cmp.Or(cmp.Compare(f.next.timestamp, g.next.timestamp), cmp.Compare(f.next.rank, g.next.rank))
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range order {
		if !f.log.Stream {
			s.upcoming = append(s.upcoming, f.job)
		}
	}
	s.fill()
}

// fill starts as many jobs as may run.
func (s *scheduler) fill() {
	for s.running < s.maxRunning && len(s.upcoming) > 0 && !s.stopped {
		d := s.upcoming[0]
		s.upcoming[0] = nil // or all logs would stay alive
		s.upcoming = s.upcoming[1:]
		s.run(d)
	}
}

// run starts a job unless it has been started.
func (s *scheduler) run(d *decodeJob) {
	if d.started {
		return
	}
	d.started = true
	s.running++
	s.workers.Add(1)
	go d.run()
}

// stop ends all goroutines, waits for them, and releases everything. Pending reads must end by
// themselves.
func (s *scheduler) stop() {
	s.mu.Lock()
	s.stopped = true
	s.upcoming = nil
	s.changed.Broadcast()
	s.mu.Unlock()
	s.workers.Wait()
	s.spare = nil
}

// reuse takes back a batch that has been merged.
func (s *scheduler) reuse(b *batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep(b)
}

// keep keeps a batch for reuse, and with it the items it holds, unless there are plenty: the
// batches of thousands of logs that overlapped are no longer needed after those logs.
func (s *scheduler) keep(b *batch) {
	if len(s.spare) < s.mostSpare() {
		s.spare = append(s.spare, b)
	}
}

// mostSpare returns how many batches are kept: as many as the logs being decoded and those decoded
// ahead can fill.
func (s *scheduler) mostSpare() int {
	return 2*queuedBatches*s.maxRunning + plainLookahead/batchBytes
}
