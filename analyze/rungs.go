package analyze

import (
	"slices"

	"hashlog/analyze/units"
)

// rungs returns the capacities at which a summary counts parts of the log: all powers of two in both units, unlimited, the listed ones, and
// the largest one.
func (o *Options) rungs() *capacitySet {
	list := append(slices.Clone(o.Capacities), allPowers()...)
	if o.Rolling != nil {
		list = append(list, o.Rolling.Capacities...)
	}
	if o.bounded() {
		list = append(list, o.MaxCapacity)
	}
	return newCapacitySet(list)
}

// allPowers returns all powers of two in both units, and unlimited.
func allPowers() []units.Capacity {
	list := []units.Capacity{{Unit: units.Unlimited}}
	for n := int64(1); n > 0; n <<= 1 {
		list = append(list, units.InChunks(n), units.InBytes(n))
	}
	return list
}
