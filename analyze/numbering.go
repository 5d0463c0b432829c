package analyze

import (
	"slices"

	"hashlog/log"
	"hashlog/sim"
)

const (
	// batchRequests and batchChunks limit how many requests and chunks are handed to the replay at once. batchRecords
	// limits how many records are read for a batch, so that requests are not held up if most records are filtered out.
	batchRequests = 64
	batchChunks   = 1 << 16
	batchRecords  = 4096
	// maxKeptRows is how many rows of a request are kept in memory for later requests.
	maxKeptRows = 1024
	// batches is how many batches are in flight. With several, neither side waits for the other at every batch; with a
	// fixed number, memory does not depend on which side is slower.
	batches = 4
)

// numbering assigns ids to the chunks of requests, a few batches ahead of the replay. It runs in its own goroutine
// between those that decode and the one that replays. Everything that depends on the order of requests happens in one of these two
// goroutines, in that order.
//
// For those who change this: a batch owns everything it holds, entries included, until the replay returns it.
// TestEntriesStayGood checks that; TestTooManyChunks and TestStoppedInTheMiddle check how numbering ends.
type numbering struct {
	feed     feed
	opts     *Options
	index    *sim.Index
	chain    *chain // nil unless several chunks are replayed as one
	keepKeys bool   // in the batches
	growth   forecast
	keys     []sim.Key // of the batch at hand, unless they are kept

	// most is how many chunks may be known before the replay is asked which to forget; math.MaxInt if none ever is.
	most    int
	kept    chan []uint32 // the answer, as in requests
	stopped chan struct{}

	full chan *requests // closed at the end
	free chan *requests // closed to stop
	done chan struct{}
}

// feed yields the requests of a pass.
type feed interface {
	// next adds the next requests to an empty batch, and sets all its fields that are set before numbering.
	next(b *requests)
}

// batchSource yields batches to one replay.
type batchSource interface {
	next() *requests // nil after the last one
	giveBack(b *requests)
}

// requests is a batch of requests.
type requests struct {
	entries     []log.Entry
	read, total int64 // bytes of the logs: read so far, and in all; the latter is -1 if unknown
	last        bool  // this is the last batch

	// set by numbering
	numbered []sim.Request // by entry; Keys is nil unless they are kept
	keys     []sim.Key     // memory of the Keys
	// kept asks which chunks to forget after this batch: the answer is the ids of those that stay known, rising, which are numbered from 0
	// then; nil: all do. It never blocks. It is nil if nothing is asked.
	kept chan<- []uint32
	err  error // the error that ended the batch, after these requests
}

// newNumbering returns a numbering whose goroutine has yet to be started, with so many batches in flight. It goes on with an index, which
// nobody else uses meanwhile.
func newNumbering(from feed, opts *Options, index *sim.Index, inFlight int) *numbering {
	n := &numbering{feed: from, opts: opts, index: index, chain: opts.newChain(),
		full: make(chan *requests, inFlight), free: make(chan *requests, inFlight), done: make(chan struct{}),
		most: opts.knownBefore(), kept: make(chan []uint32, 1), stopped: make(chan struct{})}
	for range inFlight {
		n.free <- &requests{}
	}
	return n
}

// run numbers batches until the end of the logs, or until stop is called.
func (n *numbering) run() {
	defer close(n.done)
	defer close(n.full)
	for b := range n.free {
		n.fill(b)
		last := b.last
		asked := !last && b.err == nil && n.index.Len() >= n.most
		if asked {
			b.kept = n.kept
		}
		n.full <- b // never blocks: full has room for all batches
		if last || asked && !n.forget() {
			return
		}
	}
}

// forget waits for the replay to answer which chunks stay known, and numbers them anew; ok is false if it has been stopped.
func (n *numbering) forget() (ok bool) {
	select {
	case kept := <-n.kept:
		if kept != nil {
			n.index.Keep(kept)
		}
		n.most = n.opts.knownFrom(n.index.Len())
		return true
	case <-n.stopped:
		return false
	}
}

// stop ends the goroutine and waits for it.
func (n *numbering) stop() {
	close(n.stopped)
	close(n.free)
	<-n.done
}

// fill takes the next requests and numbers their chunks. The batch ends before a request that cannot be numbered.
func (n *numbering) fill(b *requests) {
	b.reset()
	n.feed.next(b)
	keys := &n.keys
	if n.keepKeys {
		keys = &b.keys
	}
	*keys = (*keys)[:0]
	b.numbered = slices.Grow(b.numbered, len(b.entries))[:len(b.entries)] // reuses the rows of earlier batches
	for i := range b.numbered {
		r := &b.numbered[i]
		if cap(r.Rows) > maxKeptRows {
			r.Rows = nil
		}
		r.Keys = n.keysOf(&b.entries[i], keys)
	}
	done, err := n.index.NumberAll(b.numbered)
	if n.chain != nil {
		var unchained error
		if done, unchained = n.chain.check(b.entries[:done], b.numbered[:done]); unchained != nil {
			err, n.chain = unchained, nil // nobody takes what follows
		}
	}
	if !n.keepKeys {
		for i := range b.numbered {
			b.numbered[i].Keys = nil // they may be the hashes of an entry that the reader gets back
		}
	}
	if err != nil {
		e := &b.entries[done]
		b.err = source{file: e.File, line: e.Line}.at(err)
		b.entries = b.entries[:done]
	}
	n.foresee(b)
}

// next implements [batchSource].
func (n *numbering) next() *requests { return <-n.full }

// giveBack implements [batchSource].
func (n *numbering) giveBack(b *requests) { n.free <- b } // never blocks: free has room for all batches

// foresee tells the index how many chunks to expect, unless the replay may end before the logs do, or forgets chunks.
func (n *numbering) foresee(b *requests) {
	if n.opts.Until != nil || n.opts.MaxRequests > 0 || n.opts.bounded() {
		return
	}
	n.index.Expected = int(n.growth.add(sample{b.read, int64(n.index.Len())}, b.total))
}

func (b *requests) reset() {
	*b = requests{entries: b.entries[:0], numbered: b.numbered[:0], keys: b.keys}
}

// keysOf returns the cache keys of a record's chunks, which it may append to memory.
func (n *numbering) keysOf(e *log.Entry, memory *[]sim.Key) []sim.Key {
	start := len(*memory)
	switch {
	case n.opts.IgnoreModel && len(e.CacheSalt) == 0:
		return e.Hashes
	case n.opts.IgnoreModel:
		*memory = e.AppendKeysOfAnyModel(*memory)
	default:
		*memory = e.AppendKeys(*memory)
	}
	return (*memory)[start:]
}
