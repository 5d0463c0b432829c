package analyze

import (
	"slices"
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

// newStepSet returns the set of all steps of the logarithm, in both units. There are hundreds of them.
func newStepSet() *capacitySet {
	steps := newLimits(logSteps())
	steps.many = true
	return &capacitySet{chunks: steps, bytes: steps}
}
