package analyze

import (
	"math"

	"hashlog/sim"
)

// waitingTouches are those of a lookup that are still to take effect.
type waitingTouches struct {
	due     float64 // when, in seconds since the Unix epoch
	touches sim.Touches
	counted bool // the request is
}

// reach moves the time on to a request's timestamp: touches that are due by then take effect. For a record that comes late
// time stands still.
func (r *replay) reach(timestamp float64) error {
	r.now = max(r.now, timestamp)
	if err := r.settle(r.now); err != nil {
		return err
	}
	r.advance(r.now)
	return nil
}

// settle lets touches take effect that are due.
func (r *replay) settle(now float64) error {
	n := 0
	for ; n < len(r.waiting) && r.waiting[n].due <= now; n++ {
		w := &r.waiting[n]
		r.advance(w.due)
		if err := r.touch(w.touches, w.due, w.counted); err != nil {
			return err
		}
	}
	clear(r.waiting[:n])
	r.waiting = r.waiting[n:]
	return nil
}

// touchLater lets the touches of the request at hand take effect, after the store delay if there is one.
func (r *replay) touchLater(t sim.Touches) error {
	delay := r.opts.Cache.StoreDelay
	if delay == 0 {
		return r.touch(t, r.now, r.counting)
	}
	r.waiting = append(r.waiting, waitingTouches{r.now + delay.Seconds(), t.Clone(), r.counting})
	return nil
}

// touchWaiting lets all touches take effect that are still waiting at the end.
func (r *replay) touchWaiting() error { return r.settle(math.Inf(1)) }

// advance tells all that depend on time what time it is.
func (r *replay) advance(now float64) {
	r.stack.Advance(now)
	if r.caches != nil {
		r.caches.expire(r.stack)
	}
}

// touch lets the touches of a request take effect.
func (r *replay) touch(t sim.Touches, now float64, counted bool) error {
	if counted && r.before == nil {
		r.before = r.residents()
	}
	out := touches{time: now, counted: counted, sizes: sizesOf(r.stack)}
	out.distances, out.disagrees = r.stack.Touch(t)
	if r.caches != nil {
		out.hits = r.caches.touch(r.stack, out.distances, now)
	}
	return r.sums.touch(&out)
}
