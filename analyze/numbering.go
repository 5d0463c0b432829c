package analyze

import (
	"fmt"
	"slices"

	"hashlog/log"
	"hashlog/sim"
)

const (
	// batchRequests and batchChunks bound how many requests go from numbering to replaying at once, and batchRecords how many
	// records are looked at for them, so that what there is to say of a request does not wait for others that are rare.
	batchRequests = 64
	batchChunks   = 1 << 16
	batchRecords  = 4096
	// batches are how many are on their way, so that neither side waits for the other at every one, and memory does not
	// depend on which is slower.
	batches = 4
)

// numbering takes requests from the reader, filters them and gives their chunks ids, a few batches ahead of the replay: a
// goroutine of its own between those that decode and the one that replays. All that depends on the order of requests
// happens in one of the two, in that order.
//
// For those who change this: a batch owns all that it holds, the entries included, until the replay gives it back.
// TestEntriesStayGood holds that; TestTooManyChunks and TestStoppedInTheMiddle hold how it ends.
type numbering struct {
	reader *log.Reader
	opts   *Options
	sieve  *Sieve
	index  *sim.Index
	keys   []sim.Key // of the request at hand

	full chan *requests // closed at the end
	free chan *requests // closed to stop
	done chan struct{}
}

// requests is a batch.
type requests struct {
	entries []log.Entry
	rows    []sim.Row   // of all requests, one after another
	byEntry [][]sim.Row // the same, cut up
	chunks  int         // in these requests
	err     error       // met behind these requests
	last    bool        // no more are to come
}

func newNumbering(reader *log.Reader, opts *Options) *numbering {
	n := &numbering{reader: reader, opts: opts, sieve: NewSieve(opts.Filter), index: sim.NewIndex(),
		full: make(chan *requests, batches), free: make(chan *requests, batches), done: make(chan struct{})}
	for range batches {
		n.free <- &requests{}
	}
	return n
}

// run numbers until the end, or until it is stopped.
func (n *numbering) run() {
	defer close(n.done)
	defer close(n.full)
	for b := range n.free {
		n.fill(b)
		n.full <- b // has room for all
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

// fill takes the next requests, and gives their chunks ids. A batch ends before a request that cannot be numbered.
func (n *numbering) fill(b *requests) {
	b.reset()
	for records := 0; records < batchRecords && len(b.entries) < batchRequests && b.chunks < batchChunks; records++ {
		if b.last = n.sieve.Full() || !n.reader.Scan(); b.last {
			n.sieve.Finish(n.reader.Stats())
			return
		}
		if !n.sieve.Admit(n.reader.Entry()) {
			continue
		}
		e := b.another()
		n.reader.Take(e)
		if b.err = n.number(b, e); b.err != nil {
			b.entries = b.entries[:len(b.entries)-1]
			return
		}
	}
}

// number numbers the chunks of the batch's last request.
func (n *numbering) number(b *requests, e *log.Entry) error {
	start := len(b.rows)
	rows, err := n.index.Number(n.keysOf(e), b.rows)
	if err != nil {
		return at(e, fmt.Errorf("%w: replay less of the logs (--since, --until, --max-requests)", err))
	}
	b.rows = rows
	b.byEntry = append(b.byEntry, rows[start:len(rows):len(rows)])
	b.chunks += len(e.Hashes)
	return nil
}

func (b *requests) reset() {
	*b = requests{entries: b.entries[:0], rows: b.rows[:0], byEntry: b.byEntry[:0]}
}

// another returns room for one more entry, with the memory of the one that was there.
func (b *requests) another() *log.Entry {
	n := len(b.entries)
	b.entries = slices.Grow(b.entries, 1)[:n+1]
	return &b.entries[n]
}

// keysOf returns the cache keys of a record's chunks.
func (n *numbering) keysOf(e *log.Entry) []sim.Key {
	if n.opts.IgnoreModel {
		return e.Hashes
	}
	n.keys = e.AppendKeys(n.keys[:0])
	return n.keys
}
