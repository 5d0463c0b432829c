package policy

import (
	"math"
	"math/bits"
	"slices"
)

// measure says how large a cache and intervals are, in a unit of its own.
type measure struct {
	room  int64
	sizes []int64 // by kind; 0: intervals that fit no cache of this capacity
}

// measureOf returns the measure of a capacity: in chunks, or in bytes by o.unit.
func (o *Optimum) measureOf(c Capacity) measure {
	m := measure{c.N, make([]int64, len(o.kinds))}
	for i, k := range o.kinds {
		m.sizes[i] = 1
		if c.InBytes {
			m.room = c.N / o.unit
			m.sizes[i] = k.size / o.unit
		}
		if m.sizes[i] > m.room {
			m.sizes[i] = 0
		}
	}
	return m
}

// inSmallest returns a measure of m in which all sizes are 1: at most so many of the smallest fit.
func (m measure) inSmallest() measure {
	smallest, ones := int64(math.MaxInt64), make([]int64, len(m.sizes))
	for i, size := range m.sizes {
		if size > 0 {
			ones[i] = 1
			smallest = min(smallest, size)
		}
	}
	return measure{m.room / smallest, ones}
}

// isUniform reports whether all sizes are 1.
func (m measure) isUniform() bool {
	return !slices.ContainsFunc(m.sizes, func(size int64) bool { return size > 1 })
}

// addsUp reports whether the sum of the sizes of all intervals is below 2⁶³.
func (o *Optimum) addsUp(m measure) bool {
	sum := uint64(0)
	for i, k := range o.kinds {
		high, low := bits.Mul64(uint64(k.n), uint64(m.sizes[i]))
		if sum += low; high > 0 || low > math.MaxInt64 || sum > math.MaxInt64 {
			return false
		}
	}
	return true
}
