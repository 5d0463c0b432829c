package analyze

import (
	"slices"
	"time"

	"hashlog/analyze/units"
)

// ttlTally counts, for each of some capacities, the tokens that hit by TTL. The tokens of a request hit at a capacity as
// far as their demand allows; of these, the chunks up to one hit at the TTLs from the largest age so far on.
type ttlTally struct {
	opts       *TTLOptions
	ttls       []time.Duration // rising
	seconds    []float64       // the same
	capacities []units.Capacity
	// hits is by capacity, then by the shortest TTL at which the tokens hit, as an index in ttls; len(ttls) is none.
	hits [][]int64

	levels []ttlLevel // of the request at hand
}

// ttlLevel is a stretch of chunks that hit from one TTL on.
type ttlLevel struct {
	ttl    int   // index in ttls
	tokens int64 // of the request up to the end of the stretch
}

func newTTLTally(opts *TTLOptions, largest units.Capacity) *ttlTally {
	y := &ttlTally{opts: opts, ttls: opts.ttls(), capacities: opts.capacities(largest)}
	for _, ttl := range y.ttls {
		y.seconds = append(y.seconds, ttl.Seconds())
	}
	for range y.capacities {
		y.hits = append(y.hits, make([]int64, len(y.ttls)+1))
	}
	return y
}

func (y *ttlTally) lookUp(q *request) error {
	if !q.counted || len(q.maxAges) == 0 {
		return nil
	}
	y.readLevels(q)
	for i, c := range y.capacities {
		hit, before := hitsAt(q.demand, c), int64(0)
		for _, l := range y.levels {
			upTo := min(l.tokens, hit)
			y.hits[i][l.ttl] += upTo - before
			before = upTo
		}
	}
	return nil
}

// readLevels finds the shortest TTL for each stretch of the request's chunks.
func (y *ttlTally) readLevels(q *request) {
	y.levels = y.levels[:0]
	chunks := 0
	for _, m := range q.maxAges {
		ttl, _ := slices.BinarySearch(y.seconds, m.Seconds)
		chunks += m.N
		y.levels = append(y.levels, ttlLevel{ttl, q.tokens.first(chunks)})
	}
}

func (y *ttlTally) touch(*touches) error { return nil }

func (y *ttlTally) merge(later counter) error {
	for i, hits := range later.(*ttlTally).hits {
		for j, tokens := range hits {
			y.hits[i][j] += tokens
		}
	}
	return nil
}

// report sets the results by TTL and their curve. The span of the log is already in the report.
func (y *ttlTally) report(rep *Report, end *ending) {
	c := &TTLCurve{Capacities: y.capacities, TotalTokens: end.curve.totals.tokens}
	for _, capacity := range y.capacities {
		bytes, chunks := end.curve.listed(capacity)
		c.Sizes = append(c.Sizes, Size{bytes, chunks})
	}
	sums := make([]int64, len(y.capacities))
	span, beyond := rep.Input.LastTimestamp-rep.Input.FirstTimestamp, false
	for i, ttl := range y.ttls {
		for j := range sums {
			sums[j] += y.hits[j][i]
		}
		listed := slices.Contains(y.opts.TTLs, ttl)
		if listed || !beyond {
			c.TTLs = append(c.TTLs, ttl)
			c.HitTokens = append(c.HitTokens, slices.Clone(sums))
		}
		beyond = beyond || !listed && y.seconds[i] >= span
	}
	for j := range sums {
		sums[j] += y.hits[j][len(y.ttls)]
	}
	c.Forever = sums
	rep.TTLCurve = c
	rep.TTLs = c.results(y.opts.TTLs)
}
