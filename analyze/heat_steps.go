package analyze

import (
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
// capacities does; but since there are hundreds of them, a part has its tokens in a list with an element per step.
type stepSet struct{ capacitySet }

func newStepSet() *stepSet {
	steps := newLimits(logSteps())
	return &stepSet{capacitySet{chunks: steps, bytes: steps}}
}

func (s *stepSet) add(h *partHits, q *request, what quantity) {
	rows := q.rowsOf(what)
	if len(rows) == 0 {
		return
	}
	if joint := s.jointLevels(q.sizes); joint != nil {
		h.joint = joint
		for _, r := range rows {
			h.levels = joint.limits.addToAll(h.levels, r.inChunks())
		}
		return
	}
	for _, r := range rows {
		h.chunks = s.chunks.addToAll(h.chunks, r.inChunks())
		if r.need.Bytes != sim.Never {
			h.bytes = s.bytes.addToAll(h.bytes, r.inBytes())
		}
	}
}

// addToAll is addSpan for a list of hits that has an element for each limit up to the largest one reached.
func (l *limits) addToAll(hits []hitsFrom, span histogram.Span) []hitsFrom {
	for span.N > 0 {
		at := l.reach(span.Lo)
		if at == len(l.list) {
			break
		}
		n := span.UpTo(l.list[at])
		for len(hits) <= at {
			hits = append(hits, hitsFrom{capacity: len(hits)})
		}
		hits[at].tokens += n * span.Weight
		span.Lo += n * span.Step
		span.N -= n
	}
	return hits
}

// tokens returns the tokens of a part at a step.
func (s *stepSet) tokens(h *partHits, c units.Capacity) (sum int64) {
	hits, index := h.chunks, s.index(c)
	if c.Unit == units.Bytes {
		hits = h.bytes
	}
	for _, from := range hits[:min(index+1, len(hits))] {
		sum += from.tokens
	}
	for _, from := range h.levels[:min(h.joint.upTo(c.Unit, index), len(h.levels))] {
		sum += from.tokens
	}
	return sum
}
