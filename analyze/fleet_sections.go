package analyze

import (
	"cmp"
	"slices"
)

// FleetSection holds the figures of fleets of one number of nodes, each with a cache of one capacity.
type FleetSection struct {
	Nodes    int
	Capacity Size           // of one node
	Results  []*FleetResult // by routing
	Pool     *PooledResult  // one cache of the capacity of all nodes

	report *FleetReport
	at     int // of Capacity in FleetReport.Results
}

// NodeResult is one node at the capacity of a section.
type NodeResult struct {
	*FleetNode
	ClassResult
}

// Sections returns the figures by capacity, and for each by number of nodes, in the order asked.
func (r *FleetReport) Sections() [][]FleetSection {
	capacities := len(r.Results)
	out := make([][]FleetSection, capacities)
	for i := range r.Pooled {
		p, at := &r.Pooled[i], i%capacities
		s := FleetSection{Nodes: p.Nodes, Capacity: Size{r.Results[at].CapacityBytes, r.Results[at].CapacityChunks}, Pool: p, report: r, at: at}
		for j := at; j < len(r.Fleet); j += capacities {
			if r.Fleet[j].Nodes == p.Nodes {
				s.Results = append(s.Results, &r.Fleet[j])
			}
		}
		out[at] = append(out[at], s)
	}
	return out
}

// Best returns the routing that hits most, the first of a tie; nil if there is none.
func (s *FleetSection) Best() (best *FleetResult) {
	for _, r := range s.Results {
		if best == nil || r.HitTokens > best.HitTokens {
			best = r
		}
	}
	return best
}

// Tied reports whether there are several routings, and all hit the same.
func (s *FleetSection) Tied() bool {
	best := s.Best()
	return len(s.Results) > 1 && !slices.ContainsFunc(s.Results, func(r *FleetResult) bool { return r.HitTokens != best.HitTokens })
}

// PoolGain returns how much higher the token hit rate of the pool is than that of the nodes. It can be negative: a plain LRU
// that all requests share is not always better than several.
func (s *FleetSection) PoolGain(of *FleetResult) float64 {
	return s.Pool.TokenHitRate - of.TokenHitRate
}

// Residents sums up Copies.
type Residents struct {
	Chunks   int64 // on all nodes, a chunk on two nodes counted twice
	Distinct int64
	Single   int64 // distinct chunks on one node alone
	Most     int   // nodes that hold the chunk with the most copies
}

// Spare are the copies beyond the first of each chunk.
func (r Residents) Spare() int64 { return r.Chunks - r.Distinct }

// Several are the distinct chunks on more than one node.
func (r Residents) Several() int64 { return r.Distinct - r.Single }

// Residents sums up how many chunks are resident on how many nodes at the end.
func (r *FleetResult) Residents() (sum Residents) {
	for _, c := range r.Copies {
		sum.Chunks += int64(c.Nodes) * c.Chunks
		sum.Distinct += c.Chunks
		sum.Most = max(sum.Most, c.Nodes)
		if c.Nodes == 1 {
			sum.Single += c.Chunks
		}
	}
	return sum
}

// LargestNodes returns the nodes of a routing with the most tokens, at most n of them, the largest first. If there are no more
// than n in all, they keep their order.
func (s *FleetSection) LargestNodes(of *FleetResult, n int) []NodeResult {
	var nodes []NodeResult
	for i := range s.report.Nodes {
		node := &s.report.Nodes[i]
		if node.Nodes == of.Nodes && node.Routing == of.Routing {
			nodes = append(nodes, NodeResult{FleetNode: node})
		}
	}
	at := s.at
	if len(nodes) > s.Nodes { // they are listed once for each capacity
		nodes, at = nodes[at*s.Nodes:][:s.Nodes], 0
	}
	for i := range nodes {
		if results := nodes[i].FleetNode.Results; at < len(results) { // a node without requests has none
			nodes[i].ClassResult = results[at]
		}
	}
	if len(nodes) <= n {
		return nodes
	}
	slices.SortStableFunc(nodes, func(a, b NodeResult) int { return cmp.Compare(b.TotalTokens, a.TotalTokens) })
	return nodes[:n]
}
