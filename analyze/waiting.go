package analyze

import (
	"math"

	"hashlog/sim"
)

// waiting is a lookup whose touches are still to take effect.
type waiting struct {
	due     float64 // when, in seconds
	touches sim.Touches
	counts  bool // the request is one of the counted part
}

// reach moves the time on to a request's timestamp, at which all touches that are due have taken effect. For a record
// that comes late time stands still.
func (r *replay) reach(timestamp float64) {
	r.now = max(r.now, timestamp)
	r.settle(r.now)
	r.advance(r.now)
}

// settle lets touches take effect that are due.
func (r *replay) settle(now float64) {
	n := 0
	for ; n < len(r.waiting) && r.waiting[n].due <= now; n++ {
		w := &r.waiting[n]
		r.advance(w.due)
		r.touch(w.touches, w.due, w.counts)
	}
	clear(r.waiting[:n])
	r.waiting = r.waiting[n:]
}

// touchLater lets the touches of the request at hand take effect, after the store delay if there is one.
func (r *replay) touchLater(touches sim.Touches) {
	delay := r.opts.Cache.StoreDelay
	if delay == 0 {
		r.touch(touches, r.now, r.counting)
		return
	}
	r.waiting = append(r.waiting, waiting{r.now + delay.Seconds(), touches.Clone(), r.counting})
}

// touchWaiting lets all touches take effect that are still waiting at the end.
func (r *replay) touchWaiting() { r.settle(math.Inf(1)) }

// advance tells everything that depends on time what time it is.
func (r *replay) advance(now float64) {
	r.stack.Advance(now)
	if r.batched != nil && r.opts.Cache.TTL > 0 {
		r.batched.expire(r.stack)
	}
}

// touch lets the touches of a request take effect.
func (r *replay) touch(touches sim.Touches, now float64, counts bool) {
	if counts && r.before == nil {
		r.before = r.residents()
	}
	distances, disagrees := r.stack.Touch(touches)
	if disagrees {
		r.input.sizeDisagrees++
	}
	if counts {
		r.tally.addDistances(distances)
		if r.tiers != nil {
			r.tiers.touch(now, distances)
		}
	}
	if r.batched != nil {
		r.batched.touch(r.stack, distances, now, counts)
	}
}
