package analyze

import (
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// tee gives the batches of one numbering to several replays. All see the same batches, so the slowest sets the pace. None may change
// them.
type tee struct {
	from     *numbering
	branches []*branch
}

// sharedBatches is how many batches the numbering of a tee has. While one replay waits, the others can go on.
const sharedBatches = 2 * batches

// sharedBatch is a batch that all branches read.
type sharedBatch struct {
	*requests
	readers atomic.Int32 // branches that have yet to give it back
}

// branch yields the batches to one replay.
type branch struct {
	tee    *tee
	full   chan *sharedBatch // closed at the end
	atHand *sharedBatch
}

// branch returns one more branch. It is called before run.
func (t *tee) branch() *branch {
	b := &branch{tee: t, full: make(chan *sharedBatch, sharedBatches)}
	t.branches = append(t.branches, b)
	return b
}

// run gives batches on until the numbering ends.
func (t *tee) run() {
	for b := t.from.next(); b != nil; b = t.from.next() {
		s := &sharedBatch{requests: b}
		s.readers.Store(int32(len(t.branches)))
		for _, to := range t.branches {
			to.full <- s // never blocks: full has room for all batches
		}
	}
	for _, to := range t.branches {
		close(to.full)
	}
}

// replayOn starts the numbering, and replays its batches on several replays, side by side if there are more than one. It calls abort on an
// error.
func (n *numbering) replayOn(replays []*replay, abort func()) error {
	defer n.stop()
	if len(replays) == 1 {
		go n.run()
		return replays[0].from(n, abort)
	}
	t := &tee{from: n}
	var all errgroup.Group
	for _, r := range replays {
		from := t.branch()
		all.Go(func() error {
			defer from.leave()
			return r.from(from, abort)
		})
	}
	go n.run()
	all.Go(func() error {
		t.run()
		return nil
	})
	return all.Wait()
}

// next implements [batchSource].
func (f *branch) next() *requests {
	if f.atHand = <-f.full; f.atHand == nil {
		return nil
	}
	return f.atHand.requests
}

// giveBack implements [batchSource].
func (f *branch) giveBack(*requests) {
	if f.atHand.readers.Add(-1) == 0 {
		f.tee.from.giveBack(f.atHand.requests)
	}
}

// leave gives back all batches that are left, so that a replay that fails doesn't hold up the others.
func (f *branch) leave() {
	for f.atHand != nil {
		f.giveBack(f.atHand.requests)
		f.next()
	}
}
