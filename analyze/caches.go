package analyze

import (
	"fmt"

	"hashlog/analyze/units"
	"hashlog/sim"
	"hashlog/sim/policy"
)

// cache is a cache of one capacity that is simulated request by request, because the stack cannot tell what it holds. To add
// a kind, write it in a file of its own and make it in newCaches.
type cache interface {
	// lookUp returns what the cache has of a counted request, before the request's touches.
	lookUp(q *request) found
	// touch applies the touches of a request, already applied to the stack. It returns how many hit, and the bytes that the others
	// write.
	touch(t *touches) (hits, written int64)
	// expire removes the chunks that have expired in the stack. It is called only if chunks expire.
	expire()
	// resident returns the number of chunks in the cache.
	resident() int64
}

// caches are the simulated caches, one for each capacity in question.
type caches struct {
	list     []cache
	policies []*policyCache         // the same, if they have a policy of their own
	grid     Grid                   // of the report's table; its capacities are in index
	index    map[units.Capacity]int // in list
	found    []found                // for the request at hand, by cache
	// by cache, of the touches at hand
	hits, written []int64
	ages          bool          // whether chunks expire
	log           policy.Chunks // of policies; none if there are none
}

// newCaches returns an empty cache for each capacity. s is the stack of their node, which touches in an order.
func newCaches(capacities []units.Capacity, opts Cache, s *sim.Stack, order sim.Order) *caches {
	cs := &caches{index: make(map[units.Capacity]int), ages: opts.TTL > 0}
	var distinct []units.Capacity
	for _, c := range capacities {
		if _, ok := cs.index[c]; !ok {
			cs.index[c] = len(distinct)
			distinct = append(distinct, c)
		}
	}
	if opts.Policy != nil {
		for _, c := range distinct {
			made := newPolicyCache(c, *opts.Policy, order, &cs.log)
			cs.list, cs.policies = append(cs.list, made), append(cs.policies, made)
		}
	} else {
		made := newWatermarkCaches(distinct, *opts.Watermark, cs.ages, s)
		for i := range made {
			cs.list = append(cs.list, &made[i])
		}
	}
	cs.found, cs.hits, cs.written = make([]found, len(cs.list)), make([]int64, len(cs.list)), make([]int64, len(cs.list))
	return cs
}

// capacities returns the capacities of the caches, in the order of the list.
func (cs *caches) capacities() []units.Capacity {
	out := make([]units.Capacity, len(cs.list))
	for c, i := range cs.index {
		out[i] = c
	}
	return out
}

// ofPolicy returns the cache of a capacity, which has a policy of its own.
func (cs *caches) ofPolicy(c units.Capacity) *policyCache { return cs.policies[cs.index[c]] }

// have returns a [*NotHeldError] if a report asks for a capacity without a cache, and [ErrStateNeedsCapacities] if it asks for a grid and
// there is none.
func (cs *caches) have(asked *Options) error {
	if cs == nil {
		return nil
	}
	for _, c := range asked.listed() {
		if _, ok := cs.index[c]; !ok {
			return &NotHeldError{c, cs.capacities()}
		}
	}
	if asked.Grid != nil && len(cs.grid.Capacities) == 0 {
		return ErrStateNeedsCapacities
	}
	return nil
}

// NotHeldError says that a state has no cache of a capacity.
type NotHeldError struct {
	Capacity units.Capacity
	Held     []units.Capacity // the capacities at which it has caches
}

func (e *NotHeldError) Error() string {
	return fmt.Sprintf("capacity %s: caches that evict in batches were replayed at %s alone", e.Capacity, capacityList(e.Held))
}

// learn makes chunks known before they are looked up: all up to a number, of which those that are new have a size.
func (cs *caches) learn(upTo int, size int64) {
	if cs.policies != nil {
		cs.log.Learn(upTo, size)
	}
}

// lookUp returns what each cache has of a counted request. The result is valid until the next call.
func (cs *caches) lookUp(q *request) []found {
	for i, c := range cs.list {
		cs.found[i] = c.lookUp(q)
	}
	return cs.found
}

// touch applies the touches of a request. It returns how many hit in each cache, and the bytes that the others write, both
// valid until the next call.
func (cs *caches) touch(t *touches) (hits, written []int64) {
	for i, c := range cs.list {
		cs.hits[i], cs.written[i] = c.touch(t)
	}
	return cs.hits, cs.written
}

// expire removes from all caches the chunks that have expired in the stack.
func (cs *caches) expire() {
	if !cs.ages {
		return
	}
	for _, c := range cs.list {
		c.expire()
	}
}

// residents returns how many chunks are resident now, by capacity.
func (cs *caches) residents(capacities []units.Capacity) []int64 {
	out := make([]int64, len(capacities))
	for i, c := range capacities {
		out[i] = cs.list[cs.index[c]].resident()
	}
	return out
}
