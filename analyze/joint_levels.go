package analyze

import (
	"math"
	"slices"

	"hashlog/analyze/units"
)

// jointLevels are the capacities of a [capacitySet] in both units as one list. It serves while all chunks have one size: a depth in
// bytes is then a depth in chunks × size, so a request is counted once and not in each unit.
type jointLevels struct {
	of     *capacitySet
	size   int64 // bytes of a chunk
	limits limits
	// By level, the set's first capacity in a unit that reaches it, as an index into the set's list; its length if none does.
	chunks, bytes []int
}

func newJointLevels(s *capacitySet, size int64) *jointLevels {
	list := slices.Clone(s.chunks.list)
	for _, b := range s.bytes.list {
		list = append(list, b/size) // 0 if a chunk does not fit: only chunks that need no memory hit then
	}
	slices.Sort(list)
	j := &jointLevels{of: s, size: size, limits: newLimits(slices.Compact(list))}
	j.limits.many = s.chunks.many
	for _, n := range j.limits.list {
		bytes := len(s.bytes.list)
		if n <= math.MaxInt64/size {
			bytes = s.bytes.reach(n * size)
		}
		j.chunks, j.bytes = append(j.chunks, s.chunks.reach(n)), append(j.bytes, bytes)
	}
	return j
}

// apart returns hits that were counted by level as hits at the capacities of each unit.
func (j *jointLevels) apart(levels []hitsFrom) (chunks, bytes []hitsFrom) {
	for _, l := range levels {
		if at := j.chunks[l.capacity]; at < len(j.of.chunks.list) {
			chunks = j.of.chunks.add(chunks, hitsFrom{at, l.tokens})
		}
		if at := j.bytes[l.capacity]; at < len(j.of.bytes.list) {
			bytes = j.of.bytes.add(bytes, hitsFrom{at, l.tokens})
		}
	}
	return chunks, bytes
}

// upTo returns how many levels a capacity reaches: the one with an index in the set's list of its unit. It is 0 for nil.
func (j *jointLevels) upTo(unit units.Unit, index int) int {
	if j == nil {
		return 0
	}
	reached := j.chunks
	if unit == units.Bytes {
		reached = j.bytes
	}
	n, _ := slices.BinarySearch(reached, index+1)
	return n
}
