package analyze

import (
	"slices"

	"hashlog/sim"
)

// countQueue stands between a replay and its sums, and runs the counters in a goroutine of its own, some requests behind the
// replay. They get the same requests and touches in the same order as if the replay called them itself.
//
// For those who change this: only the goroutine uses the sums until finish returns, and the replay reads nothing of them before.
// A batch holds copies, since the stack, the caches and the numbering use their memory again. As in [numbering], a fixed number
// of batches goes round. TestCountQueue compares reports with and without a queue, TestCountQueueErrors checks how it ends.
type countQueue struct {
	size    queueSize
	ids     bool // whether the counters need the texts of requests
	filling *countBatch
	full    chan *countBatch
	free    chan *countBatch
	done    chan error // the first error of a counter, at the end
}

// queueSize limits what a queue holds.
type queueSize struct {
	batches   int
	events    int // lookups and touches of a batch
	stretches int // that a batch holds before its last event: rows, runs and the like
}

// defaultQueue is long, so that neither side often waits for the other while the processors have other work too. A batch, some
// 100 KB, fits in a processor's cache.
var defaultQueue = queueSize{batches: 16, events: 128, stretches: 1 << 12}

// countBatch holds consecutive events.
type countBatch struct {
	order    []bool // by event, whether it is a lookup
	requests []request
	touches  []touches
	err      error // of these events or of earlier ones

	// memory of the slices in requests and touches
	texts     []byte
	rows      []sim.Row
	runs      []sim.Run
	ages      []sim.MaxAge
	uses      []use
	tokens    []row
	found     []found
	distances []sim.Distance
	numbers   []int64
}

// needQueue reports whether so much is counted that a queue pays. A summary has none, since it defers some of the counting.
func (o *Options) needQueue() bool {
	return !o.summary && (o.Stats || o.Requests || o.Reuse || o.Heat || len(o.dimensions()) > 0)
}

// newCountQueue returns an empty queue for some sums. Its goroutine ends with finish.
func newCountQueue(s *sums, size queueSize) *countQueue {
	c := &countQueue{size: size, ids: s.opts.Audit || s.opts.has(BySalt), filling: &countBatch{}, full: make(chan *countBatch, size.batches), free: make(chan *countBatch, size.batches), done: make(chan error, 1)}
	for range size.batches - 1 {
		c.free <- &countBatch{}
	}
	go c.run(s)
	return c
}

// run counts batches until the queue is closed. After an error it only empties the queue.
func (c *countQueue) run(s *sums) {
	var err error
	for b := range c.full {
		if err == nil {
			err = b.count(s)
		}
		b.err = err
		c.free <- b // never blocks: free has room for all batches
	}
	c.done <- err
}

// finish waits until everything is counted, and ends the goroutine. It returns the first error of a counter.
func (c *countQueue) finish() error {
	c.full <- c.filling
	close(c.full)
	return <-c.done
}

// lookUp queues a request as it is looked up. The error may be that of an earlier event.
func (c *countQueue) lookUp(q *request) error {
	b, err := c.room()
	b.lookUp(q, c.ids)
	return err
}

// touch queues the touches of a request. The error may be that of an earlier event.
func (c *countQueue) touch(t *touches) error {
	b, err := c.room()
	b.touch(t)
	return err
}

// room returns a batch with room for one more event.
func (c *countQueue) room() (*countBatch, error) {
	if b := c.filling; len(b.order) < c.size.events && b.stretches() < c.size.stretches {
		return b, nil
	}
	c.full <- c.filling // never blocks: full has room for all batches
	c.filling = <-c.free
	err := c.filling.err
	c.filling.reset(c.size.stretches)
	return c.filling, err
}

func (b *countBatch) stretches() int {
	return len(b.rows) + len(b.runs) + len(b.ages) + len(b.uses) + len(b.tokens) + len(b.found) + len(b.distances) + len(b.numbers)
}

func (b *countBatch) lookUp(q *request, withTexts bool) {
	b.order = append(b.order, true)
	b.requests = append(b.requests, *q)
	to := &b.requests[len(b.requests)-1]
	to.id, to.session, to.salt = nil, nil, nil
	if withTexts {
		to.id, to.session, to.salt = keep(&b.texts, q.id), keep(&b.texts, q.session), keep(&b.texts, q.salt)
	}
	to.rows, to.runs = keep(&b.rows, q.rows), keep(&b.runs, q.runs)
	to.maxAges, to.uses = keep(&b.ages, q.maxAges), keep(&b.uses, q.uses)
	to.demand, to.resident, to.expired = keep(&b.tokens, q.demand), keep(&b.tokens, q.resident), keep(&b.tokens, q.expired)
	to.prefix = keep(&b.tokens, q.prefix)
	to.chunkDemand = keep(&b.tokens, q.chunkDemand)
	to.found = keep(&b.found, q.found)
	to.edges = keep(&b.numbers, q.edges)
}

func (b *countBatch) touch(t *touches) {
	b.order = append(b.order, false)
	b.touches = append(b.touches, *t)
	to := &b.touches[len(b.touches)-1]
	to.distances = keep(&b.distances, t.distances)
	to.hits, to.written, to.moved = keep(&b.numbers, t.hits), keep(&b.numbers, t.written), keep(&b.numbers, t.moved)
}

// keep copies a slice to the end of some memory.
func keep[T any](memory *[]T, s []T) []T {
	if len(s) == 0 {
		return nil
	}
	from := len(*memory)
	*memory = append(*memory, s...)
	return slices.Clip((*memory)[from:])
}

// count passes the events to the counters.
func (b *countBatch) count(s *sums) (err error) {
	q, t := b.requests, b.touches
	for _, isLookUp := range b.order {
		if isLookUp {
			err, q = s.lookUp(&q[0]), q[1:]
		} else {
			err, t = s.touch(&t[0]), t[1:]
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// reset empties the batch. It gives up memory for far more than most stretches, which a long request has taken.
func (b *countBatch) reset(most int) {
	*b = countBatch{order: b.order[:0], requests: b.requests[:0], touches: b.touches[:0],
		texts: emptied(b.texts, 64*most), rows: emptied(b.rows, most), runs: emptied(b.runs, most), ages: emptied(b.ages, most), uses: emptied(b.uses, most),
		tokens: emptied(b.tokens, most), found: emptied(b.found, most), distances: emptied(b.distances, most), numbers: emptied(b.numbers, most)}
}

// emptied returns memory for later use, unless it is for more than twice as many elements as most.
func emptied[T any](memory []T, most int) []T {
	if cap(memory) > 2*most {
		return nil
	}
	return memory[:0]
}
