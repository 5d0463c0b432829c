package analyze

import (
	"math/bits"
	"slices"

	"hashlog/analyze/internal/histogram"
	"hashlog/analyze/units"
	"hashlog/sim"
)

// heatSteps is how many steps of the default grid lie between two of heat.
const heatSteps = 2

// logSteps returns every other step of the default grid (grid_steps.go): all 2^(k/4) (64 Gi, 76.1 Gi, 90.5 Gi, 108 Gi, 128 Gi),
// without duplicates.
func logSteps() (steps []int64) {
	for k := 0; k < 63*stepsPerOctave; k += heatSteps {
		steps = append(steps, step(k))
	}
	return slices.Compact(steps)
}

// stepAt returns the index of the first of rising steps that is at least c, or of the last one.
func stepAt(steps []int64, c int64) int {
	i, _ := slices.BinarySearch(steps, c)
	return min(i, len(steps)-1)
}

// stepUpTo returns the index of the last of rising steps that is at most c, or of the first one.
func stepUpTo(steps []int64, c int64) int {
	i, found := slices.BinarySearch(steps, c)
	if !found {
		i--
	}
	return max(i, 0)
}

// stepSet counts parts of the log at all steps of the logarithm, in both units. It counts as a [capacitySet] of these
// capacities does; but since there are hundreds of them, it finds a depth's step by the depth's number of bits, and a part
// has its tokens in a list with an element per step.
type stepSet struct {
	capacitySet
	first [65]int // index of the first step above 2^(bits−1), by number of bits
}

func newStepSet() *stepSet {
	steps := logSteps()
	s := &stepSet{capacitySet: capacitySet{chunks: steps, bytes: steps}}
	for n := 1; n < len(s.first); n++ {
		s.first[n], _ = slices.BinarySearchFunc(steps, uint64(1)<<(n-1), func(step int64, power uint64) int {
			if uint64(step) > power {
				return 1
			}
			return -1
		})
	}
	return s
}

func (s *stepSet) add(h *partHits, q *request, what quantity) {
	for _, r := range q.rowsOf(what) {
		h.chunks = s.addSpan(h.chunks, r.inChunks())
		if r.need.Bytes != sim.Never {
			h.bytes = s.addSpan(h.bytes, r.inBytes())
		}
	}
}

// addSpan adds a span to the steps that its depths reach, one step at a time.
func (s *stepSet) addSpan(hits []hitsFrom, span histogram.Span) []hitsFrom {
	for span.N > 0 {
		at := s.step(span.Lo)
		if at == len(s.chunks) {
			break
		}
		n := span.UpTo(s.chunks[at])
		for len(hits) <= at {
			hits = append(hits, hitsFrom{capacity: len(hits)})
		}
		hits[at].tokens += n * span.Weight
		span.Lo += n * span.Step
		span.N -= n
	}
	return hits
}

// step returns the index of the first step that is at least a depth ≥ 1; the number of steps if there is none.
func (s *stepSet) step(depth int64) int {
	i := s.first[bits.Len64(uint64(depth-1))]
	for i < len(s.chunks) && s.chunks[i] < depth {
		i++
	}
	return i
}

// tokens returns the tokens of a part at a step.
func (s *stepSet) tokens(h *partHits, c units.Capacity) (sum int64) {
	hits := h.chunks
	if c.Unit == units.Bytes {
		hits = h.bytes
	}
	for _, from := range hits[:min(s.step(c.Limit())+1, len(hits))] {
		sum += from.tokens
	}
	return sum
}
