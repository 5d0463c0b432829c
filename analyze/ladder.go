package analyze

import (
	"slices"

	"hashlog/analyze/units"
	"hashlog/sim"
)

// parts counts the hit tokens of parts of the log (windows, models), at a list of capacities that is known beforehand.
type parts interface {
	// add counts a request, whose demand is at hand, in a part.
	add(c *climb, demand []row)
	// hitTokens returns the hit tokens of a part at a capacity, which must be one of the list.
	hitTokens(c *climb, capacity units.Capacity) int64
}

// parts returns what counts parts at some capacities, or, where there are none, at those that may be chosen afterwards.
func (r *replay) parts(capacities []units.Capacity) parts {
	switch {
	case r.batched != nil:
		return r.batched.lines(capacities)
	case len(capacities) == 0:
		return powersOfTwo()
	}
	return newLadder(capacities)
}

// ladder is a set of capacities at which parts of the log (windows, models) are counted apart. The capacities of either
// unit are its rungs.
type ladder struct {
	chunks, bytes []int64 // rising, each once
}

// newLadder returns the ladder of the listed capacities. An unlimited one is a rung in chunks that every chunk ever seen
// reaches.
func newLadder(capacities []units.Capacity) *ladder {
	var l ladder
	for _, c := range capacities {
		if c.Unit == units.Bytes {
			l.bytes = append(l.bytes, c.N)
		} else {
			l.chunks = append(l.chunks, c.Limit())
		}
	}
	for _, rungs := range []*[]int64{&l.chunks, &l.bytes} {
		slices.Sort(*rungs)
		*rungs = slices.Compact(*rungs)
	}
	return &l
}

// powersOfTwo returns the ladder of all powers of two, in both units, and unlimited.
func powersOfTwo() *ladder {
	capacities := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n > 0; n <<= 1 {
		capacities = append(capacities, units.InChunks(n), units.InBytes(n))
	}
	return newLadder(capacities)
}

// tread is a rung and the tokens that hit from it on but on no lower one.
type tread struct {
	rung   int
	tokens int64
}

// climb holds the hit tokens of one part of the log, by the rung from which on they hit. Most rungs have none.
type climb struct {
	chunks, bytes []tread
}

// add counts the demand of a request.
func (l *ladder) add(c *climb, demand []row) {
	for _, r := range demand {
		c.chunks = addTreads(c.chunks, l.chunks, r.inChunks())
		if r.need.Bytes != sim.Never {
			c.bytes = addTreads(c.bytes, l.bytes, r.inBytes())
		}
	}
}

// addTreads puts a span on the rungs that its depths reach, those of one rung at a time.
func addTreads(treads []tread, rungs []int64, s span) []tread {
	for s.n > 0 {
		rung, _ := slices.BinarySearch(rungs, s.lo)
		if rung == len(rungs) {
			break
		}
		n := s.upTo(rungs[rung])
		treads = addTread(treads, tread{rung, n * s.weight})
		s.lo += n * s.step
		s.n -= n
	}
	return treads
}

func addTread(treads []tread, t tread) []tread {
	for i := range treads {
		if treads[i].rung == t.rung {
			treads[i].tokens += t.tokens
			return treads
		}
	}
	return append(treads, t)
}

// merge adds the tokens of another climb on the same ladder.
func (c *climb) merge(other climb) {
	for _, t := range other.chunks {
		c.chunks = addTread(c.chunks, t)
	}
	for _, t := range other.bytes {
		c.bytes = addTread(c.bytes, t)
	}
}

// hitTokens returns the hit tokens of a climb at a capacity, which must be one of the ladder's.
func (l *ladder) hitTokens(c *climb, capacity units.Capacity) int64 {
	treads, rungs := c.chunks, l.chunks
	if capacity.Unit == units.Bytes {
		treads, rungs = c.bytes, l.bytes
	}
	top, _ := slices.BinarySearch(rungs, capacity.Limit())
	var sum int64
	for _, t := range treads {
		if t.rung <= top {
			sum += t.tokens
		}
	}
	return sum
}
