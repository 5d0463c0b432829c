package analyze

import (
	"slices"
	"time"

	"hashlog/analyze/units"
)

// ttlTally counts the tokens that hit by TTL, at some capacities. The tokens of a request hit at a capacity as far as their demand
// allows; of these, the chunks up to one hit at the TTLs from the largest age so far on.
type ttlTally struct {
	ttls    []time.Duration // rising
	seconds []float64       // the same
	set     *capacitySet
	hits    []partHits // by the shortest TTL at which the tokens hit, as an index in ttls; len(ttls) is none

	demand []row // of the request at hand, what has yet to be counted
}

func newTTLTally(opts *Options) *ttlTally {
	y := &ttlTally{ttls: opts.TTLs.ttls(opts.summary), set: newCapacitySet(opts.TTLs.capacities(opts.largest()))}
	if opts.summary {
		y.set = opts.rungs()
	}
	for _, ttl := range y.ttls {
		y.seconds = append(y.seconds, ttl.Seconds())
	}
	y.hits = make([]partHits, len(y.ttls)+1)
	return y
}

func (y *ttlTally) lookUp(q *request) error {
	if !q.counted {
		return nil
	}
	y.demand = append(y.demand[:0], q.demand...)
	rest := y.demand
	chunks, counted := 0, int64(0)
	for _, m := range q.maxAges {
		chunks += m.N
		ttl, _ := slices.BinarySearch(y.seconds, m.Seconds)
		upTo := q.hit(chunks)
		for len(rest) > 0 && counted < upTo {
			first := rest[0].cut(upTo - counted)
			y.set.addRows(&y.hits[ttl], []row{first}, q.sizes)
			if counted += first.n * first.tokens; rest[0].n == 0 {
				rest = rest[1:]
			}
		}
	}
	return nil
}

// cut cuts off the first chunks of a row, which have so many tokens, or all if it has no more.
func (r *row) cut(tokens int64) (first row) {
	first = *r
	switch {
	case r.n*r.tokens <= tokens:
		r.n = 0
	case r.n == 1: // several chunks with one need
		first.tokens = tokens
		r.tokens -= tokens
	default:
		first.n = tokens / r.tokens
		r.need, r.n = r.needAt(first.n), r.n-first.n
	}
	return first
}

func (y *ttlTally) touch(*touches) error { return nil }

func (y *ttlTally) merge(later counter) error {
	from := later.(*ttlTally)
	for i := range y.hits {
		y.hits[i].merge(&from.hits[i])
	}
	return nil
}

// report sets the results by TTL and their curve. The span of the log is already in the report.
func (y *ttlTally) report(rep *Report, end *ending) {
	asked := end.opts.TTLs
	if asked == nil {
		return
	}
	c := &TTLCurve{Capacities: asked.capacities(end.opts.largest()), TotalTokens: end.curve.totals.tokens}
	var at []units.Capacity // as they are counted
	for _, capacity := range c.Capacities {
		bytes, chunks := end.curve.listed(capacity)
		c.Sizes = append(c.Sizes, Size{bytes, chunks})
		counted, _ := y.set.counted(capacity, end.curve.ChunkBytes)
		at = append(at, counted)
	}
	sums := make([]int64, len(c.Capacities))
	span, beyond := rep.Input.LastTimestamp-rep.Input.FirstTimestamp, false
	for i, ttl := range y.ttls {
		y.add(sums, i, at)
		listed := slices.Contains(asked.TTLs, ttl)
		if listed || asked.Grid && !beyond {
			c.TTLs = append(c.TTLs, ttl)
			c.HitTokens = append(c.HitTokens, slices.Clone(sums))
		}
		beyond = beyond || !listed && y.seconds[i] >= span
	}
	y.add(sums, len(y.ttls), at)
	c.Forever = sums
	rep.TTLCurve = c
	rep.TTLs = c.results(asked.TTLs)
}

// add adds the tokens that hit from a TTL on, by capacity.
func (y *ttlTally) add(sums []int64, ttl int, capacities []units.Capacity) {
	for j, c := range capacities {
		sums[j] += y.set.tokens(&y.hits[ttl], c)
	}
}
