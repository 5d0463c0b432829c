package analyze

import (
	"math"
	"slices"

	"hashlog/analyze/units"
)

// report builds the report.
func (f *fleet) report(p *passed) (*FleetReport, error) {
	pool, err := f.pool.report(p)
	if err != nil {
		return nil, err
	}
	listed := len(f.opts.Capacities)
	out := &FleetReport{Report: pool}
	pooled := pool.Results[listed:]
	pool.Results = pool.Results[:listed]
	f.addPool(out)
	f.addPooled(out, pooled)
	for i := range f.dealt {
		if err := f.add(out, &f.dealt[i], p); err != nil {
			return nil, err
		}
	}
	out.describe(f.opts)
	return out, nil
}

// add adds the figures of a way to deal requests.
func (f *fleet) add(out *FleetReport, d *dealt, p *passed) error {
	report, err := d.replay.report(p)
	if err != nil {
		return err
	}
	nodes := f.nodes(d, report.By[0])
	out.Nodes = append(out.Nodes, nodes...)
	out.curves = append(out.curves, nodeCurves{nodes: nodes, by: report.By[0], table: report.Table != nil})
	windows := d.replay.sharedWindows(d, report.By[0].results)
	if windows != nil {
		out.shared = append(out.shared, *windows)
	}
	copies := d.replay.copies()
	for i := range d.listed {
		result := f.result(d, i, report, nodes, out.Report, windows)
		result.Copies = copies[i]
		out.Fleet = append(out.Fleet, result)
	}
	f.addPoints(out, d, report)
	return nil
}

// result returns the figures at one of the capacities that a way to deal covers.
func (f *fleet) result(d *dealt, i int, report *Report, nodes []FleetNode, pool *Report, windows *sharedWindows) FleetResult {
	r := &report.Results[i]
	c := d.replay.opts.Capacities[i]
	out := FleetResult{Nodes: d.nodes, Routing: d.routing, CapacityBytes: r.CapacityBytes, CapacityChunks: r.CapacityChunks,
		HitTokens: r.HitTokens, TotalTokens: r.TotalTokens, TokenHitRate: r.TokenHitRate, MissTokens: FleetMissTokens{MissTokens: r.MissTokens},
		ChunkHits: r.ChunkHits, ChunkLookups: r.ChunkLookups, Evictions: *r.Evictions, ResidentChunks: *r.ResidentChunks,
		LoadImbalance: imbalance(nodes)}
	if e := d.replay.elsewhere; e != nil {
		out.MissTokens.subtract(&e.sums[i])
	}
	if s := d.replay.shared; s != nil {
		out.SharedTokens = &s.tokens(curveIn(c, report), []int64{c.Limit()})[0]
		tier := s.reads.result(i, curveIn(s.capacity, report), d.replay.sizes.known, windows.list)
		out.SharedTier = &tier
	}
	if d.replay.caches == nil {
		if capacity, ok := pool.Curve.Reach(r.HitTokens); ok {
			out.PoolBytes, out.PoolChunks = pool.Curve.both(capacity)
		}
	}
	return out
}

// sharedWindows returns the windows of the shared tier; nil if there is none. behind are the capacities of a node.
func (r *replay) sharedWindows(d *dealt, behind []capacityOf) *sharedWindows {
	if r.shared == nil {
		return nil
	}
	list := r.shared.reads.list(r.sizes.known) // may lengthen the windows
	return &sharedWindows{nodes: d.nodes, routing: d.routing, behind: behind, list: list, length: r.shared.reads.windows.Length()}
}

// curveIn returns a report's curve in the unit of a capacity.
func curveIn(c units.Capacity, r *Report) *Curve {
	if c.Unit == units.Bytes {
		return r.Curve
	}
	return r.chunkCurve
}

// subtract takes Elsewhere out of the other kinds.
func (m *FleetMissTokens) subtract(taken *FleetMissTokens) {
	m.Elsewhere = taken.Elsewhere
	m.Cold -= taken.Cold
	m.Capacity -= taken.Capacity
	m.BrokenPrefix -= taken.BrokenPrefix
	if m.Expired != nil {
		left := *m.Expired - *taken.Expired
		m.Expired = &left
	}
}

// nodes returns the nodes of a way to deal, those without requests too, which hit nothing at any capacity.
func (f *fleet) nodes(d *dealt, by *Division) []FleetNode {
	out := make([]FleetNode, d.nodes)
	var all int64
	for i, name := range f.names(d.nodes) {
		out[i] = FleetNode{Nodes: d.nodes, Routing: d.routing, Node: name, Results: []ClassResult{}}
	}
	for i := range by.Len() {
		class, n := by.Class(i), &out[by.numbers[i]]
		n.Requests, n.TotalTokens, n.Results = class.Requests, class.TotalTokens, class.Results
		all += class.TotalTokens
	}
	for i := range out {
		out[i].LoadShare = Rate(out[i].TotalTokens, all)
		if out[i].Requests == 0 && by.Len() > 0 {
			out[i].Results = nothingHit(by.Class(0).Results)
		}
	}
	return out
}

// nothingHit returns results of no requests, at the capacities of others.
func nothingHit(like []ClassResult) []ClassResult {
	out := make([]ClassResult, len(like))
	for i, r := range like {
		out[i] = ClassResult{CapacityBytes: r.CapacityBytes, CapacityChunks: r.CapacityChunks}
		if r.MissTokens.Expired != nil {
			out[i].MissTokens.Expired = new(int64)
		}
	}
	return out
}

// imbalance returns the largest share of the load, divided by the mean.
func imbalance(nodes []FleetNode) (most float64) {
	for _, n := range nodes {
		most = max(most, n.LoadShare)
	}
	return most * float64(len(nodes))
}

// pooledCapacities returns the capacities of all nodes together, by number of nodes.
func (f *fleet) pooledCapacities(nodes []int) (list []units.Capacity) {
	for _, n := range nodes {
		for _, c := range f.opts.Capacities {
			list = append(list, times(c, n))
		}
	}
	return list
}

// times returns n times a capacity; an unlimited one if that is more than an int64 holds.
func times(c units.Capacity, n int) units.Capacity {
	if c.Unit == units.Unlimited || c.N > math.MaxInt64/int64(n) {
		return units.Capacity{Unit: units.Unlimited}
	}
	c.N *= int64(n)
	return c
}

// addPooled adds one cache of the capacity of all nodes, for each number of nodes and capacity.
func (f *fleet) addPooled(out *FleetReport, results []Result) {
	nodes := f.opts.Nodes
	if f.sources != nil {
		nodes = []int{len(f.sources)}
	}
	for i := range results {
		r := &results[i]
		out.Pooled = append(out.Pooled, PooledResult{Nodes: nodes[i/len(f.opts.Capacities)], CapacityBytes: r.CapacityBytes, CapacityChunks: r.CapacityChunks,
			HitTokens: r.HitTokens, TotalTokens: r.TotalTokens, TokenHitRate: r.TokenHitRate, MissTokens: r.MissTokens})
	}
}

// addPool adds the points of one cache.
func (f *fleet) addPool(out *FleetReport) {
	r := out.Report
	if r.Table == nil {
		return
	}
	for i, c := range r.Table.Capacities {
		size := r.Table.Sizes[i]
		out.Points = append(out.Points, FleetPoint{Routing: PoolRouting, Nodes: 1, NodeCapacity: size, FleetCapacity: size,
			CapacityLabel: units.Capacity{N: c, Unit: r.Table.Unit}.Label(), HitTokens: r.Table.Figures[i].HitTokens,
			TotalTokens: r.Table.Figures[i].TotalTokens, Exact: r.Table.Exact})
	}
}

// addPoints adds the points of a way to deal: those of its table or, if it has none, those of the listed capacities.
func (f *fleet) addPoints(out *FleetReport, d *dealt, r *Report) {
	var capacities []units.Capacity
	var hits []int64
	if r.Table != nil {
		capacities = r.Table.listed()
		for i := range r.Table.Figures {
			hits = append(hits, r.Table.Figures[i].HitTokens)
		}
	} else {
		capacities = d.replay.opts.Capacities
		for i := range r.Results {
			hits = append(hits, r.Results[i].HitTokens)
		}
	}
	for i, c := range capacities {
		if r.Table == nil && out.hasPoint(d, c) {
			continue // a capacity that is listed twice
		}
		p := FleetPoint{Routing: d.routing, Nodes: d.nodes, NodeCapacity: inBoth(r.Curve, c), FleetCapacity: inBoth(r.Curve, times(c, d.nodes)),
			CapacityLabel: c.Label(), HitTokens: hits[i], TotalTokens: r.Curve.totals.tokens, Exact: r.Table != nil}
		if s := d.replay.shared; s != nil {
			p.SharedTokens = &s.tokens(curveIn(c, r), []int64{c.Limit()})[0]
		}
		out.Points = append(out.Points, p)
	}
}

// hasPoint reports whether there is a point of a way to deal at a capacity.
func (r *FleetReport) hasPoint(d *dealt, c units.Capacity) bool {
	label := c.Label()
	return slices.ContainsFunc(r.Points, func(p FleetPoint) bool {
		return p.Routing == d.routing && p.Nodes == d.nodes && p.CapacityLabel == label
	})
}

// inBoth returns a capacity in both units.
func inBoth(v *Curve, c units.Capacity) Size {
	bytes, chunks := v.listed(c)
	return Size{bytes, chunks}
}
