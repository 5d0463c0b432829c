package policy

import (
	"context"
	"errors"
	"fmt"
	"math"

	"hashlog/sim"
)

var (
	// ErrSizesUnknown says that a capacity in bytes has no meaning, because the size of a chunk is unknown.
	ErrSizesUnknown = errors.New("chunk sizes are unknown")
	// ErrTooManyWritten says that the bytes written exceed an int64.
	ErrTooManyWritten = errors.New("more than 2^63 bytes are written to a cache")
)

// cache is a cache of one capacity. It embeds a [room], where the replay sees which chunks are resident.
type cache interface {
	// grow makes room for ids below n. All ids of a request are below n before it begins.
	grow(n int)
	// begin tells the chunks that the request at hand will touch, in prefix order, and when: in seconds since the Unix epoch, never
	// before the last request. The slice is valid until end.
	begin(now float64, request []chunk)
	// hit is the touch of a resident chunk.
	hit(id uint32)
	// miss is the touch of an absent chunk. It makes room, then inserts the chunk, or refuses it.
	miss(c chunk)
	// end tells that the request at hand has touched its chunks.
	end()
}

// chunk is a chunk of a request.
type chunk struct {
	id     uint32
	before uint32 // the chunk before it in the request; none for the first
}

// none is the id of no chunk.
const none = math.MaxUint32

// chunkwise is embedded in caches for which it makes no difference where a request begins and ends.
type chunkwise struct{}

func (chunkwise) begin(float64, []chunk) {}
func (chunkwise) end()                   {}

// Replay replays the trace through an empty cache. If all chunks have one size, a capacity in bytes is that of the whole
// chunks that fit, so both units give the same figures; a cache that evicts in batches is the exception, since a part of its
// bytes triggers them. Errors are those of [Parse], [ErrSizesUnknown], [ErrTooManyWritten] and that of ctx.
func (t *Trace) Replay(ctx context.Context, spec Spec, capacity Capacity, order sim.Order) (Result, error) {
	r, err := t.newReplayer(spec, capacity, order)
	if err != nil {
		return Result{}, err
	}
	for i := range t.requests {
		if err := r.pause(ctx); err != nil {
			return Result{}, err
		}
		r.request(i)
	}
	switch {
	case t.sizes.unknown:
		r.out.Written = 0
	case r.out.Written < 0:
		return Result{}, ErrTooManyWritten
	}
	return r.out, nil
}

// newReplayer returns a replayer with an empty cache.
func (t *Trace) newReplayer(spec Spec, c Capacity, order sim.Order) (*replayer, error) {
	p, options, err := spec.resolve()
	if err != nil {
		return nil, err
	}
	if err := c.check(t); err != nil {
		return nil, fmt.Errorf("cache %s: %w", spec.Name, err)
	}
	if size, uniform := t.UniformSize(); c.InBytes && uniform && !p.ownBytes {
		c = Capacity{N: c.N / size}
	}
	cache := p.newCache(c, options, order, &t.sizes)
	cache.grow(t.sizes.n)
	return &replayer{trace: t, cache: cache}, nil
}

// replayer replays a trace through a cache.
type replayer struct {
	trace *Trace
	cache *touched
	out   Result

	chunks []chunk // that the request at hand touches, in prefix order
	rest   int     // lookups until the context is asked again
}

// pause asks the context now and then whether to go on.
func (r *replayer) pause(ctx context.Context) error {
	if r.rest > 0 {
		return nil
	}
	r.rest = 1 << 16
	return ctx.Err()
}

// request replays a request.
func (r *replayer) request(i int) {
	q := &r.trace.requests[i]
	prefix := r.cache.room.prefix(r.trace.rowsOf(i))
	r.chunks = r.trace.touchedBy(i, r.chunks[:0])
	r.rest -= 1 + len(r.chunks)
	hits := r.cache.touch(q.time, r.chunks)
	if !q.counted {
		return
	}
	did := &r.cache.room.tally
	r.out.Hit += q.worth(prefix)
	r.out.ChunkHits += hits
	r.out.Evictions += did.evictions
	r.out.Inserted += did.inserted
	r.out.Written = addWritten(r.out.Written, did.written)
}
