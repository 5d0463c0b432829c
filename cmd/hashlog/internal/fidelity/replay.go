package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"hashlog/sim"
)

// server is a cache that runs for one replay.
type server interface {
	// prefix looks chunks up without touching them, and returns how many leading ones are there.
	prefix(chunks []uint32) (int, error)
	// touch reads the chunks, one after another, and stores those that are not there. The request is at a time of the log, in
	// seconds since the Unix epoch.
	touch(chunks []uint32, at float64) error
	// held returns how many chunks are there.
	held() (holding, error)
	stop()
}

// holding is what a server holds, and what became of other chunks so far.
type holding struct{ chunks, evicted, refused int64 }

// outcome is what a server did with a log.
type outcome struct {
	hit, total int64   // tokens
	held       float64 // chunks there, on average once the first was evicted
	evicted    int64
	late       int       // requests more than a second behind their time
	refused    int64     // chunks that the server would not store
	times      []float64 // when the requests were sent, in seconds since the Unix epoch
}

// rate returns the token hit rate.
func (o outcome) rate() float64 { return float64(o.hit) / float64(o.total) }

// looks is about how often a replay looks at how much a server holds.
const looks = 256

// replay sends a log to a server, each request at its time.
func replay(ctx context.Context, s server, w *workload, order sim.Order, c clock) (outcome, error) {
	r := replayer{server: s, order: order, clock: c}
	every := max(1, len(w.requests)/looks)
	for i := range w.requests {
		err := r.request(ctx, &w.requests[i])
		if err == nil && (i%every == 0 || i == len(w.requests)-1) {
			err = r.look()
		}
		if err != nil {
			return r.out, fmt.Errorf("request %d: %w", i+1, err)
		}
	}
	return r.out, nil
}

// replayer replays a log on a server.
type replayer struct {
	server server
	order  sim.Order
	clock  clock
	out    outcome

	held, times int64 // the sum of what was held in so many looks
}

// request sends a request at its time.
func (r *replayer) request(ctx context.Context, q *request) error {
	late, err := wait(ctx, r.clock.at(q.time))
	if err != nil {
		return err
	}
	if late > time.Second {
		r.out.late++
	}
	k, err := r.server.prefix(q.chunks)
	if err != nil {
		return err
	}
	r.out.hit += q.worth(k)
	r.out.total += q.tokens
	r.out.times = append(r.out.times, unixNow())
	return r.server.touch(ordered(q.chunks, r.order), q.time)
}

// look sees how much the server holds.
func (r *replayer) look() error {
	now, err := r.server.held()
	if err != nil {
		return err
	}
	r.out.held, r.out.evicted, r.out.refused = float64(now.chunks), now.evicted, now.refused
	if now.evicted > 0 {
		r.held, r.times = r.held+now.chunks, r.times+1
		r.out.held = float64(r.held) / float64(r.times)
	}
	return nil
}

// wait waits for a time, in seconds since the Unix epoch, and returns by how much it is past.
func wait(ctx context.Context, until float64) (late time.Duration, err error) {
	left := time.Duration((until - unixNow()) * float64(time.Second))
	if left <= 0 {
		return -left, ctx.Err()
	}
	select {
	case <-ctx.Done():
		return 0, ctx.Err()
	case <-time.After(left):
		return 0, nil
	}
}

// unixNow returns the seconds since the Unix epoch.
func unixNow() float64 { return float64(time.Now().UnixNano()) / 1e9 }

// ordered returns chunks in touch order.
func ordered(chunks []uint32, order sim.Order) []uint32 {
	if order == sim.TailFirst {
		chunks = slices.Clone(chunks)
		slices.Reverse(chunks)
	}
	return chunks
}
