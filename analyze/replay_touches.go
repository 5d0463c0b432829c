package analyze

import (
	"math"

	"hashlog/sim"
)

// reach moves the time on to a request's timestamp and applies the touches due by then. For a late record, time stands still.
func (r *replay) reach(timestamp float64) error {
	r.now = max(r.now, timestamp)
	return r.settle(r.now)
}

// settle applies the touches that are due by now.
func (r *replay) settle(now float64) error {
	for {
		p, ok := r.waiting.pop(now)
		if !ok {
			return nil
		}
		r.at(p.node, p.due)
		if err := r.touch(&p); err != nil {
			return err
		}
	}
}

// at moves the time on, and returns a node, which is then the one at hand.
func (r *replay) at(node int, now float64) *node {
	r.told, r.node = now, r.nodes[node]
	r.node.advance(now)
	return r.node
}

// touchLater applies the touches of the request at hand, after the store delay if there is one.
func (r *replay) touchLater(t sim.Touches) error {
	delay := r.opts.Cache.StoreDelay
	p := pendingTouches{due: r.now + delay.Seconds(), node: r.request.node, touches: t, counted: r.counting}
	if r.shared != nil {
		p.shared = r.shared.touches
	}
	if r.aware != nil {
		p.global = r.aware.rows
	}
	if delay == 0 {
		return r.touch(&p)
	}
	r.waiting.push(p.clone())
	return nil
}

// touch applies the touches of a request on its node, which is at hand.
func (r *replay) touch(p *pendingTouches) error {
	r.noteResidents(p)
	out := &r.touches // on the heap once, not once a request
	*out = touches{time: p.due, source: r.request.source, counted: p.counted, rows: p.touches.Rows(), chunks: p.touches.Len(), sizes: r.sizes}
	out.distances, out.disagrees = r.node.stack.Touch(p.touches)
	if p.deferred {
		out.leaveFirst()
	}
	if r.node.caches != nil {
		out.hits, out.written = r.node.caches.touch(out)
	}
	if r.node.tiers != nil {
		out.moved = r.node.tiers.Touch(r.node.stack, p.touches, out.distances)
	}
	if r.bound != nil { // not before: a cache that evicts in batches holds more while it is touched
		r.bound.cutTouches(out.distances)
	}
	if r.shared != nil {
		if err := r.shared.touch(p); err != nil {
			return out.source.at(err)
		}
	}
	if r.aware != nil {
		r.aware.touch(p.node, p.global, out)
	}
	for _, u := range r.units {
		if err := u.sums.touch(out); err != nil {
			return err
		}
	}
	return r.countTouches(p, out)
}

// touchRest applies the touches that are due after the last request.
func (r *replay) touchRest() error {
	r.request.source = source{}
	return r.settle(math.Inf(1))
}
