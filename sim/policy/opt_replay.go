package policy

import (
	"context"
	"math"
)

// Feasible returns hits that a cache of a capacity can have if it knows the future, in the unit of Request.Limit: those in
// counted requests. The error is that of ctx, or [ErrSizeUnknown].
//
// A call takes one pass over all groups, and 16 bytes for each request while it runs.
func (o *Optimum) Feasible(ctx context.Context, c Capacity) (int64, error) {
	if err := o.check(c); err != nil || c.N == math.MaxInt64 {
		return o.ceiling, err
	}
	m := measure{c.N, make([]int64, len(o.kinds))}
	if c.InBytes {
		m = o.inBytes(c.N)
	} else {
		for i := range m.sizes {
			m.sizes[i] = 1
		}
	}
	r := foresight{sweep: newSweep(o, m, nil), hits: make([]uint32, o.requests), dropped: make([]uint32, o.requests)}
	copy(r.hits, o.valued)
	return r.run(ctx)
}

// foresight is a cache that knows the future. It holds intervals; those that end at one request are always the ones that have
// started of the places below some place. Whatever lies behind that place is worthless there.
type foresight struct {
	*sweep
	hits    []uint32 // by request: the hit prefix it can still have
	dropped []uint32 // by request: how many of the groups that end there lie behind it, counted from the last
}

func (r *foresight) run(ctx context.Context) (sum int64, err error) {
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
			r.shorten(r.latest.max(), r.starts[i+1])
		}
	}
	return sum, nil
}

// refuse ends hit prefixes before chunks that are larger than the cache.
func (r *foresight) refuse() {
	for i := range r.groups {
		if g := &r.groups[i]; r.sizes[g.kind] == 0 {
			r.hits[g.end] = min(r.hits[g.end], g.place)
		}
	}
}

// left returns how many intervals of a group lie within the hit prefix.
func (r *foresight) left(g *group) int64 {
	return min(int64(g.n), int64(r.hits[g.end])-int64(g.place))
}

// shorten drops intervals that end at a request, the deepest first, until the others fit or none is left. The groups with
// indices below started have started. The others need no dropping, but are refused later if they lie behind one that is
// dropped.
func (r *foresight) shorten(end int, started uint32) {
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
