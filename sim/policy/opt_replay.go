package policy

import (
	"context"
	"math"
)

// feasible returns the hits of a cache that knows the future. If chunks are of unlike worth or size, it tries two caches: one that
// drops from the request that ends last, and one that weighs how long it must hold chunks against what they are worth. The prices
// for this are returned too; otherwise they are nil.
func (o *Optimum) feasible(ctx context.Context, m measure) (hits int64, p *prices, err error) {
	if hits, err = newClairvoyant(o, m).run(ctx); err != nil {
		return 0, nil, err
	}
	c := o.classes(m)
	if c.n == 1 {
		return hits, nil, nil
	}
	p = newPrices(o, m)
	price, err := p.flat(ctx)
	if err != nil {
		return 0, nil, err
	}
	r := newClairvoyant(o, m)
	r.weigh(c, price)
	weighed, err := r.run(ctx)
	return max(hits, weighed), p, err
}

// clairvoyant is a cache that knows the future. It holds intervals. Those that end at one request are always the ones that have
// started of the places before some place, its hit prefix: what lies behind is worthless there.
type clairvoyant struct {
	*sweep
	price   float64   // of a unit of room between two requests
	density []float64 // by request: worth per size of its intervals
	hits    []uint32  // by request: the hit prefix it can still have
	dropped []uint32  // by request: how many of the groups that end there lie behind it, counted from the last
}

// newClairvoyant returns a cache that drops from the request that ends last.
func newClairvoyant(o *Optimum, m measure) *clairvoyant {
	r := &clairvoyant{sweep: newSweep(o, m), hits: make([]uint32, o.requests), dropped: make([]uint32, o.requests)}
	copy(r.hits, o.valued)
	return r
}

// weigh makes the cache drop from the request that gains least, at a price of room.
func (r *clairvoyant) weigh(c *classes, price float64) {
	r.price, r.density, r.class = price, c.density, c.class
	for len(r.queues) < c.n {
		r.queues = append(r.queues, newHighest(r.requests))
	}
}

// run returns the hits.
func (r *clairvoyant) run(ctx context.Context) (sum int64, err error) {
	r.refuse()
	for i := range r.requests {
		if i%1024 == 0 && ctx.Err() != nil {
			return 0, ctx.Err()
		}
		r.leave(i)
		sum += r.trace.requests[i].worth(int(r.hits[i]))
		for _, g := range r.groups[r.starts[i]:r.starts[i+1]] {
			if n := r.left(&g); n > 0 {
				r.hold(int(g.end), n*r.sizes[g.kind])
			}
		}
		for r.used > r.room {
			r.shorten(r.victim(i), r.starts[i+1])
		}
	}
	return sum, nil
}

// refuse ends hit prefixes before chunks that are larger than the cache.
func (r *clairvoyant) refuse() {
	for i := range r.groups {
		if g := &r.groups[i]; r.sizes[g.kind] == 0 {
			r.hits[g.end] = min(r.hits[g.end], g.place)
		}
	}
}

// left returns how many intervals of a group lie within the hit prefix; none if it is not above 0.
func (r *clairvoyant) left(g *group) int64 {
	return min(int64(g.n), int64(r.hits[g.end])-int64(g.place))
}

// victim returns the request from which to drop: that with the lowest worth per size, less what the room costs until then. In a
// class, where these are about the same, it is the last.
func (r *clairvoyant) victim(now int) (victim int) {
	if len(r.queues) == 1 {
		return r.queues[0].max()
	}
	least := math.Inf(1)
	for _, q := range r.queues {
		if q.empty() {
			continue
		}
		end := q.max()
		if gain := r.density[end] - float64(r.price*float64(end-now)); gain < least {
			victim, least = end, gain
		}
	}
	return victim
}

// shorten drops intervals that end at a request, the deepest first, until the others fit or none is left. The groups with
// indices below started have started. The others need no dropping; they are refused later if they lie behind one that is dropped.
func (r *clairvoyant) shorten(end int, started uint32) {
	for r.used > r.room && r.held[end] > 0 {
		at := r.ended[r.ends[end+1]-1-r.dropped[end]]
		g := &r.groups[at]
		n := r.left(g)
		if at >= started || n <= 0 {
			r.dropped[end]++
			continue
		}
		size := r.sizes[g.kind]
		drop := min(n, (r.used-r.room+size-1)/size)
		r.hits[end] = g.place + uint32(n-drop)
		r.drop(end, drop*size)
	}
}

// classes put requests whose intervals have about the same worth per size together.
type classes struct {
	n       int
	class   []uint8   // by request
	density []float64 // by request
}

// mostClasses covers densities up to 4,000 times the lowest; the last class has all above.
const mostClasses = 24

func (o *Optimum) classes(m measure) *classes {
	c := &classes{1, make([]uint8, o.requests), make([]float64, o.requests)}
	lowest := math.Inf(1)
	for i := range o.requests {
		size := int64(0)
		for _, at := range o.ended[o.ends[i]:o.ends[i+1]] {
			size += int64(o.groups[at].n) * m.sizes[o.groups[at].kind]
		}
		if size > 0 {
			c.density[i] = float64(o.trace.requests[i].worth(int(o.valued[i]))) / float64(size)
			lowest = min(lowest, c.density[i])
		}
	}
	for i, density := range c.density {
		for limit := lowest * math.Sqrt2; density >= limit && c.class[i] < mostClasses-1; limit *= math.Sqrt2 {
			c.class[i]++
		}
		c.n = max(c.n, int(c.class[i])+1)
	}
	return c
}
