package analyze

import (
	"cmp"
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

// numbering deals requests to nodes and assigns ids to their chunks, a few batches ahead of the replay. It runs in its own goroutine
// between those that decode and the one that replays. Everything that depends on the order of requests happens in one of these two
// goroutines, in that order.
//
// For those who change this: a batch owns everything it holds, entries included, until the replay returns it.
// TestEntriesStayGood checks that; TestTooManyChunks and TestStoppedInTheMiddle check how numbering ends.
type numbering struct {
	feed    feed
	opts    *Options
	dealer  *dealer
	indexes []*sim.Index // by node
	growth  forecast
	keys    []sim.Key     // of the batch at hand, unless the replay numbers
	grouped []sim.Request // the requests of the batch at hand, by node

	full chan *requests // closed at the end
	free chan *requests // closed to stop
	done chan struct{}
}

// feed yields the requests of a pass.
type feed interface {
	// next adds the next requests to an empty batch, and sets all its fields that are set before numbering.
	next(b *requests)
}

// requests is a batch of requests.
type requests struct {
	entries     []log.Entry
	read, total int64        // bytes of the logs: read so far, and in all; the latter is -1 if unknown
	last        bool         // this is the last batch
	shared      *sharedBatch // that owns the entries; nil if this batch does

	// set by numbering
	nodes    []int         // by entry, that it is dealt to; empty if there is only one, or if the replay deals
	numbered []sim.Request // by entry; Keys is nil unless the replay numbers
	keys     []sim.Key     // memory of the Keys if the replay numbers
	err      error         // the error that ended the batch, after these requests
}

// newNumbering returns a numbering whose goroutine has yet to be started. nodes are those of the dealer.
func newNumbering(from feed, opts *Options, d *dealer, nodes []*node) *numbering {
	n := &numbering{feed: from, opts: opts, dealer: d,
		full: make(chan *requests, batches), free: make(chan *requests, batches), done: make(chan struct{})}
	for _, node := range nodes {
		n.indexes = append(n.indexes, node.index)
	}
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

// fill takes the next requests, deals them and numbers their chunks. The batch ends before a request that cannot be numbered.
func (n *numbering) fill(b *requests) {
	b.reset()
	n.feed.next(b)
	keys := &n.keys
	if n.dealer.numbersLate() {
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
	if n.dealer.dealsEarly() {
		for i := range b.entries {
			b.nodes = append(b.nodes, n.dealer.node(&b.entries[i], b.numbered[i].Keys))
		}
	}
	done, err := n.number(b)
	for i := range b.numbered {
		if !n.dealer.numbersLate() {
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

// node returns the node of a request that was dealt before the replay, or the only one.
func (b *requests) node(i int) int {
	if len(b.nodes) == 0 {
		return 0
	}
	return b.nodes[i]
}

// number numbers the chunks of the requests on their nodes, or for all nodes alike if the router is cache-aware. If it fails, done is
// the first request that cannot be numbered.
func (n *numbering) number(b *requests) (done int, err error) {
	switch {
	case n.dealer != nil && n.dealer.global != nil:
		return n.dealer.global.NumberAll(b.numbered)
	case n.dealer.numbersLate():
		return len(b.numbered), nil
	case len(b.nodes) == 0:
		return n.indexes[0].NumberAll(b.numbered)
	}
	order := make([]int, len(b.nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(b.nodes[i], b.nodes[j]) })
	n.grouped = n.grouped[:0]
	for _, i := range order {
		n.grouped = append(n.grouped, b.numbered[i])
	}
	done = len(order)
	for from := 0; from < len(order); {
		node, to := b.nodes[order[from]], from+1
		for to < len(order) && b.nodes[order[to]] == node {
			to++
		}
		if k, failed := n.indexes[node].NumberAll(n.grouped[from:to]); failed != nil && order[from+k] < done {
			done, err = order[from+k], failed
		}
		from = to
	}
	for at, i := range order {
		b.numbered[i] = n.grouped[at]
	}
	return done, err
}

// foresee tells the index of an only node how many chunks to expect, unless the replay may end before the logs do.
func (n *numbering) foresee(b *requests) {
	if n.opts.Until != nil || n.opts.MaxRequests > 0 || len(n.indexes) > 1 || n.dealer.numbersLate() {
		return
	}
	index := n.indexes[0]
	index.Expected = int(n.growth.add(sample{b.read, int64(index.Len())}, b.total))
}

func (b *requests) reset() {
	*b = requests{shared: b.shared, entries: b.entries[:0], nodes: b.nodes[:0], numbered: b.numbered[:0], keys: b.keys}
}

// keysOf returns the cache keys of a record's chunks, which it may append to memory.
func (n *numbering) keysOf(e *log.Entry, memory *[]sim.Key) []sim.Key {
	if n.opts.IgnoreModel {
		return e.Hashes
	}
	start := len(*memory)
	*memory = e.AppendKeys(*memory)
	return (*memory)[start:]
}
