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

// numbering takes records from the reader, filters them and assigns ids to their chunks, a few batches ahead of the replay.
// It runs in its own goroutine between those that decode and the one that replays. Everything that depends on the order of
// requests happens in one of these two goroutines, in that order.
//
// For those who change this: a batch owns everything it holds, entries included, until the replay returns it.
// TestEntriesStayGood checks that; TestTooManyChunks and TestStoppedInTheMiddle check how numbering ends.
type numbering struct {
	reader *log.Reader
	opts   *Options
	sieve  *Sieve
	index  *sim.Index
	growth forecast
	keys   []sim.Key // of the batch at hand

	full chan *requests // closed at the end
	free chan *requests // closed to stop
	done chan struct{}
}

// requests is a batch of requests.
type requests struct {
	entries  []log.Entry
	numbered []sim.Request // by entry
	err      error         // the error that ended the batch, after these requests
	last     bool          // this is the last batch
}

func newNumbering(reader *log.Reader, opts *Options) *numbering {
	n := &numbering{reader: reader, opts: opts, sieve: NewSieve(opts.Filter), index: sim.NewIndex(),
		full: make(chan *requests, batches), free: make(chan *requests, batches), done: make(chan struct{})}
	for range batches {
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
		n.full <- b // never blocks: full has room for all batches
		if b.last {
			return
		}
	}
}

// stop ends the goroutine and waits for it.
func (n *numbering) stop() {
	close(n.free)
	<-n.done
}

// fill reads the next requests and numbers their chunks. The batch ends before a request that cannot be numbered.
func (n *numbering) fill(b *requests) {
	b.reset()
	n.foresee()
	n.read(b)
	n.keys = n.keys[:0]
	b.numbered = slices.Grow(b.numbered, len(b.entries))[:len(b.entries)] // reuses the rows of earlier batches
	for i := range b.numbered {
		r := &b.numbered[i]
		if cap(r.Rows) > maxKeptRows {
			r.Rows = nil
		}
		r.Keys = n.keysOf(&b.entries[i])
	}
	done, err := n.index.NumberAll(b.numbered)
	for i := range b.numbered {
		b.numbered[i].Keys = nil // they may be the hashes of an entry that the reader gets back
	}
	if err != nil {
		e := &b.entries[done]
		b.err = source{file: e.File, line: e.Line}.at(err)
		b.entries = b.entries[:done]
	}
}

// read reads the next requests. It begins to fetch their hashes, which the goroutines that decode have in their caches, so
// that numbering them doesn't wait.
func (n *numbering) read(b *requests) {
	chunks := 0
	for records := 0; records < batchRecords && len(b.entries) < batchRequests && chunks < batchChunks; records++ {
		if b.last = n.sieve.Full() || !n.reader.Scan(); b.last {
			n.sieve.Finish(n.reader.Stats())
			return
		}
		if !n.sieve.Admit(n.reader.Entry()) {
			continue
		}
		e := b.another()
		n.reader.Take(e)
		sim.Prefetch(e.Hashes)
		chunks += len(e.Hashes)
	}
}

// foresee tells the index how many chunks to expect, unless the replay may end before the logs do.
func (n *numbering) foresee() {
	if n.opts.Until != nil || n.opts.MaxRequests > 0 {
		return
	}
	read, total := n.reader.Progress()
	n.index.Expected = int(n.growth.add(sample{read, int64(n.index.Len())}, total))
}

func (b *requests) reset() { *b = requests{entries: b.entries[:0], numbered: b.numbered[:0]} }

// another returns room for one more entry. It reuses the memory of an earlier one.
func (b *requests) another() *log.Entry {
	n := len(b.entries)
	b.entries = slices.Grow(b.entries, 1)[:n+1]
	return &b.entries[n]
}

// keysOf returns the cache keys of a record's chunks.
func (n *numbering) keysOf(e *log.Entry) []sim.Key {
	start := len(n.keys)
	switch {
	case n.opts.IgnoreModel && len(e.CacheSalt) == 0:
		return e.Hashes
	case n.opts.IgnoreModel:
		n.keys = e.AppendKeysOfAnyModel(n.keys)
	default:
		n.keys = e.AppendKeys(n.keys)
	}
	return n.keys[start:]
}
