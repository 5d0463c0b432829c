package analyze

import "hashlog/analyze/units"

// heatSteps is how many steps of the default grid lie between two of heat.
const heatSteps = 2

// logSteps returns every other step of the default grid (grid_steps.go): all 2^(k/4) (64 Gi, 76.1 Gi, 90.5 Gi, 108 Gi, 128 Gi),
// without duplicates.
func logSteps() []int64 { return stepsBetween(0, 63*stepsPerOctave-heatSteps, heatSteps) }

// newStepSet returns the set of all steps of the logarithm, in both units, and the largest capacity. There are hundreds of them.
func newStepSet(opts *Options) *capacitySet {
	var capacities []units.Capacity
	for _, n := range logSteps() {
		capacities = append(capacities, units.InChunks(n), units.InBytes(n))
	}
	if opts.bounded() {
		capacities = append(capacities, opts.MaxCapacity)
	}
	s := newCapacitySet(capacities)
	s.chunks.many, s.bytes.many = true, true
	return s
}
