package analyze

import (
	"slices"

	"hashlog/sim"
)

// waitingTouches are the touches that have yet to take effect, in order.
type waitingTouches struct{ list []pendingTouches }

// pendingTouches are the touches of one lookup.
type pendingTouches struct {
	due     float64 // when they take effect, in seconds since the Unix epoch
	node    int
	touches sim.Touches // on the node
	global  []sim.Row   // the rows of the request, numbered for all nodes alike; nil unless the router is cache-aware
	shared  sim.Touches // in the pool behind the nodes, if there is one
	counted bool        // whether the request is counted
	// deferred leaves the first touches of chunks to be counted later.
	deferred bool
	// earlier says that the request was counted before those that the replay's sums are about.
	earlier bool
}

// clone returns touches that can wait for further lookups.
func (p pendingTouches) clone() pendingTouches {
	p.touches, p.shared, p.global = p.touches.Clone(), p.shared.Clone(), slices.Clone(p.global)
	return p
}

// push adds touches that are due no sooner than those before.
func (w *waitingTouches) push(p pendingTouches) { w.list = append(w.list, p) }

// pop removes the touches that are due first, if they are due by now.
func (w *waitingTouches) pop(now float64) (p pendingTouches, ok bool) {
	if len(w.list) == 0 || w.list[0].due > now {
		return pendingTouches{}, false
	}
	p, w.list[0] = w.list[0], pendingTouches{}
	w.list = w.list[1:]
	return p, true
}
