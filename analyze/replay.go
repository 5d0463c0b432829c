package analyze

import (
	"cmp"
	"context"
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// replay performs one pass: it takes requests in time order, looks each up in the stack of its node, applies its touches
// (replay_touches.go), and passes both to the counters.
type replay struct {
	opts      *Options
	followed  *followed       // nil unless caches are simulated
	inBytes   *units.Capacity // some capacity given in bytes; nil if there is none
	index     *sim.Index      // numbers the chunks for all nodes alike; nil before the first pass and if several replays share one
	nodes     []*node
	dealer    *dealer     // nil if one node gets all requests
	aware     *aware      // deals the requests; nil unless the router is cache-aware
	shared    *sharedTier // behind the nodes; nil if there is none
	elsewhere *elsewhere  // nil unless it is asked for
	deferred  *deferred   // nil unless something may have come before the first request
	beside    *beside     // what is left of the nodes of several replays; nil of one
	inFleet   []sim.Row   // the chunks of the request at hand by their ids in the fleet; nil without a dealer
	numbered  []sim.Row   // the same by their ids on its node
	node      *node       // of the request or the touches at hand
	caches    *caches     // of the first node, made like those of all others; nil unless caches are simulated
	sizes     sizes       // of all chunks so far, on all nodes
	turns     *turns      // nil unless they are needed
	uses      *lastUses   // nil unless they are needed
	recording *recording  // nil unless caches are compared
	bound     *bound      // nil unless there is a largest capacity
	regroup   *regroup    // nil unless several chunks are replayed as one
	granular  []granular  // by Options.Granularities
	units     []*unitCounter
	others    []*replay // beside this one, of other chunks
	sums      *sums
	earlier   *earlier    // nil unless sums are about the last requests alone
	behind    *log.Behind // where the logs were read before; nil if they are read from the beginning
	queueSize queueSize   // zero: there is no queue
	queue     *countQueue // to sums; nil while it is empty
	rows      *rowMaker   // nil unless rows are asked for
	hits      *hitsMaker  // nil unless hits are asked for
	request   request     // at hand
	touches   touches     // at hand

	now     float64 // the latest timestamp so far, in seconds since the Unix epoch; never goes back
	told    float64 // the time of the latest lookup or touch; later than now for touches after the last request
	waiting waitingTouches

	warmupRequests int64
	warmupUntil    float64    // in seconds since the Unix epoch
	requests       int64      // so far
	counting       bool       // whether the warm-up is over
	known          int64      // chunks before the request at hand, looked up and perhaps touched; set only if deferred is
	before         *residency // before the first counted touches
	reported       bool       // whether a report uses sums, so that the next request needs a copy
}

// newReplay returns a replay that nothing has gone through. followed is nil unless caches are simulated.
func newReplay(opts *Options, followed *followed) *replay { return newReplayOn(1, opts, followed) }

// newReplayOn is newReplay for a number of nodes.
func newReplayOn(nodes int, opts *Options, followed *followed) *replay {
	r := &replay{opts: opts, followed: followed, inBytes: opts.inBytes(followed.listed()), sizes: sizes{known: true},
		now: math.Inf(-1), told: math.Inf(-1), warmupUntil: math.Inf(-1)}
	for range nodes {
		r.nodes = append(r.nodes, newNode(opts, followed))
	}
	r.node = r.nodes[0]
	r.caches = r.node.caches
	if opts.needTurns() {
		r.turns = newTurns()
	}
	if opts.needUses() {
		r.uses = &lastUses{}
	}
	r.sums = newSums(opts, r.caches, followed.rollingLines(opts))
	if opts.needQueue() {
		r.queueSize = defaultQueue
	}
	r.rows, r.hits = newRowMaker(opts), newHitsMaker(opts)
	r.bound, r.regroup = newBound(opts), newRegroup(opts)
	r.addGranularities()
	return r
}

// all replays the logs.
func (r *replay) all(ctx context.Context, files *log.Files, what string) (*passed, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, err := openLogsBehind(ctx, files, r.opts, r.behind, what)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	records := &reading{reader: reader, sieve: NewSieve(r.opts.Filter)}
	if r.index == nil {
		r.index = sim.NewIndex()
	}
	inFlight := batches
	if len(r.others) > 0 {
		inFlight = sharedBatches
	}
	n := newNumbering(records, r.opts, r.index, inFlight)
	n.keepKeys = r.dealer != nil
	if err := n.replayOn(r.sideBySide(), cancel); err != nil {
		return nil, err
	}
	return newPassed(files, records), reader.Err()
}

// sideBySide returns the replay and those beside it.
func (r *replay) sideBySide() []*replay { return append([]*replay{r}, r.others...) }

// from replays all batches of a source. It calls abort on an error, since the reader may be waiting for a stream.
func (r *replay) from(s batchSource, abort func()) error {
	err := r.each(s)
	if err == nil && !r.opts.summary { // a summary may go on
		err = r.touchRest()
	}
	err = cmp.Or(r.counted(), err) // the counters are behind, so their error is that of an earlier request
	if err != nil {
		abort()
	}
	return err
}

// each replays the batches of a source.
func (r *replay) each(s batchSource) error {
	for b := s.next(); b != nil; b = s.next() {
		for i := range b.entries {
			if err := r.addOf(b, i); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
		if b.kept != nil {
			b.kept <- r.forget()
		}
		s.giveBack(b)
	}
	return nil
}

// addOf replays a record of a batch.
func (r *replay) addOf(b *requests, i int) error {
	e, q := &b.entries[i], &b.numbered[i]
	switch {
	case r.regroup != nil:
		return r.add(r.regroup.take(e, q.Rows))
	case r.dealer == nil:
		return r.add(e, q.Rows)
	}
	node, err := r.deal(e, q)
	if err != nil {
		return err
	}
	r.inFleet = q.Rows
	r.numbered = r.nodes[node].ids.number(q.Rows, r.numbered[:0])
	return r.addOn(node, e, r.numbered)
}

// deal returns the node of a record, whose chunks are numbered for the fleet.
func (r *replay) deal(e *log.Entry, q *sim.Request) (node int, err error) {
	if err := r.reach(e.Timestamp); err != nil {
		return 0, err
	}
	if r.aware == nil {
		return r.dealer.node(e, q.Keys, r.now)
	}
	return r.aware.node(e, q.Keys, q.Rows, r.opts.chunkBytes(e), r.now), nil
}

// add replays one record on the first node.
func (r *replay) add(e *log.Entry, rows []sim.Row) error { return r.addOn(0, e, rows) }

// addOn replays one record on a node, given its chunks by their ids there.
func (r *replay) addOn(node int, e *log.Entry, rows []sim.Row) error {
	if err := r.leaveReport(); err != nil {
		return err
	}
	r.startCounting(e.Timestamp)
	q := &r.request
	q.read(e)
	q.unit = r.opts.MatchUnit.in(q.tokens.chunkSize)
	q.size, q.counted, q.node = r.opts.chunkBytes(e), r.counting, node
	return r.replay(q, rows)
}

// replay replays one request.
func (r *replay) replay(q *request, rows []sim.Row) error {
	if err := r.reach(q.time); err != nil {
		return err
	}
	n := r.at(q.node, r.now)
	if r.deferred != nil {
		r.known = n.stack.UniqueChunks()
		r.deferred.reached(r.opts.MaxCapacity, n.stack)
	}
	runs, touches := n.stack.LookUp(rows, q.size)
	r.sizes = r.sizes.and(sizesOf(n.stack))
	if r.inBytes != nil && !r.sizes.known {
		return q.source.at(&UnknownSizeError{Capacity: *r.inBytes, Why: r.opts.unknownSize(q)})
	}
	if r.bound != nil {
		if err := r.bound.follow(r.sizes); err != nil {
			return q.source.at(err)
		}
	}
	if r.deferred != nil && r.deferred.take(runs) {
		return r.putOff(q, rows, runs, touches)
	}
	if n.tiers != nil {
		q.edges = n.tiers.Edges(n.stack)
	}
	if r.bound != nil {
		runs = r.bound.cut(runs)
	}
	if r.shared != nil {
		var err error
		if runs, err = r.shared.lookUp(q, r.inFleet, runs, r.sizes, r.now); err != nil {
			return err
		}
	}
	q.meet(rows, runs, r.sizes)
	if r.aware != nil {
		r.aware.put(q, r.shared != nil)
	}
	if r.opts.TTLs != nil {
		q.maxAges = n.stack.MaxAges()
	}
	if r.recording != nil {
		r.recording.add(q, rows, r.now)
	}
	if r.turns != nil {
		q.turn = r.turns.next(r.alike(rows))
	}
	if q.counted && r.opts.needChunkDemand() {
		q.meetChunks(runs)
	}
	if r.uses != nil {
		q.uses = r.uses.next(rows, r.now)
	}
	if n.caches != nil {
		n.caches.learn(int(n.stack.UniqueChunks()), q.size)
	}
	if n.caches != nil && q.counted {
		q.found = n.caches.lookUp(q)
	}
	if r.elsewhere != nil && q.counted {
		r.elsewhere.count(r, q, r.inFleet)
	}
	r.requests++
	if err := r.counters().lookUp(q); err != nil {
		return err
	}
	for _, u := range r.units {
		if err := u.lookUp(q); err != nil {
			return err
		}
	}
	if r.earlier != nil {
		if err := r.earlier.sums.countInput(q); err != nil {
			return err
		}
	}
	if err := cmp.Or(r.rows.lookUp(q), r.hits.lookUp(q, n.caches)); err != nil {
		return q.source.at(err)
	}
	return r.touchLater(touches)
}

// alike returns the chunks of the request at hand as they are numbered for all nodes alike, since a conversation may go on on another
// node. rows are those on its node.
func (r *replay) alike(rows []sim.Row) []sim.Row {
	if r.dealer == nil {
		return rows
	}
	return r.inFleet
}

// startCounting ends the warm-up if the next request, at the given timestamp, is the first one after it.
func (r *replay) startCounting(timestamp float64) {
	if r.counting {
		return
	}
	switch w := r.opts.Warmup; {
	case w.State && r.earlier == nil:
		return
	case w.Until != nil:
		r.warmupUntil = *w.Until
	case r.requests == 0 && w.Duration > 0:
		r.warmupUntil = timestamp + w.Duration.Seconds()
	}
	r.counting = r.requests >= r.warmupRequests && timestamp >= r.warmupUntil
}

// counters returns what takes requests and touches: the sums, or the queue to them.
func (r *replay) counters() interface {
	lookUp(*request) error
	touch(*touches) error
} {
	if r.queueSize == (queueSize{}) {
		return r.sums
	}
	if r.queue == nil {
		r.queue = newCountQueue(r.sums, r.queueSize)
	}
	return r.queue
}

// counted waits until sums hold everything so far. It ends the queue, whose next request makes a new one.
func (r *replay) counted() (err error) {
	if r.queue != nil {
		err, r.queue = r.queue.finish(), nil
	}
	return err
}

// leaveReport leaves the sums to the report that reads from them, if there is one, and continues with a copy.
func (r *replay) leaveReport() (err error) {
	if r.reported {
		r.sums, err = mergeSums(r.sums)
		r.reported = false
	}
	return err
}
