package analyze

import (
	"context"
	"math"

	"hashlog/analyze/units"
	"hashlog/log"
	"hashlog/sim"
)

// replay drives one pass: it takes requests in order of time, looks them up in the stack, lets their touches take effect, and
// hands both to what counts them.
type replay struct {
	opts     *Options
	followed *followed       // nil unless the cache evicts in batches
	inBytes  *units.Capacity // one that is asked for in bytes, nil if there is none
	stack    *sim.Stack
	caches   *caches // nil unless the cache evicts in batches
	sums     *sums
	request  request // at hand

	now     float64          // the latest timestamp so far, in seconds: it never goes back
	waiting []waitingTouches // in order

	warmupRequests int64
	warmupUntil    float64 // in seconds since the Unix epoch
	requests       int64   // so far
	counting       bool    // the warm-up is over
	before         []int64 // resident chunks before the first touches that count, by listed capacity
}

func newReplay(opts *Options, followed *followed) *replay {
	r := &replay{opts: opts, followed: followed, inBytes: opts.inBytes(followed.listed()), stack: sim.NewStack(opts.TouchOrder),
		now: math.Inf(-1), warmupUntil: math.Inf(-1)}
	if opts.Cache.TTL > 0 {
		r.stack.SetTTL(opts.Cache.TTL.Seconds())
	}
	if opts.Cache.Watermark != nil {
		r.caches = newCaches(append(opts.listed(), followed.listed()...), opts.Cache)
	}
	r.sums = newSums(opts, r.caches, followed.rollingLines(opts))
	return r
}

// passed is what a pass over the logs has met beside the requests.
type passed struct {
	files *log.Files
	sieve *Sieve
	stats log.Stats
	held  int64 // bytes that the reader held at once
}

// all replays the logs.
func (r *replay) all(ctx context.Context, files *log.Files, what string) (*passed, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader, err := openLogs(ctx, files, r.opts, what)
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	n := newNumbering(reader, r.opts)
	go n.run()
	if err := r.each(n); err != nil {
		cancel() // the numbering may wait for a stream
		n.stop()
		return nil, err
	}
	n.stop()
	if err := r.touchWaiting(); err != nil {
		return nil, err
	}
	return &passed{files, n.sieve, reader.Stats(), reader.Held()}, reader.Err()
}

// each replays what comes from the numbering.
func (r *replay) each(n *numbering) error {
	for b := range n.full {
		for i := range b.entries {
			if err := r.add(&b.entries[i], b.byEntry[i]); err != nil {
				return err
			}
		}
		if b.err != nil {
			return b.err
		}
		n.free <- b // has room for all
	}
	return nil
}

// add replays one record, whose chunks have been numbered.
func (r *replay) add(e *log.Entry, rows []sim.Row) error {
	r.startCounting(e.Timestamp)
	q := &r.request
	q.read(e)
	q.size, q.counted, q.model = r.opts.chunkBytes(e), r.counting, r.sums.names.find(e.ModelName)
	if err := r.replay(q, rows); err != nil {
		return q.source.at(err)
	}
	return nil
}

// replay replays one request.
func (r *replay) replay(q *request, rows []sim.Row) error {
	if err := r.reach(q.time); err != nil {
		return err
	}
	runs, touches := r.stack.LookUp(rows, q.size)
	if r.inBytes != nil && !r.stack.SizesKnown() {
		return &UnknownSizeError{Capacity: *r.inBytes, Why: r.opts.unknownSize(q)}
	}
	q.meet(runs, r.stack)
	r.requests++
	if err := r.sums.lookUp(q); err != nil {
		return err
	}
	return r.touchLater(touches)
}

// startCounting ends the warm-up if the request that comes next is the first beyond it.
func (r *replay) startCounting(timestamp float64) {
	if r.counting {
		return
	}
	if r.requests == 0 && r.opts.Warmup.Duration > 0 {
		r.warmupUntil = timestamp + r.opts.Warmup.Duration.Seconds()
	}
	r.counting = r.requests >= r.warmupRequests && timestamp >= r.warmupUntil
}

// residents returns how many chunks are resident now, by listed capacity.
func (r *replay) residents() []int64 {
	if r.caches != nil {
		return r.caches.residents(r.opts.Capacities)
	}
	out := make([]int64, len(r.opts.Capacities))
	for i, c := range r.opts.Capacities {
		switch c.Unit {
		case units.Bytes:
			out[i] = r.stack.ResidentInBytes(c.N)
		case units.Chunks:
			out[i] = r.stack.ResidentChunks(c.N)
		case units.Unlimited:
			out[i] = r.stack.StoredChunks()
		}
	}
	return out
}
