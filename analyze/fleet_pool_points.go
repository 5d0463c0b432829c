package analyze

import (
	"slices"

	"hashlog/analyze/units"
)

// addPoolPoints adds the points of one cache where there is no table to take them from: at the listed capacities, and at those of
// all nodes together. They come before the points of routings.
func (r *FleetReport) addPoolPoints(o *FleetOptions) {
	if r.Table != nil {
		return
	}
	var pool []FleetPoint
	add := func(c units.Capacity, size Size, hitTokens, totalTokens int64) {
		label := c.Label()
		if slices.ContainsFunc(pool, func(p FleetPoint) bool { return p.CapacityLabel == label }) {
			return
		}
		pool = append(pool, FleetPoint{Routing: PoolRouting, Nodes: 1, NodeCapacity: size, FleetCapacity: size, CapacityLabel: label, HitTokens: hitTokens, TotalTokens: totalTokens})
	}
	for i, c := range o.Capacities {
		at := &r.Results[i]
		add(c, Size{at.CapacityBytes, at.CapacityChunks}, at.HitTokens, at.TotalTokens)
	}
	for i := range r.Pooled {
		at := &r.Pooled[i]
		add(times(o.Capacities[i%len(o.Capacities)], at.Nodes), Size{at.CapacityBytes, at.CapacityChunks}, at.HitTokens, at.TotalTokens)
	}
	r.Points = append(pool, r.Points...)
}
