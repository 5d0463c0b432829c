package analyze

import (
	"context"
	"sync/atomic"
)

// tee feeds several replays with the requests of one reading. All see the same batches, so the slowest sets the pace.
type tee struct {
	from     *reading
	free     chan *sharedBatch
	branches []*branch
}

// sharedBatches is how many batches a tee has. A branch may hold as many as a numbering has in flight, while it waits for
// another one; with twice as many the others can go on.
const sharedBatches = 2 * batches

// sharedBatch is a batch that all branches read. None may change its entries.
type sharedBatch struct {
	requests
	readers atomic.Int32 // branches that have yet to give it back
}

// branch is the feed of one replay.
type branch struct {
	tee  *tee
	full chan *sharedBatch // closed at the end
}

func newTee(from *reading) *tee {
	t := &tee{from: from, free: make(chan *sharedBatch, sharedBatches)}
	for range sharedBatches {
		t.free <- &sharedBatch{}
	}
	return t
}

// branch returns one more feed. It is called before run.
func (t *tee) branch() *branch {
	b := &branch{t, make(chan *sharedBatch, sharedBatches)}
	t.branches = append(t.branches, b)
	return b
}

// run reads until the end of the logs, or until ctx is done.
func (t *tee) run(ctx context.Context) {
	defer func() {
		for _, b := range t.branches {
			close(b.full)
		}
	}()
	for {
		select {
		case s := <-t.free:
			s.reset()
			t.from.next(&s.requests)
			s.readers.Store(int32(len(t.branches)))
			last := s.last // a branch may give the batch back at once
			for _, b := range t.branches {
				b.full <- s // never blocks: full has room for all batches
			}
			if last {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

// next implements [feed]. It gives the shared batch that b held back. After a context that is done, the batch is the last one.
func (f *branch) next(b *requests) {
	if b.shared != nil && b.shared.readers.Add(-1) == 0 {
		f.tee.free <- b.shared // never blocks: free has room for all batches
	}
	s, ok := <-f.full
	if !ok {
		b.shared, b.entries, b.last = nil, nil, true
		return
	}
	b.shared, b.entries, b.read, b.total, b.last = s, s.entries, s.read, s.total, s.last
}
