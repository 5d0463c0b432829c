package analyze

import (
	"math"

	"hashlog/analyze/units"
)

// AtLines returns the figures of class i at the capacities of Report.Rolling, in their order. Those that the curve of the class
// can't tell must be among Report.Results: all if there is no table, and numbers of chunks if these have unlike sizes.
func (d *Division) AtLines(i int, r *Rolling) []ClassResult {
	c := d.class(i)
	if c.depths == nil {
		return d.atListed(c, withSizes(r.Lines, r.Sizes))
	}
	out := make([]ClassResult, len(r.Lines))
	curve := d.curve(c)
	for j, at := range withSizes(r.Lines, r.Sizes) {
		switch limit := at.In(curve.Unit); {
		case limit == nil && at.Unit != units.Unlimited:
			out[j] = d.atListed(c, []capacityOf{at})[0]
		case limit == nil:
			out[j] = classResult(at.Size, curve.At(math.MaxInt64))
		default:
			out[j] = classResult(at.Size, curve.At(*limit))
		}
	}
	return out
}

// withSizes joins capacities with their sizes.
func withSizes(capacities []units.Capacity, sizes []Size) []capacityOf {
	out := make([]capacityOf, len(capacities))
	for i, c := range capacities {
		out[i] = capacityOf{c, sizes[i]}
	}
	return out
}
