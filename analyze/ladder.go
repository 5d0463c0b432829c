package analyze

import (
	"math"
	"slices"

	"hashlog/sim"
)

// ladder is a set of capacities at which parts of the log (windows, models) are counted apart. The capacities of either
// unit are its rungs.
type ladder struct {
	chunks, bytes []int64 // rising, each once
}

// newLadder returns the ladder of the listed capacities. An unlimited one is a rung in chunks that every chunk ever seen
// reaches.
func newLadder(capacities []Capacity) ladder {
	var l ladder
	for _, c := range capacities {
		if c.Unit == Bytes {
			l.bytes = append(l.bytes, c.N)
		} else {
			l.chunks = append(l.chunks, chunkRung(c))
		}
	}
	for _, rungs := range []*[]int64{&l.chunks, &l.bytes} {
		slices.Sort(*rungs)
		*rungs = slices.Compact(*rungs)
	}
	return l
}

// powersOfTwo returns the ladder of all powers of two, in both units, and unlimited.
func powersOfTwo() ladder {
	capacities := []Capacity{{Unit: Unlimited}}
	for n := int64(1); n > 0; n <<= 1 {
		capacities = append(capacities, Capacity{n, Chunks}, Capacity{n, Bytes})
	}
	return newLadder(capacities)
}

func chunkRung(c Capacity) int64 {
	if c.Unit == Unlimited {
		return math.MaxInt64 - 1 // below sim.Never
	}
	return c.N
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
func (l *ladder) add(c *climb, stairs []stair) {
	for _, s := range stairs {
		c.chunks = addTread(c.chunks, l.chunks, s.demand.Chunks, s.tokens)
		if s.demand.Bytes != sim.Never {
			c.bytes = addTread(c.bytes, l.bytes, s.demand.Bytes, s.tokens)
		}
	}
}

func addTread(treads []tread, rungs []int64, demand, tokens int64) []tread {
	rung, _ := slices.BinarySearch(rungs, demand)
	if rung == len(rungs) {
		return treads
	}
	for i := range treads {
		if treads[i].rung == rung {
			treads[i].tokens += tokens
			return treads
		}
	}
	return append(treads, tread{rung, tokens})
}

// merge adds the tokens of another climb on the same ladder.
func (c *climb) merge(other climb) {
	c.chunks = mergeTreads(c.chunks, other.chunks)
	c.bytes = mergeTreads(c.bytes, other.bytes)
}

func mergeTreads(treads, others []tread) []tread {
	for _, o := range others {
		at := slices.IndexFunc(treads, func(t tread) bool { return t.rung == o.rung })
		if at < 0 {
			treads = append(treads, o)
		} else {
			treads[at].tokens += o.tokens
		}
	}
	return treads
}

// hitTokens returns the hit tokens of a climb at a capacity, which must be one of the ladder's.
func (l *ladder) hitTokens(c *climb, capacity Capacity) int64 {
	treads, rungs, n := c.chunks, l.chunks, chunkRung(capacity)
	if capacity.Unit == Bytes {
		treads, rungs, n = c.bytes, l.bytes, capacity.N
	}
	top, _ := slices.BinarySearch(rungs, n)
	var sum int64
	for _, t := range treads {
		if t.rung <= top {
			sum += t.tokens
		}
	}
	return sum
}
